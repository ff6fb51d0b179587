//! As whom Tocsin asks a provider, and whether the provider still takes that.

use super::{Failed, OAuthClient, OAuthError, TokenError};
use crate::oauth_applications::{ClientCredentials, OAuthApplicationError};
use crate::time::now;
use tocsin_domain::authorization::Refusal;
use tocsin_domain::provider::{OAuth, Provider, ProviderKey};

impl OAuthClient {
    /// The provider, its endpoints, and the OAuth application that asks there.
    pub(super) async fn asked_as(
        &self,
        key: &ProviderKey,
    ) -> Result<(&Provider, &OAuth, ClientCredentials), TokenError> {
        let missing = || TokenError::NoApplication(key.to_string());
        let provider = self.providers.get(key).ok_or_else(missing)?;
        let oauth = provider.oauth.as_ref().ok_or_else(missing)?;
        let credentials = self.applications.credentials(key).await?;
        let credentials = credentials.ok_or_else(|| TokenError::NoApplication(provider.name.clone()))?;
        Ok((provider, oauth, credentials))
    }

    /// Writes down whether the provider takes the OAuth application. Where that cannot be stored, the next
    /// exchange tries again.
    pub(super) async fn note_health(
        &self,
        provider: &ProviderKey,
        credentials: &ClientCredentials,
        failed: Option<&Failed>,
    ) {
        let noted = match failed {
            None => self.applications.accepted(provider, credentials).await,
            Some(failed) if failed.verdict.concerns_application() => {
                let refusal = Refusal {
                    since: now(),
                    meaning: failed.verdict.meaning,
                    words: failed.words.clone(),
                };
                self.applications.refused(provider, credentials, &refusal).await
            }
            Some(_) => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(%provider, %error, "the OAuth application's health could not be stored");
        }
    }

    pub(super) fn oauth_of(&self, key: &ProviderKey) -> Result<(&Provider, &OAuth), OAuthError> {
        self.providers
            .get(key)
            .and_then(|provider| Some((provider, provider.oauth.as_ref()?)))
            .ok_or_else(|| OAuthError::NotOffered(key.to_string()))
    }

    pub(super) async fn credentials_of(&self, provider: &Provider) -> Result<ClientCredentials, OAuthError> {
        match self.applications.credentials(&provider.key).await {
            Ok(Some(credentials)) => Ok(credentials),
            Ok(None) | Err(OAuthApplicationError::ClientId(_)) => {
                Err(OAuthError::NoApplication(provider.name.clone()))
            }
            Err(OAuthApplicationError::Store(error)) => Err(error.into()),
            Err(OAuthApplicationError::Vault(error)) => Err(error.into()),
        }
    }
}
