//! The words and letters of the buttons Continue with Google and Continue with Microsoft.

use leptos::prelude::*;
use tocsin_domain::provider::OAuthFamily;

use super::icon::Monogram;
use crate::i18n::{tu_string, use_i18n};

/// What stands on the button.
#[component]
pub fn ContinueWith(
    /// Whose sign-in page.
    family: OAuthFamily,
) -> impl IntoView {
    let letters = match family {
        OAuthFamily::Google => "G",
        OAuthFamily::Microsoft => "M",
    };
    let i18n = use_i18n();
    let words = match family {
        OAuthFamily::Google => tu_string!(i18n, accounts.reauthorize.google),
        OAuthFamily::Microsoft => tu_string!(i18n, accounts.reauthorize.microsoft),
    };
    view! {
        <Monogram letters />
        {words}
    }
    .into_any()
}
