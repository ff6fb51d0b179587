//! Signing in at a provider, in one of three ways: to add a mailbox, to authorize one again, or to convert a Custom
//! account.
//!
//! What the pages are given is in `shown`. For the server only: `begin` where a sign-in begins, `go_on` where it goes
//! on and ends.

#[cfg(feature = "ssr")]
mod begin;
#[cfg(feature = "ssr")]
mod go_on;
mod shown;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::id::{AccountId, DeviceSignInId};

#[cfg(feature = "ssr")]
pub(super) use self::begin::signing_in;
#[cfg(feature = "ssr")]
pub use self::go_on::place_of;
pub use self::shown::{Conversion, DevicePage, HasApplication, PastePage, SignInFailed, SigningIn};
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

/// Begins the sign-in of a new mailbox, and goes where it goes on.
#[server(endpoint = "oauth/add")]
pub async fn begin_add(form: AddForm) -> Result<(), ApiError> {
    super::visit::answer(begin::begin_add(form).await)
}

/// Begins the sign-in of a mailbox that is to be authorized again.
#[server(endpoint = "oauth/reauthorize")]
pub async fn begin_reauthorize(id: AccountId, #[server(default)] way: String) -> Result<(), ApiError> {
    super::visit::answer(begin::begin_reauthorize(id, &way).await)
}

/// Begins the sign-in by which a Custom account becomes one of a provider.
#[server(endpoint = "oauth/convert")]
pub async fn begin_convert(
    id: AccountId,
    to: String,
    #[server(default)] way: String,
) -> Result<(), ApiError> {
    super::visit::answer(begin::begin_convert(id, &to, &way).await)
}

/// Gives a converted account its former server and password back.
#[server(endpoint = "accounts/turn-back")]
pub async fn turn_back(id: AccountId) -> Result<(), ApiError> {
    super::visit::answer(begin::turn_back(id).await)
}

/// A sign-in by device code. Once it is done, the account's page follows.
#[server(endpoint = "oauth/device")]
pub async fn device_sign_in(id: DeviceSignInId) -> Result<DevicePage, ApiError> {
    super::visit::answer(go_on::device_sign_in(id).await)
}

/// A sign-in whose end is pasted.
#[server(endpoint = "oauth/paste-page")]
pub async fn fetch_paste_page(id: String) -> Result<PastePage, ApiError> {
    super::visit::answer(go_on::paste_page(&id).await)
}

/// Takes the address at which a sign-in ended. It holds a code: nothing of it goes back.
#[server(endpoint = "oauth/paste")]
pub async fn finish_pasted(id: String, pasted: Secret) -> Result<(), ApiError> {
    super::visit::answer(go_on::finish_pasted(&id, pasted).await)
}

/// Why the sign-in that just came back changed nothing; nothing for who opens that page by hand.
#[server(endpoint = "oauth/outcome")]
pub async fn sign_in_outcome() -> Result<Option<SignInFailed>, ApiError> {
    super::visit::answer(go_on::sign_in_outcome().await)
}
