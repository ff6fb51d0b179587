//! The NAS that Tocsin runs on, as Settings shows it, and the first local administrator there.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::nas::System;

use super::{accounts::Secret, error::ApiError};

/// The NAS that Tocsin runs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nas {
    /// Its system.
    pub system: System,
    /// Why its web service cannot be asked, if it cannot.
    pub silence: Option<String>,
    /// Whether there is what writes into its own log.
    pub has_log: bool,
}

/// Makes the first local administrator, for somebody whom the NAS let in.
#[server(endpoint = "settings/make-administrator")]
pub async fn make_administrator(name: String, address: String, password: Secret) -> Result<(), ApiError> {
    ssr::answer(ssr::make_administrator(name, address, password).await)
}

#[cfg(feature = "ssr")]
pub(super) use ssr::state;

#[cfg(feature = "ssr")]
mod ssr {
    use leptos_axum::redirect;
    use tocsin_engine::Engine;

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        accounts::Secret,
        error::ApiError,
        nas::Nas,
        visit::{engine, who},
    };

    /// What is known of it now; none where none was named.
    pub(in crate::api) async fn state(engine: &Engine) -> Option<Nas> {
        let nas = engine.nas()?;
        Some(Nas {
            system: nas.system(),
            silence: nas.answers().await.err().map(|silence| silence.to_string()),
            has_log: nas.has_log(),
        })
    }

    pub(super) async fn make_administrator(
        name: String,
        address: String,
        password: Secret,
    ) -> Result<(), ApiError> {
        let who = who()?;
        let made = engine()
            .make_local_administrator(&name, &address, &password.reveal(), &who)
            .await;
        made.map_err(|error| ApiError::from(error).with_typed([("name", name), ("address", address)]))?;
        redirect("/settings?done=administrator");
        Ok(())
    }
}
