//! The way in which the reader pastes the browser's way back: RFC 8252 section 7.3, with a person in the place of
//! the listening program.

use super::flow::{Prepared, hash, place, row};
use super::pasted::{self, PasteError};
use super::{Begin, Granted, OAuthClient, OAuthError, Purpose, SessionHash};
use crate::store::{OAuthFlow, StoreError};
use crate::time::now;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use std::fmt;
use std::str::FromStr;
use tocsin_domain::provider::ProviderKey;
use url::Url;

/// Names a sign-in whose end is pasted: the hash of its `state`, no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasteId(Vec<u8>);

impl fmt::Display for PasteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&row(&self.0))
    }
}

impl FromStr for PasteId {
    type Err = OAuthError;

    fn from_str(text: &str) -> Result<Self, OAuthError> {
        let hash = URL_SAFE_NO_PAD.decode(text);
        hash.map(Self).map_err(|_| OAuthError::UnknownState)
    }
}

/// A sign-in whose end is pasted, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasting {
    /// The provider.
    pub provider: ProviderKey,
    /// What it is for.
    pub purpose: Purpose,
    /// The provider's page, to be opened by a link.
    pub sign_in_url: Url,
    /// With what the address begins at which it ends.
    pub redirect_uri: String,
    /// When it can no longer be finished.
    pub expires_at: Timestamp,
}

impl OAuthClient {
    /// Begins a sign-in whose end is pasted.
    pub async fn begin_paste(&self, begin: Begin<'_>) -> Result<PasteId, OAuthError> {
        let Prepared { url, mut flow } = self.prepare(begin).await?;
        let sealed = self
            .vault
            .seal(place("sign_in_url", &row(&flow.state_hash)), &url.as_str().into());
        flow.sign_in_url = Some(sealed);
        self.keep(&flow).await?;
        Ok(PasteId(flow.state_hash))
    }

    /// What the page of such a sign-in shows, to who began it.
    pub async fn pasting(&self, id: &PasteId, session: &SessionHash) -> Result<Pasting, OAuthError> {
        let flow = self.begun_paste(id, session).await?;
        let row = row(&flow.state_hash);
        let sealed = flow.sign_in_url.ok_or(OAuthError::UnknownState)?;
        let url = self.vault.open(place("sign_in_url", &row), &sealed)?;
        Ok(Pasting {
            purpose: serde_json::from_str(&flow.purpose).map_err(StoreError::from)?,
            sign_in_url: Url::parse(url.expose_secret())
                .map_err(|error| StoreError::Unreadable(error.to_string()))?,
            provider: flow.provider,
            redirect_uri: flow.redirect_uri,
            expires_at: flow.expires_at,
        })
    }

    /// Finishes a sign-in by what was pasted. Where that is not the end of this very sign-in, nothing is used up.
    pub async fn finish_pasted(
        &self,
        id: &PasteId,
        text: &str,
        session: &SessionHash,
    ) -> Result<Granted, OAuthError> {
        let flow = self.begun_paste(id, session).await?;
        let (_, oauth, _) = self.asked_as(&flow.provider).await?;
        let redirect_uri =
            Url::parse(&flow.redirect_uri).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let pasted = pasted::read(text, &redirect_uri, &oauth.endpoints.authorize)?;
        let state_hash = hash(&pasted.state);
        if state_hash != flow.state_hash {
            return Err(match self.store.oauth_flow_used_at(&state_hash).await? {
                Some(_) => OAuthError::Used,
                None => PasteError::OtherSignIn.into(),
            });
        }
        self.finish(&pasted.state, pasted.returned, session).await
    }

    async fn begun_paste(&self, id: &PasteId, session: &SessionHash) -> Result<OAuthFlow, OAuthError> {
        let Some(flow) = self.store.oauth_flow(&id.0).await? else {
            return Err(self.unknown_or_used(&id.0).await?);
        };
        if flow.session_hash != session.0 {
            return Err(OAuthError::OtherSession);
        }
        if flow.expires_at <= now() {
            return Err(OAuthError::Expired);
        }
        Ok(flow)
    }
}
