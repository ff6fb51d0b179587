//! Signing in at a provider, in one of three ways: to add a mailbox, to authorize one again, or to convert a Custom
//! account.

use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    address::EmailAddress,
    id::{AccountId, DeviceSignInId},
    provider::{OAuthFamily, Provider, ProviderKey},
    sign_in_way::OfferedWay,
};

use super::{accounts::Secret, error::ApiError};

/// Where a provider sends the browser back.
pub const CALLBACK: &str = "/oauth/callback";

/// What adding a mailbox by its provider's sign-in begins with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AddForm {
    /// The provider's key.
    pub provider: String,
    /// The way to sign in; the first that can work where it is left out.
    pub way: String,
    /// The address that is expected to sign in; may be left out.
    pub address: String,
    /// The name of the mails' `From`.
    pub sender_name: String,
    /// Who is asked to re-authorize.
    pub owner: String,
    /// Anything: the account sends for rules that have no sender.
    pub default: String,
}

/// How an account can be signed in at a provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SigningIn {
    /// The ways to its own provider; none where that has no sign-in by OAuth.
    pub ways: Vec<OfferedWay>,
    /// What it can be converted to, the likeliest first.
    pub conversions: Vec<Conversion>,
    /// Until when it can be turned back to what it was before it was converted.
    pub turn_back_until: Option<Timestamp>,
}

/// What a Custom account can be converted to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    /// The provider.
    pub provider: Provider,
    /// The ways to sign in there.
    pub ways: Vec<OfferedWay>,
    /// Whether there is an OAuth application for it.
    pub application: HasApplication,
}

/// Whether there is an OAuth application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HasApplication {
    /// There is.
    Yes,
    /// One must be set up first.
    No,
}

/// A sign-in by device code while nobody has signed in yet, or when it came to nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DevicePage {
    /// The provider's name.
    pub provider: String,
    /// The code to type.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// When the code ends.
    pub expires_at: Timestamp,
    /// Why the provider did not answer just now; Tocsin goes on asking.
    pub trouble: Option<String>,
    /// Why nothing came of it.
    pub failed: Option<SignInFailed>,
    /// Where to start again.
    pub again: String,
}

/// A sign-in whose end is pasted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastePage {
    /// Whose sign-in page.
    pub family: OAuthFamily,
    /// The provider's page.
    pub sign_in_url: String,
    /// With what the address begins at which the sign-in ends.
    pub redirect_uri: String,
    /// When it can no longer be finished.
    pub expires_at: Timestamp,
    /// Where to start again.
    pub again: String,
}

/// Why a sign-in at a provider changed nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignInFailed {
    /// What happened and what to do.
    pub error: ApiError,
    /// The account that it is about, if there is one.
    pub account: Option<AccountId>,
    /// The deleted account that can be restored instead.
    pub deleted: Option<AccountId>,
    /// Another mailbox than the account's own, which could be an account of its own.
    pub other: Option<(ProviderKey, EmailAddress)>,
}

impl SignInFailed {
    /// Of an answer to a form, which carries the rest among what was typed.
    pub fn of_answer(error: ApiError) -> Self {
        let typed = |name: &str| error.typed.get(name);
        let provider = typed("other_provider").map(|key| ProviderKey::new(key));
        let address = typed("other_address").and_then(|address| address.parse().ok());
        Self {
            account: typed("account").and_then(|id| id.parse().ok()),
            deleted: typed("deleted").and_then(|id| id.parse().ok()),
            other: provider.zip(address),
            error,
        }
    }
}

/// Begins the sign-in of a new mailbox, and goes where it goes on.
#[server(endpoint = "oauth/add")]
pub async fn begin_add(form: AddForm) -> Result<(), ApiError> {
    ssr::answer(ssr::begin_add(form).await)
}

/// Begins the sign-in of a mailbox that is to be authorized again.
#[server(endpoint = "oauth/reauthorize")]
pub async fn begin_reauthorize(id: AccountId, #[server(default)] way: String) -> Result<(), ApiError> {
    ssr::answer(ssr::begin_reauthorize(id, &way).await)
}

/// Begins the sign-in by which a Custom account becomes one of a provider.
#[server(endpoint = "oauth/convert")]
pub async fn begin_convert(
    id: AccountId,
    to: String,
    #[server(default)] way: String,
) -> Result<(), ApiError> {
    ssr::answer(ssr::begin_convert(id, &to, &way).await)
}

/// Gives a converted account its former server and password back.
#[server(endpoint = "accounts/turn-back")]
pub async fn turn_back(id: AccountId) -> Result<(), ApiError> {
    ssr::answer(ssr::turn_back(id).await)
}

/// A sign-in by device code. Once it is done, the account's page follows.
#[server(endpoint = "oauth/device")]
pub async fn device_sign_in(id: DeviceSignInId) -> Result<DevicePage, ApiError> {
    ssr::answer(ssr::device_sign_in(id).await)
}

/// A sign-in whose end is pasted.
#[server(endpoint = "oauth/paste-page")]
pub async fn fetch_paste_page(id: String) -> Result<PastePage, ApiError> {
    ssr::answer(ssr::paste_page(&id).await)
}

/// Takes the address at which a sign-in ended. It holds a code: nothing of it goes back.
#[server(endpoint = "oauth/paste")]
pub async fn finish_pasted(id: String, pasted: Secret) -> Result<(), ApiError> {
    ssr::answer(ssr::finish_pasted(&id, pasted).await)
}

/// Why the sign-in that just came back changed nothing; nothing for who opens that page by hand.
#[server(endpoint = "oauth/outcome")]
pub async fn sign_in_outcome() -> Result<Option<SignInFailed>, ApiError> {
    ssr::answer(ssr::sign_in_outcome().await)
}

#[cfg(feature = "ssr")]
pub use ssr::place_of;

#[cfg(feature = "ssr")]
pub(super) mod ssr {
    use http::request::Parts;
    use leptos::prelude::use_context;
    use leptos_axum::redirect;
    use secrecy::ExposeSecret as _;
    use tocsin_domain::{
        account::Account,
        address::EmailAddress,
        id::{AccountId, DeviceSignInId},
        provider::{OAuthFamily, Provider, ProviderKey},
        sign_in_way::{Way, first_choice},
        text::Line,
    };
    use tocsin_engine::{
        Begun, DeviceProgress, Engine, FailedSignIn, FinishError, Finished, NewSignIn,
        audit::Who,
        oauth::{Draft, Purpose, SessionHash, ways},
    };
    use url::Url;

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        account_form,
        accounts::Secret,
        error::ApiError,
        sign_ins::{AddForm, Conversion, DevicePage, HasApplication, PastePage, SignInFailed, SigningIn},
        visit::{engine, signed_in, visit, who},
    };

    /// Where a sign-in leads that succeeded.
    pub fn place_of(finished: &Finished) -> String {
        let done = match finished {
            Finished::Added(id) => return format!("/accounts/{id}/start?done=added"),
            Finished::Reauthorized(_) => "reauthorized",
            Finished::ReauthorizedToo(_) => "reauthorized-too",
            Finished::Converted(_) => "converted",
        };
        format!("/accounts/{}?done={done}", finished.account())
    }

    /// How an account can be signed in, for its page.
    pub(in crate::api) async fn signing_in(
        engine: &Engine,
        account: &Account,
    ) -> Result<SigningIn, ApiError> {
        let base = visit()?.base;
        let applications = engine.oauth.applications().list().await?;
        let ways_of = |provider: &Provider| {
            let oauth = provider.oauth.as_ref();
            oauth.map(|oauth| ways(&base, oauth)).unwrap_or_default()
        };
        let conversion = |provider: &Provider| Conversion {
            ways: ways_of(provider),
            application: if applications.iter().any(|known| known.provider == provider.key) {
                HasApplication::Yes
            } else {
                HasApplication::No
            },
            provider: provider.clone(),
        };
        let own = engine.providers.get(&account.settings.provider);
        let conversions = engine.providers.convertible(&account.settings);
        Ok(SigningIn {
            ways: own.map(ways_of).unwrap_or_default(),
            conversions: conversions.into_iter().map(conversion).collect(),
            turn_back_until: engine.can_turn_back_until(account.id).await?,
        })
    }

    /// Who begins a sign-in, and from where.
    struct Beginner {
        who: Who,
        session: SessionHash,
        base: Url,
    }

    impl Beginner {
        fn of_request() -> Result<Self, ApiError> {
            Ok(Self {
                who: who()?,
                session: SessionHash::of(&signed_in()?.secret),
                base: visit()?.base,
            })
        }

        /// The sign-in in the way that was chosen, else in the first that can work from where the reader came.
        fn begin(&self, provider: &ProviderKey, way: &str) -> Result<NewSignIn<'_>, ApiError> {
            let engine = engine();
            let oauth = engine
                .providers
                .get(provider)
                .and_then(|found| found.oauth.as_ref());
            let way = match (way, oauth) {
                ("", Some(oauth)) => first_choice(&ways(&self.base, oauth)),
                ("", None) => Way::Redirect,
                (way, _) => way.parse().map_err(ApiError::input)?,
            };
            Ok(NewSignIn {
                way,
                session: &self.session,
                who: &self.who,
                base: &self.base,
            })
        }
    }

    /// Goes where a sign-in goes on.
    fn go_on(begun: &Begun) {
        match begun {
            Begun::Redirect(url) => redirect(url.as_str()),
            Begun::DeviceCode(id) => redirect(&format!("/oauth/device/{id}")),
            Begun::Paste(id) => redirect(&format!("/oauth/paste/{id}")),
        }
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
            let owner = optional(&form.owner, "owner")?;
            let hint = optional(&form.address, "address")?;
            let draft = Draft {
                sender_name,
                owner,
                default: account_form::default(&form.default),
            };
            let provider = ProviderKey::new(&form.provider);
            let beginner = Beginner::of_request()?;
            let new = beginner.begin(&provider, &form.way)?;
            Ok(engine()
                .begin_adding(&provider, draft, hint.as_ref(), &new)
                .await?)
        };
        let begun = begun.await.map_err(|error: ApiError| error.with_typed(typed))?;
        go_on(&begun);
        Ok(())
    }

    fn optional(text: &str, field: &str) -> Result<Option<EmailAddress>, ApiError> {
        match text.trim() {
            "" => Ok(None),
            text => Ok(Some(text.parse().map_err(|error| ApiError::field(field, error))?)),
        }
    }

    pub(super) async fn begin_reauthorize(id: AccountId, way: &str) -> Result<(), ApiError> {
        let beginner = Beginner::of_request()?;
        let engine = engine();
        let provider = engine.account(id).await?.settings.provider;
        let new = beginner.begin(&provider, way)?;
        go_on(&engine.begin_reauthorizing(id, &new).await?);
        Ok(())
    }

    pub(super) async fn begin_convert(id: AccountId, to: &str, way: &str) -> Result<(), ApiError> {
        let beginner = Beginner::of_request()?;
        let to = ProviderKey::new(to);
        let new = beginner.begin(&to, way)?;
        go_on(&engine().begin_converting(id, &to, &new).await?);
        Ok(())
    }

    pub(super) async fn turn_back(id: AccountId) -> Result<(), ApiError> {
        engine().turn_back(id, &who()?).await?;
        redirect(&format!("/accounts/{id}?done=turned-back"));
        Ok(())
    }

    pub(super) async fn device_sign_in(id: DeviceSignInId) -> Result<DevicePage, ApiError> {
        let session = SessionHash::of(&signed_in()?.secret);
        let engine = engine();
        let sign_in = engine.device_sign_in(id, &session).await?;
        let (trouble, failed) = match sign_in.progress {
            DeviceProgress::Waiting(trouble) => (trouble, None),
            DeviceProgress::Failed(failed) => (None, Some(SignInFailed::from(failed))),
            DeviceProgress::Finished(finished) => {
                redirect(&place_of(&finished));
                (None, None)
            }
        };
        Ok(DevicePage {
            again: place_to_begin(&sign_in.purpose, &sign_in.provider),
            provider: name(&engine, &sign_in.provider),
            user_code: sign_in.user_code,
            verification_uri: sign_in.verification_uri,
            expires_at: sign_in.expires_at,
            trouble,
            failed,
        })
    }

    /// Where a sign-in is begun.
    fn place_to_begin(purpose: &Purpose, provider: &ProviderKey) -> String {
        match purpose {
            Purpose::Add(_) => format!("/accounts/add?provider={provider}"),
            Purpose::Reauthorize(id) => format!("/accounts/{id}#reauthorization"),
            Purpose::Convert(id) => format!("/accounts/{id}/convert?to={provider}"),
            // Only the owner's browser can finish it, on the owner's page.
            Purpose::Link(_) => "/accounts".to_owned(),
        }
    }

    /// A provider's name; that of one which is gone is its key.
    fn name(engine: &Engine, key: &ProviderKey) -> String {
        let provider = engine.providers.get(key);
        provider.map_or_else(|| key.to_string(), |provider| provider.name.clone())
    }

    pub(super) async fn paste_page(id: &str) -> Result<PastePage, ApiError> {
        let session = SessionHash::of(&signed_in()?.secret);
        let engine = engine();
        let pasting = engine.oauth.pasting(&id.parse()?, &session).await?;
        let oauth = engine
            .providers
            .get(&pasting.provider)
            .and_then(|found| found.oauth.as_ref());
        Ok(PastePage {
            family: oauth.map_or(OAuthFamily::Google, |oauth| oauth.family),
            again: place_to_begin(&pasting.purpose, &pasting.provider),
            sign_in_url: pasting.sign_in_url.into(),
            redirect_uri: pasting.redirect_uri,
            expires_at: pasting.expires_at,
        })
    }

    pub(super) async fn finish_pasted(id: &str, pasted: Secret) -> Result<(), ApiError> {
        let beginner = Beginner::of_request()?;
        let pasted = pasted.reveal();
        let finished = engine()
            .finish_pasted(
                &id.parse()?,
                pasted.expose_secret(),
                &beginner.session,
                &beginner.who,
            )
            .await?;
        redirect(&place_of(&finished));
        Ok(())
    }

    pub(super) async fn sign_in_outcome() -> Result<Option<SignInFailed>, ApiError> {
        let request: Option<Parts> = use_context();
        std::future::ready(Ok(request.and_then(|request| request.extensions.get().cloned()))).await
    }

    impl From<FinishError> for SignInFailed {
        fn from(error: FinishError) -> Self {
            Self::of_answer(error.into())
        }
    }

    impl From<FailedSignIn> for SignInFailed {
        fn from(failed: FailedSignIn) -> Self {
            let FailedSignIn {
                words,
                account,
                deleted,
                other,
            } = failed;
            Self {
                error: ApiError::input(words),
                account,
                deleted,
                other,
            }
        }
    }
}
