//! How to get what a provider's accounts sign in with.

use leptos::prelude::*;
use tocsin_domain::provider::{Credential, Provider};

use crate::{
    components::{icon::Glyph, note},
    i18n::{t, tu_string, use_i18n},
};

/// The guidance above the secret's field; nothing for Custom.
#[component]
pub fn Guidance(
    /// The preset.
    provider: Provider,
) -> impl IntoView {
    let i18n = use_i18n();
    if provider.key.is_custom() || provider.credential == Credential::Oauth {
        return ().into_any();
    }
    let name = provider.name.clone();
    let (title, text) = match provider.credential {
        Credential::AppPassword => (
            tu_string!(i18n, accounts.guidance.app_password, provider = name),
            tu_string!(i18n, accounts.guidance.app_password_text),
        ),
        Credential::AuthorizationCode => (
            tu_string!(i18n, accounts.guidance.authorization_code, provider = name),
            tu_string!(i18n, accounts.guidance.authorization_code_text),
        ),
        Credential::ApiKey => (
            tu_string!(i18n, accounts.guidance.api_key, provider = name),
            tu_string!(i18n, accounts.guidance.api_key_text),
        ),
        Credential::Password | Credential::Oauth => (
            tu_string!(i18n, accounts.guidance.password, provider = name),
            tu_string!(i18n, accounts.guidance.password_text),
        ),
    };
    let steps = (provider.key.as_str() == "yahoo").then(yahoo);
    view! {
        <note::Guidance glyph=Glyph::Key title>
            <p class="sub">{text}</p>
            {steps}
            {provider
                .help
                .map(|help| {
                    view! {
                        <p>
                            <a href=help target="_blank" rel="noreferrer">
                                {t!(i18n, accounts.guidance.help)}
                            </a>
                        </p>
                    }
                })}
        </note::Guidance>
    }
    .into_any()
}

/// <https://help.yahoo.com/kb/SLN15241.html>
fn yahoo() -> AnyView {
    let i18n = use_i18n();
    view! {
        <ol class="steps">
            <li>
                <span>{t!(i18n, accounts.guidance.yahoo_1)}</span>
            </li>
            <li>
                <span>{t!(i18n, accounts.guidance.yahoo_2)}</span>
            </li>
            <li>
                <span>{t!(i18n, accounts.guidance.yahoo_3)}</span>
            </li>
            <li>
                <span>{t!(i18n, accounts.guidance.yahoo_4)}</span>
            </li>
        </ol>
    }
    .into_any()
}
