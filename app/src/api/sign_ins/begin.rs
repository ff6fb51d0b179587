//! Where a sign-in begins: the ways that an account has, and the form that was sent.

use leptos_axum::redirect;
use tocsin_domain::{
    account::Account,
    address::EmailAddress,
    id::AccountId,
    provider::{Provider, ProviderKey},
    sign_in_way::{Way, first_choice},
    text::Line,
};
use tocsin_engine::{
    Begun, Engine, NewSignIn,
    audit::Who,
    oauth::{Draft, SessionHash, ways},
};
use url::Url;

use super::{AddForm, Conversion, HasApplication, SigningIn};
use crate::api::{
    account_form,
    error::ApiError,
    visit::{engine, signed_in, visit, who},
};

/// How an account can be signed in, for its page.
pub(in crate::api) async fn signing_in(engine: &Engine, account: &Account) -> Result<SigningIn, ApiError> {
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
