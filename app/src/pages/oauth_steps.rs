//! What to do at Google or Microsoft to get an OAuth application.

use leptos::prelude::*;
use tocsin_domain::provider::OAuthFamily;

use crate::{
    components::{icon::Glyph, note::Guidance},
    i18n::{t, tu_string, use_i18n},
};

/// <https://developers.google.com/identity/protocols/oauth2/web-server>,
/// <https://support.google.com/cloud/answer/15549945> (publishing status).
const GOOGLE: &str = "https://console.cloud.google.com/auth/overview";

/// <https://learn.microsoft.com/entra/identity-platform/quickstart-register-app>,
/// <https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>
const MICROSOFT: &str = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps";

/// The steps.
#[component]
pub fn Steps(
    /// Whose console.
    family: OAuthFamily,
    /// The preset: it says for which mailboxes the application must be.
    key: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let (title, console, console_name, steps) = match family {
        OAuthFamily::Google => (
            tu_string!(i18n, settings.google.title),
            GOOGLE,
            tu_string!(i18n, settings.google.console),
            vec![
                tu_string!(i18n, settings.google.project),
                tu_string!(i18n, settings.google.branding),
                tu_string!(i18n, settings.google.scope),
                tu_string!(i18n, settings.google.publish),
                tu_string!(i18n, settings.google.client),
                tu_string!(i18n, settings.google.copy),
            ],
        ),
        OAuthFamily::Microsoft => {
            let audience = match key.as_str() {
                "outlook" => tu_string!(i18n, settings.microsoft.personal),
                _ => tu_string!(i18n, settings.microsoft.work),
            };
            (
                tu_string!(i18n, settings.microsoft.title),
                MICROSOFT,
                tu_string!(i18n, settings.microsoft.console),
                vec![
                    tu_string!(i18n, settings.microsoft.register),
                    audience,
                    tu_string!(i18n, settings.microsoft.redirect),
                    tu_string!(i18n, settings.microsoft.permissions),
                    tu_string!(i18n, settings.microsoft.secret),
                    tu_string!(i18n, settings.microsoft.smtp),
                ],
            )
        }
    };
    let steps = steps
        .into_iter()
        .map(|step| {
            view! {
                <li>
                    <span>{step}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <Guidance glyph=Glyph::Key title>
            <p>
                <a href=console target="_blank" rel="noreferrer">
                    {console_name}
                </a>
                <span class="sub">" " {t!(i18n, settings.oauth.new_tab)}</span>
            </p>
            <ol class="steps">{steps}</ol>
        </Guidance>
    }
    .into_any()
}
