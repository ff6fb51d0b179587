//! How to get what a provider's accounts sign in with.

use leptos::prelude::*;
use tocsin_domain::provider::{Credential, Provider};

use crate::{
    components::{icon::Glyph, note},
    i18n::{t, tu_string, use_i18n},
};

/// The guidance above the secret's field: what is needed, the steps to it, and the provider's own page; nothing for
/// Custom.
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
    let steps = steps(&provider);
    let steps = (!steps.is_empty()).then(|| {
        let steps = steps.into_iter().map(|step| {
            view! {
                <li>
                    <span>{step}</span>
                </li>
            }
        });
        view! { <ol class="steps">{steps.collect_view()}</ol> }
    });
    let create = provider.credential_page.map(|page| {
        let words = tu_string!(i18n, adding.create, provider = provider.name);
        view! {
            <a class="button" href=page target="_blank" rel="noreferrer">
                {words}
            </a>
        }
    });
    let help = provider.help.map(|help| {
        view! {
            <a href=help target="_blank" rel="noreferrer">
                {t!(i18n, accounts.guidance.help)}
            </a>
        }
    });
    view! {
        <note::Guidance glyph=Glyph::Key title>
            <p class="sub">{text}</p>
            {steps}
            <div class="row">{create} {help}</div>
        </note::Guidance>
    }
    .into_any()
}

/// The steps: those of a preset that an admin wrote in their words, those of Tocsin's own presets in the reader's
/// language. Their sources are the pages that `help` names in `providers.toml`.
fn steps(provider: &Provider) -> Vec<String> {
    let i18n = use_i18n();
    if !provider.steps.is_empty() {
        return provider.steps.clone();
    }
    let text = match provider.key.as_str() {
        "yahoo" => tu_string!(i18n, adding.steps.yahoo),
        "aol" => tu_string!(i18n, adding.steps.aol),
        "icloud" => tu_string!(i18n, adding.steps.icloud),
        "fastmail" => tu_string!(i18n, adding.steps.fastmail),
        "zoho" | "zoho-eu" | "zoho-in" | "zoho-au" | "zoho-jp" => tu_string!(i18n, adding.steps.zoho),
        "gmx" | "gmx-com" => tu_string!(i18n, adding.steps.gmx),
        "qq" => tu_string!(i18n, adding.steps.qq),
        "163" | "126" => tu_string!(i18n, adding.steps.netease),
        "yandex" => tu_string!(i18n, adding.steps.yandex),
        "mailru" => tu_string!(i18n, adding.steps.mailru),
        "ses" => tu_string!(i18n, adding.steps.ses),
        "sendgrid" => tu_string!(i18n, adding.steps.sendgrid),
        "mailgun" => tu_string!(i18n, adding.steps.mailgun),
        "brevo" => tu_string!(i18n, adding.steps.brevo),
        _ => "",
    };
    text.lines().map(str::to_owned).collect()
}
