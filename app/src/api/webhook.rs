//! The webhook: its address, its secret, a test.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::webhook::Call;

use super::error::ApiError;

/// The webhook, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// Its address; empty where what is stored cannot be read any more.
    pub url: String,
    /// The last try.
    pub last: Option<Call>,
    /// How many calls wait to be made or made again.
    pub waiting: u64,
}

/// The webhook, if one is set.
#[server(endpoint = "webhook/get")]
pub async fn fetch_webhook() -> Result<Option<Webhook>, ApiError> {
    ssr::answer(ssr::webhook().await)
}

/// Sets the webhook's address; the page that follows shows a new secret once.
#[server(endpoint = "webhook/set")]
pub async fn set_webhook(url: String) -> Result<(), ApiError> {
    ssr::answer(ssr::set(url).await)
}

/// Makes another secret; the page that follows shows it once.
#[server(endpoint = "webhook/rotate")]
pub async fn rotate_webhook() -> Result<(), ApiError> {
    ssr::answer(ssr::rotate().await)
}

/// Makes one call at once.
#[server(endpoint = "webhook/test")]
pub async fn test_webhook() -> Result<(), ApiError> {
    ssr::answer(ssr::test().await)
}

/// Removes the webhook.
#[server(endpoint = "webhook/remove")]
pub async fn remove_webhook() -> Result<(), ApiError> {
    ssr::answer(ssr::remove().await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use leptos::prelude::expect_context;
    use leptos_axum::redirect;
    use tocsin_engine::webhook::WebhookError;

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        error::{ApiError, Kind},
        shown_once::ShownOnce,
        visit::{engine, signed_in, who},
        webhook::Webhook,
    };

    impl From<WebhookError> for ApiError {
        fn from(error: WebhookError) -> Self {
            match &error {
                WebhookError::Address(_) => Self::field("url", error),
                WebhookError::None => Self::gone(error),
                WebhookError::Vault(_) => Self::input(error),
                WebhookError::Store(_) => Self::new(Kind::Failed, error),
            }
        }
    }

    pub(super) async fn webhook() -> Result<Option<Webhook>, ApiError> {
        signed_in()?;
        match engine().webhook().await {
            Ok(webhook) => Ok(webhook.map(|webhook| Webhook {
                url: webhook.url.into(),
                last: webhook.last,
                waiting: webhook.waiting,
            })),
            // It can be entered anew.
            Err(WebhookError::Vault(_)) => Ok(Some(Webhook {
                url: String::new(),
                last: None,
                waiting: 0,
            })),
            Err(error) => Err(error.into()),
        }
    }

    /// What was typed is not sent back in the URL: the address may be a secret.
    pub(super) async fn set(url: String) -> Result<(), ApiError> {
        if let Some(secret) = engine().set_webhook(&url, &who()?).await? {
            expect_context::<ShownOnce>().keep(&signed_in()?.secret, secret);
        }
        redirect("/settings?done=webhook#webhook");
        Ok(())
    }

    pub(super) async fn rotate() -> Result<(), ApiError> {
        let secret = engine().rotate_webhook_secret(&who()?).await?;
        expect_context::<ShownOnce>().keep(&signed_in()?.secret, secret);
        redirect("/settings?done=webhook-secret#webhook");
        Ok(())
    }

    pub(super) async fn test() -> Result<(), ApiError> {
        let call = engine().test_webhook(&who()?).await?;
        let done = if call.answer.is_accepted() {
            "/settings?done=webhook-tested#webhook"
        } else {
            "/settings?done=webhook-not-tested#webhook"
        };
        redirect(done);
        Ok(())
    }

    pub(super) async fn remove() -> Result<(), ApiError> {
        engine().remove_webhook(&who()?).await?;
        redirect("/settings?done=webhook-removed#webhook");
        Ok(())
    }
}
