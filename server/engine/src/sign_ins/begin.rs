//! The beginning of a sign-in, in one of the three ways.

use super::error::FinishError;
use crate::audit::Who;
use crate::engine::Engine;
use crate::oauth::{Begin, BeginDevice, PasteId, Purpose, SessionHash, loopback_uri};
use crate::oauth_applications::redirect_uri;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, DeviceSignInId};
use tocsin_domain::provider::{OAuthFamily, ProviderKey};
use tocsin_domain::sign_in_way::Way;
use url::Url;

/// A sign-in to begin.
#[derive(Debug)]
pub struct NewSignIn<'a> {
    /// How.
    pub way: Way,
    /// Who begins, and alone may finish it.
    pub session: &'a SessionHash,
    /// In whose name it is carried out.
    pub who: &'a Who,
    /// The address by which browsers and providers reach Tocsin.
    pub base: &'a Url,
}

/// A sign-in that was begun, and where to go next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// To the provider's page, which sends the browser back to `/oauth/callback`.
    Redirect(Url),
    /// To the page that shows the code.
    DeviceCode(DeviceSignInId),
    /// To the page that takes the pasted address.
    Paste(PasteId),
}

impl Engine {
    /// Begins the sign-in of a mailbox for a new account.
    pub async fn begin_adding(
        &self,
        provider: &ProviderKey,
        draft: crate::oauth::Draft,
        hint: Option<&EmailAddress>,
        new: &NewSignIn<'_>,
    ) -> Result<Begun, FinishError> {
        self.begin_sign_in(provider, Purpose::Add(draft), hint, new).await
    }

    /// Begins the sign-in by which an account is authorized again.
    pub async fn begin_reauthorizing(
        &self,
        account: AccountId,
        new: &NewSignIn<'_>,
    ) -> Result<Begun, FinishError> {
        let settings = self.store.account(account).await?.settings;
        let purpose = Purpose::Reauthorize(account);
        self.begin_sign_in(&settings.provider, purpose, Some(&settings.address), new)
            .await
    }

    /// Begins the sign-in by which a Custom account becomes one of a provider.
    pub async fn begin_converting(
        &self,
        account: AccountId,
        to: &ProviderKey,
        new: &NewSignIn<'_>,
    ) -> Result<Begun, FinishError> {
        let settings = self.store.account(account).await?.settings;
        if !self
            .providers
            .convertible(&settings)
            .iter()
            .any(|found| found.key == *to)
        {
            return Err(FinishError::NotConvertible(account));
        }
        let purpose = Purpose::Convert(account);
        self.begin_sign_in(to, purpose, Some(&settings.address), new)
            .await
    }

    /// Begins a sign-in for any purpose.
    pub(crate) async fn begin_sign_in(
        &self,
        provider: &ProviderKey,
        purpose: Purpose,
        hint: Option<&EmailAddress>,
        new: &NewSignIn<'_>,
    ) -> Result<Begun, FinishError> {
        let begin = |purpose, redirect_uri| Begin {
            provider,
            purpose,
            hint,
            session: new.session,
            redirect_uri,
        };
        Ok(match new.way {
            Way::Redirect => {
                let begin = begin(purpose, redirect_uri(new.base));
                Begun::Redirect(self.oauth.begin(begin).await?)
            }
            Way::Paste => {
                let begin = begin(purpose, loopback_uri(self.family(provider)));
                Begun::Paste(self.oauth.begin_paste(begin).await?)
            }
            Way::DeviceCode => {
                let begin = BeginDevice {
                    provider,
                    purpose,
                    session: new.session,
                    who: new.who,
                };
                let id = self.oauth.begin_device(begin).await?;
                self.device_wake.notify_one();
                Begun::DeviceCode(id)
            }
        })
    }

    /// Whose sign-in page; a preset that is gone is found out by who asks the provider.
    fn family(&self, provider: &ProviderKey) -> OAuthFamily {
        let oauth = self
            .providers
            .get(provider)
            .and_then(|found| found.oauth.as_ref());
        oauth.map_or(OAuthFamily::Google, |oauth| oauth.family)
    }
}
