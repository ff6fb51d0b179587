//! Whether a provider takes an OAuth application, before anybody signs in with it.
//!
//! The token endpoint is asked to refresh a token that never was. It must look at who asks before it looks at the
//! token (RFC 6749 section 3.2.1): `invalid_grant` then tells that it took the application, `invalid_client` that it
//! did not.

use super::device::error_of;
use super::exchange::secret;
use super::{Failed, OAuthClient, OAuthError};
use tocsin_domain::failure::Meaning;
use tocsin_domain::provider::{OAuthFamily, ProviderKey};

/// A token that no provider ever gave.
const NO_TOKEN: &str = "tocsin-asks-whether-this-application-is-known";

/// What the provider says of an OAuth application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probed {
    /// It takes the client id and the secret, or lack of one.
    Accepted,
    /// It knows the client id; whether it looked at the secret is not certain: Microsoft may refuse the made-up
    /// token first.
    Known,
    /// It refuses the application; its words.
    Refused(Failed),
    /// It did not say.
    Unsure(Unprobed),
}

/// Why nothing is known of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unprobed {
    /// No answer, or none that a token endpoint gives; in words.
    NoAnswer(String),
    /// An answer that says nothing of the application; in words.
    Unclear(String),
}

impl OAuthClient {
    /// Asks a provider whether it takes its OAuth application.
    pub async fn probe(&self, key: &ProviderKey) -> Result<Probed, OAuthError> {
        let (provider, oauth, credentials) = self.asked_as(key).await?;
        let form = vec![("grant_type", "refresh_token"), ("refresh_token", NO_TOKEN)];
        let answer = match self.ask(&oauth.endpoints.token, &credentials, form).await {
            Ok(answer) => answer,
            Err(unanswered) => return Ok(Probed::Unsure(Unprobed::NoAnswer(unanswered.to_string()))),
        };
        let failed = Failed::of_answer(provider.key.as_str(), &answer, &[secret(&credentials)]);
        let error = error_of(&answer);
        let probed = match (error.as_deref(), oauth.family) {
            (None, _) => Probed::Unsure(Unprobed::NoAnswer(failed.words)),
            (Some("invalid_grant"), OAuthFamily::Google) => Probed::Accepted,
            (Some("invalid_grant"), OAuthFamily::Microsoft) => Probed::Known,
            // The made-up token may make the request a wrong one: that says nothing of the application.
            _ if failed.verdict.concerns_application()
                && failed.verdict.meaning != Meaning::OAuthRequestRefused =>
            {
                Probed::Refused(failed)
            }
            _ => Probed::Unsure(Unprobed::Unclear(failed.words)),
        };
        match &probed {
            Probed::Accepted => self.note_health(key, &credentials, None).await,
            Probed::Refused(failed) => self.note_health(key, &credentials, Some(failed)).await,
            Probed::Known | Probed::Unsure(_) => {}
        }
        Ok(probed)
    }
}
