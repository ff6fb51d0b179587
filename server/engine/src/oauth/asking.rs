//! As whom Tocsin asks a provider, and whether the provider still takes that.

use super::{Failed, OAuthClient, OAuthError, TokenError};
use crate::oauth_applications::{ClientCredentials, CredentialsError};
use crate::time::now;
use tocsin_domain::authorization::Refusal;
use tocsin_domain::provider::{OAuth, Provider, ProviderKey};

/// Why a provider cannot be asked at all.
#[derive(Debug)]
pub(super) enum CannotAsk {
    /// The preset is gone, or has no sign-in by OAuth.
    NotOffered(String),
    /// There is no OAuth application for it.
    NoApplication(String),
    /// The application cannot be read.
    Unreadable(CredentialsError),
}

impl From<CredentialsError> for CannotAsk {
    fn from(error: CredentialsError) -> Self {
        Self::Unreadable(error)
    }
}

impl From<CannotAsk> for OAuthError {
    fn from(error: CannotAsk) -> Self {
        match error {
            CannotAsk::NotOffered(name) => Self::NotOffered(name),
            CannotAsk::NoApplication(name) => Self::NoApplication(name),
            CannotAsk::Unreadable(CredentialsError::Store(error)) => Self::Store(error),
            CannotAsk::Unreadable(CredentialsError::Vault(error)) => Self::Vault(error),
        }
    }
}

impl From<CannotAsk> for TokenError {
    fn from(error: CannotAsk) -> Self {
        match error {
            CannotAsk::NotOffered(name) | CannotAsk::NoApplication(name) => Self::NoApplication(name),
            CannotAsk::Unreadable(error) => Self::Local(error.to_string()),
        }
    }
}

impl OAuthClient {
    /// The provider, its endpoints, and the OAuth application that asks there.
    pub(super) async fn asked_as(
        &self,
        key: &ProviderKey,
    ) -> Result<(&Provider, &OAuth, ClientCredentials), CannotAsk> {
        let (provider, oauth) = self
            .providers
            .get(key)
            .and_then(|provider| Some((provider, provider.oauth.as_ref()?)))
            .ok_or_else(|| CannotAsk::NotOffered(key.to_string()))?;
        let credentials = self.applications.credentials(key).await?;
        let credentials = credentials.ok_or_else(|| CannotAsk::NoApplication(provider.name.clone()))?;
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
}
