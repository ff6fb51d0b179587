//! OAuth applications, and signing in at a provider: to add a mailbox, or to authorize one again.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{authorization::Refusal, id::AccountId, provider::Provider};

use super::error::ApiError;

/// Where a provider sends the browser back.
pub const CALLBACK: &str = "/oauth/callback";

/// A provider that signs in by OAuth, and Tocsin's application there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderApplication {
    /// The provider.
    pub provider: Provider,
    /// The application, once it is saved.
    pub application: Option<Application>,
    /// The redirect URI to register, by the address that the reader came by.
    pub redirect_uri: String,
    /// Whether providers take that address.
    pub reach: Reach,
}

/// A saved OAuth application. Its secret stays on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The client id.
    pub client_id: String,
    /// Whether there is a secret.
    pub secret: SecretState,
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

/// Whether Google and Microsoft take a redirect URI: https on a public name, or this machine itself.
/// <https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation>,
/// <https://learn.microsoft.com/entra/identity-platform/reply-url>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// They take it.
    Accepted,
    /// http, and not this machine itself.
    NeedsHttps,
    /// An IP address, or a name that is no public one.
    NeedsPublicName,
}

/// Why a sign-in at a provider changed nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignInFailed {
    /// What happened and what to do.
    pub error: ApiError,
    /// The account that it is about, if there is one.
    pub account: Option<AccountId>,
}

/// What adding a mailbox by its provider's sign-in begins with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AddForm {
    /// The provider's key.
    pub provider: String,
    /// The name of the mails' `From`.
    pub sender_name: String,
    /// Who is asked to re-authorize.
    pub owner: String,
    /// Anything: the account sends for rules that have no sender.
    pub default: String,
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
pub async fn save_application(key: String, client_id: String, client_secret: String) -> Result<(), ApiError> {
    ssr::answer(ssr::save(&key, client_id, client_secret).await)
}

/// Begins the sign-in of a new mailbox, and goes to the provider's page.
#[server(endpoint = "oauth/add")]
pub async fn begin_add(form: AddForm) -> Result<(), ApiError> {
    ssr::answer(ssr::begin_add(form).await)
}

/// Begins the sign-in of a mailbox whose authorization has expired, and goes to the provider's page.
#[server(endpoint = "oauth/reauthorize")]
pub async fn begin_reauthorize(id: AccountId) -> Result<(), ApiError> {
    ssr::answer(ssr::begin_reauthorize(id).await)
}

/// Why the sign-in that just came back changed nothing; nothing for who opens that page by hand.
#[server(endpoint = "oauth/outcome")]
pub async fn sign_in_outcome() -> Result<Option<SignInFailed>, ApiError> {
    ssr::answer(ssr::sign_in_outcome().await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use http::request::Parts;
    use leptos::prelude::use_context;
    use leptos_axum::redirect;
    use tocsin_domain::{
        address::EmailAddress,
        id::AccountId,
        provider::{Provider, ProviderKey},
        text::Line,
    };
    use tocsin_engine::{
        FinishError,
        oauth::{Begin, Draft, Purpose, SessionHash},
        oauth_applications::{ClientSecretState, OAuthApplication, redirect_uri},
    };
    use url::{Host, Url};

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        account_form,
        error::ApiError,
        oauth::{AddForm, Application, ProviderApplication, Reach, SecretState, SignInFailed},
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
                refusal: application.refusal.clone(),
            }),
            redirect_uri: redirect_uri(base).into(),
            reach: reach(base),
        }
    }

    fn reach(base: &Url) -> Reach {
        let is_this_machine = match base.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let is_public_name = match base.host() {
            Some(Host::Domain(name)) => {
                let private = [".local", ".lan", ".home", ".internal", ".home.arpa"];
                name.contains('.') && !private.iter().any(|end| name.ends_with(end))
            }
            _ => false,
        };
        match (is_this_machine, is_public_name, base.scheme()) {
            (true, ..) | (_, true, "https") => Reach::Accepted,
            (_, false, _) => Reach::NeedsPublicName,
            (_, true, _) => Reach::NeedsHttps,
        }
    }

    pub(super) async fn save(key: &str, client_id: String, client_secret: String) -> Result<(), ApiError> {
        let who = who()?;
        let provider = provider_application(key).await?.provider;
        let secret = client_secret.trim();
        let secret = (!secret.is_empty()).then(|| secret.to_owned().into());
        engine()
            .save_oauth_application(&provider.key, &client_id, secret.as_ref(), &who)
            .await
            .map_err(|error| ApiError::from(error).with_typed([("client_id", client_id)]))?;
        redirect(&format!("/settings/oauth/{key}?done=saved"));
        Ok(())
    }

    pub(super) async fn begin_add(form: AddForm) -> Result<(), ApiError> {
        let typed = [
            ("provider", form.provider.clone()),
            ("sender_name", form.sender_name.clone()),
            ("owner", form.owner.clone()),
            ("default", form.default.clone()),
        ];
        let begun = async {
            let sender_name =
                Line::parse(&form.sender_name).map_err(|error| ApiError::field("sender_name", error))?;
            let owner = match form.owner.trim() {
                "" => None,
                owner => Some(owner.parse().map_err(|error| ApiError::field("owner", error))?),
            };
            let draft = Draft {
                sender_name,
                owner,
                default: account_form::default(&form.default),
            };
            begin(&ProviderKey::new(&form.provider), Purpose::Add(draft), None).await
        };
        begun.await.map_err(|error| error.with_typed(typed))
    }

    pub(super) async fn begin_reauthorize(id: AccountId) -> Result<(), ApiError> {
        signed_in()?;
        let settings = engine().account(id).await?.settings;
        begin(
            &settings.provider,
            Purpose::Reauthorize(id),
            Some(&settings.address),
        )
        .await
    }

    async fn begin(
        provider: &ProviderKey,
        purpose: Purpose,
        hint: Option<&EmailAddress>,
    ) -> Result<(), ApiError> {
        let session = signed_in()?;
        let url = engine()
            .oauth
            .begin(Begin {
                provider,
                purpose,
                hint,
                session: &SessionHash::of(&session.secret),
                redirect_uri: redirect_uri(&visit()?.base),
            })
            .await?;
        redirect(url.as_str());
        Ok(())
    }

    pub(super) async fn sign_in_outcome() -> Result<Option<SignInFailed>, ApiError> {
        let request: Option<Parts> = use_context();
        std::future::ready(Ok(request.and_then(|request| request.extensions.get().cloned()))).await
    }

    impl From<FinishError> for SignInFailed {
        fn from(error: FinishError) -> Self {
            let account = match &error {
                FinishError::OtherMailbox { account, .. }
                | FinishError::Taken { account, .. }
                | FinishError::Deleted { account, .. } => Some(*account),
                _ => None,
            };
            Self {
                error: error.into(),
                account,
            }
        }
    }

    #[cfg(test)]
    mod tests {
        #![allow(clippy::unwrap_used)]

        use super::*;

        #[test]
        fn providers_take_https_on_a_public_name_and_this_machine() {
            for (base, expected) in [
                ("https://nas.example.com", Reach::Accepted),
                ("http://127.0.0.1:8725", Reach::Accepted),
                ("http://localhost:8725", Reach::Accepted),
                ("http://nas.example.com", Reach::NeedsHttps),
                ("https://192.168.1.5", Reach::NeedsPublicName),
                ("https://nas.local", Reach::NeedsPublicName),
                ("http://nas:8725", Reach::NeedsPublicName),
            ] {
                assert_eq!(reach(&base.parse().unwrap()), expected, "{base}");
            }
        }
    }
}
