//! OAuth applications. Signing in with them is in `sign_ins`.

use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{authorization::Refusal, provider::Provider, sign_in_way::OfferedWay};

use super::{accounts::Secret, error::ApiError};

/// A provider that signs in by OAuth, and Tocsin's application there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderApplication {
    /// The provider.
    pub provider: Provider,
    /// The application, once it is saved.
    pub application: Option<Application>,
    /// The redirect URI to register, by the address that the reader came by.
    pub redirect_uri: String,
    /// The redirect URI to register beside it, for the way in which the reader pastes where the sign-in ended.
    pub loopback_uri: String,
    /// The ways to sign in; none where the provider has no sign-in by OAuth.
    pub ways: Vec<OfferedWay>,
}

/// A saved OAuth application. Its secret stays on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The client id.
    pub client_id: String,
    /// Whether there is a secret.
    pub secret: SecretState,
    /// When the secret ends, if somebody noted it.
    pub secret_ends_at: Option<Timestamp>,
    /// The provider's no to the application, if it said so.
    pub refusal: Option<Refusal>,
}

/// Whether a secret is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretState {
    /// It is.
    Saved,
    /// It is not.
    Missing,
}

/// All providers, in the order in which they are offered, with their OAuth applications.
#[server(endpoint = "providers")]
pub async fn providers() -> Result<Vec<ProviderApplication>, ApiError> {
    ssr::answer(ssr::providers().await)
}

/// One provider that signs in by OAuth.
#[server(endpoint = "oauth/application")]
pub async fn application_of(key: String) -> Result<ProviderApplication, ApiError> {
    ssr::answer(ssr::provider_application(&key).await)
}

/// Saves an OAuth application. An empty secret keeps the one that is saved.
#[server(endpoint = "oauth/save")]
pub async fn save_application(
    key: String,
    client_id: String,
    client_secret: Secret,
    #[server(default)] secret_ends: String,
) -> Result<(), ApiError> {
    ssr::answer(ssr::save(&key, client_id, client_secret, secret_ends).await)
}

/// Asks the provider whether it takes the application.
#[server(endpoint = "oauth/check")]
pub async fn check_application(key: String) -> Result<(), ApiError> {
    ssr::answer(ssr::check(&key).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use jiff::Timestamp;
    use leptos_axum::redirect;
    use secrecy::{ExposeSecret as _, SecretString};
    use tocsin_domain::provider::Provider;
    use tocsin_engine::{
        oauth::{Probed, Unprobed, loopback_uri, ways},
        oauth_applications::{ClientSecretState, OAuthApplication, OAuthApplicationSettings, redirect_uri},
    };
    use url::Url;

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        accounts::Secret,
        error::ApiError,
        oauth::{Application, ProviderApplication, SecretState},
        visit::{engine, signed_in, visit, who},
    };

    pub(super) async fn providers() -> Result<Vec<ProviderApplication>, ApiError> {
        signed_in()?;
        let base = visit()?.base;
        let engine = engine();
        let applications = engine.oauth.applications().list().await?;
        let with_application = |provider: &Provider| {
            let mut applications = applications.iter();
            let application = applications.find(|application| application.provider == provider.key);
            describe(provider, application, &base)
        };
        Ok(engine.providers.all().iter().map(with_application).collect())
    }

    pub(super) async fn provider_application(key: &str) -> Result<ProviderApplication, ApiError> {
        let providers = providers().await?;
        providers
            .into_iter()
            .find(|found| found.provider.key.as_str() == key && found.provider.oauth.is_some())
            .ok_or_else(|| ApiError::gone("there is no provider of this name that signs in by OAuth"))
    }

    fn describe(
        provider: &Provider,
        application: Option<&OAuthApplication>,
        base: &Url,
    ) -> ProviderApplication {
        ProviderApplication {
            provider: provider.clone(),
            application: application.map(|application| Application {
                client_id: application.client_id.clone(),
                secret: match application.secret {
                    ClientSecretState::Set => SecretState::Saved,
                    ClientSecretState::None => SecretState::Missing,
                },
                secret_ends_at: application.secret_ends_at,
                refusal: application.refusal.clone(),
            }),
            redirect_uri: redirect_uri(base).into(),
            loopback_uri: provider
                .oauth
                .as_ref()
                .map(|oauth| loopback_uri(oauth.family).into())
                .unwrap_or_default(),
            ways: provider
                .oauth
                .as_ref()
                .map(|oauth| ways(base, oauth))
                .unwrap_or_default(),
        }
    }

    pub(super) async fn save(
        key: &str,
        client_id: String,
        client_secret: Secret,
        secret_ends: String,
    ) -> Result<(), ApiError> {
        let who = who()?;
        let provider = provider_application(key).await?.provider;
        let secret = client_secret.reveal();
        let secret = SecretString::from(secret.expose_secret().trim());
        let saved = async {
            let settings = OAuthApplicationSettings {
                client_id: &client_id,
                secret: (!secret.expose_secret().is_empty()).then_some(&secret),
                secret_ends_at: day(&secret_ends)?,
            };
            engine()
                .save_oauth_application(&provider.key, &settings, &who)
                .await?;
            Ok(())
        };
        let typed = [
            ("client_id", client_id.clone()),
            ("secret_ends", secret_ends.clone()),
        ];
        saved.await.map_err(|error: ApiError| error.with_typed(typed))?;
        redirect(&format!("/settings/oauth/{key}?done=saved"));
        Ok(())
    }

    /// A day as a person writes it, taken as its begin in UTC; empty where nothing is noted.
    fn day(text: &str) -> Result<Option<Timestamp>, ApiError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let day: Option<jiff::civil::Date> = text.trim().parse().ok();
        day.and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|begin| Some(begin.timestamp()))
            .ok_or_else(|| {
                let words = "write the day as the provider shows it, year first: 2027-03-31";
                ApiError::field("secret_ends", words)
            })
    }

    pub(super) async fn check(key: &str) -> Result<(), ApiError> {
        who()?;
        let provider = provider_application(key).await?.provider;
        let name = &provider.name;
        let found = match engine().oauth.probe(&provider.key).await? {
            Probed::Accepted => "accepted",
            Probed::Known => "known",
            Probed::Refused(failed) => {
                return Err(ApiError::input(format!(
                    "{name} refuses the OAuth application. {failed}. Check client ID and client secret, and save \
                     them again"
                )));
            }
            Probed::Unsure(Unprobed::NoAnswer(words)) => {
                return Err(ApiError::input(format!(
                    "{name} could not be asked, so nothing is known. It said: {words}. Check that this machine \
                     reaches the internet, then try again"
                )));
            }
            Probed::Unsure(Unprobed::Unclear(words)) => {
                return Err(ApiError::input(format!(
                    "the answer of {name} says nothing of the OAuth application. It said: {words}. A sign-in will \
                     show whether it serves"
                )));
            }
        };
        redirect(&format!("/settings/oauth/{key}?done={found}"));
        Ok(())
    }
}
