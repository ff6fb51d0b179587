//! What was told of an account.

use leptos::prelude::*;
use tocsin_domain::{id::AccountId, told::Told};

use super::error::ApiError;

/// What was told of an account or of its OAuth application, newest first.
#[server(endpoint = "accounts/told")]
pub async fn told_of(account: AccountId) -> Result<Vec<Told>, ApiError> {
    ssr::answer(ssr::told(account).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use tocsin_domain::{id::AccountId, told::Told};

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        error::ApiError,
        visit::{engine, signed_in},
    };

    pub(super) async fn told(account: AccountId) -> Result<Vec<Told>, ApiError> {
        signed_in()?;
        Ok(engine().told(account).await?)
    }
}
