//! *Detect*: where the mail server of an address is.

use leptos::prelude::*;
use tocsin_domain::detection::Detection;

use super::{accounts::AccountForm, error::ApiError};

/// Under this name, what was found travels back to a form that is sent without a script.
pub const FOUND: &str = "found";

/// Looks for the mail server of the form's address, or at its host. Nothing secret is sent there.
#[server(endpoint = "accounts/detect")]
pub async fn detect(form: AccountForm) -> Result<Detection, ApiError> {
    ssr::answer(ssr::detect(form).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use tocsin_domain::detection::{Detection, Found};
    use tocsin_engine::detect::{Clues, DetectError};

    use super::FOUND;
    pub(super) use crate::api::visit::answer;
    use crate::api::{
        account_form,
        accounts::AccountForm,
        error::ApiError,
        visit::{engine, is_plain_form, who},
    };

    /// The longest words of a place that travel in a URL, in characters.
    const SHORT: usize = 160;

    pub(super) async fn detect(form: AccountForm) -> Result<Detection, ApiError> {
        who()?;
        let typed = account_form::typed(&form);
        // Asked now: after the waiting, the request may be gone.
        let is_plain_form = is_plain_form();
        let looked = async {
            let detection = engine().detect(&clues(&form)?).await?;
            Ok::<_, ApiError>(detection)
        };
        let detection = looked.await.map_err(|error| error.with_typed(typed.clone()))?;
        if is_plain_form {
            return Err(filled_in(&detection).with_typed_over(typed));
        }
        Ok(detection)
    }

    fn clues(form: &AccountForm) -> Result<Clues, ApiError> {
        let text = |text: &str| {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let host = text(&form.host);
        let address = match text(&form.address) {
            Some(address) if host.is_none() => Some(
                address
                    .parse()
                    .map_err(|error| ApiError::field("address", error))?,
            ),
            _ => None,
        };
        Ok(Clues {
            address,
            host,
            // One that is no port is of no use here; the form itself refuses it.
            port: form.port.trim().parse().ok().filter(|port| *port > 0),
            ca: text(&form.ca),
        })
    }

    /// The form as it comes back without a script: the best place in its fields, and what was found.
    fn filled_in(detection: &Detection) -> ApiError {
        let mut short = detection.clone();
        for place in &mut short.places {
            if let Found::Certificate { words, .. } | Found::Nothing { words, .. } = &mut place.found {
                *words = words.chars().take(SHORT).collect();
            }
        }
        let mut typed = Vec::new();
        if let Ok(found) = serde_json::to_string(&short) {
            typed.push((FOUND, found));
        }
        if let Some(best) = detection.best() {
            typed.extend([
                ("host", best.host),
                ("port", best.port.to_string()),
                ("security", best.security.as_str().to_owned()),
            ]);
        }
        ApiError::input("what was found is shown beside the button").with_typed(typed)
    }

    impl From<DetectError> for ApiError {
        fn from(error: DetectError) -> Self {
            match error {
                DetectError::NoClue => Self::field("address", error),
                DetectError::Host => Self::field("host", error),
                DetectError::TooOften => Self::input(error),
            }
        }
    }
}
