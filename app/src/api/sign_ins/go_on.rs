//! Where a sign-in goes on that was begun, and what comes of it.

use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::redirect;
use secrecy::ExposeSecret as _;
use tocsin_domain::{
    id::DeviceSignInId,
    provider::{OAuthFamily, ProviderKey},
};
use tocsin_engine::{
    DeviceProgress, Engine, FailedSignIn, FinishError, Finished,
    oauth::{Purpose, SessionHash},
};

use super::{DevicePage, PastePage, SignInFailed};
use crate::api::{
    accounts::Secret,
    error::ApiError,
    visit::{engine, signed_in, who},
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
    let (who, session) = (who()?, SessionHash::of(&signed_in()?.secret));
    let pasted = pasted.reveal();
    let finished = engine()
        .finish_pasted(&id.parse()?, pasted.expose_secret(), &session, &who)
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
