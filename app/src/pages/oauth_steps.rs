//! What to do at Google or Microsoft to get an OAuth application.

use leptos::prelude::*;
use tocsin_domain::{
    provider::OAuthFamily,
    sign_in_way::{OfferedWay, Way},
};

use crate::{
    components::{
        icon::Glyph,
        mark::Shape,
        note::{Guidance, Note},
    },
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
    /// The ways that work from where the reader is.
    ways: Vec<OfferedWay>,
) -> impl IntoView {
    let i18n = use_i18n();
    let redirects = ways
        .iter()
        .any(|offered| offered.way == Way::Redirect && offered.obstacle.is_none());
    let (title, console, console_name, steps, warning, why) = match family {
        OAuthFamily::Google => (
            tu_string!(i18n, settings.google.title),
            GOOGLE,
            tu_string!(i18n, settings.google.console),
            google(redirects),
            tu_string!(i18n, sign_ins.application.testing_title),
            tu_string!(i18n, sign_ins.application.testing_text),
        ),
        OAuthFamily::Microsoft => (
            tu_string!(i18n, settings.microsoft.title),
            MICROSOFT,
            tu_string!(i18n, settings.microsoft.console),
            microsoft(&key, redirects),
            tu_string!(i18n, sign_ins.application.spa_title),
            tu_string!(i18n, sign_ins.application.spa_text),
        ),
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
        <Note shape=Shape::Expiring title=warning>
            <p class="sub">{why}</p>
        </Note>
    }
    .into_any()
}

/// A “Desktop app” needs no redirect URI, but none of a public name can be registered with it
/// (<https://developers.google.com/identity/protocols/oauth2/native-app>).
fn google(redirects: bool) -> Vec<&'static str> {
    let i18n = use_i18n();
    vec![
        tu_string!(i18n, settings.google.project),
        tu_string!(i18n, settings.google.branding),
        tu_string!(i18n, settings.google.scope),
        tu_string!(i18n, settings.google.publish),
        if redirects {
            tu_string!(i18n, sign_ins.application.google_web)
        } else {
            tu_string!(i18n, sign_ins.application.google_desktop)
        },
        tu_string!(i18n, settings.google.copy),
    ]
}

/// `http://localhost` may be registered under the platform Web too
/// (<https://learn.microsoft.com/entra/identity-platform/reply-url>).
fn microsoft(key: &str, redirects: bool) -> Vec<&'static str> {
    let i18n = use_i18n();
    vec![
        tu_string!(i18n, settings.microsoft.register),
        match key {
            "outlook" => tu_string!(i18n, settings.microsoft.personal),
            _ => tu_string!(i18n, settings.microsoft.work),
        },
        if redirects {
            tu_string!(i18n, sign_ins.application.microsoft_redirect)
        } else {
            tu_string!(i18n, sign_ins.application.microsoft_redirect_paste)
        },
        tu_string!(i18n, sign_ins.application.microsoft_device),
        tu_string!(i18n, settings.microsoft.permissions),
        tu_string!(i18n, settings.microsoft.secret),
        tu_string!(i18n, settings.microsoft.smtp),
    ]
}
