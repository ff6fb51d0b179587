//! The new password's field, with what the provider calls it and where to get it.

use leptos::prelude::*;
use tocsin_domain::provider::{Credential, Provider};

use super::texts::{Locale, td_string};
use crate::components::{
    button::{Button, Kind, Press},
    field::{Field, Input},
    mark::Shape,
    note::Note,
};

/// Whether the way from the owner's browser to this page is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// It is, or it does not leave the machine.
    Yes,
    /// It is not: whoever listens on the network reads what is typed.
    No,
}

/// The field.
pub(super) fn view(
    locale: Locale,
    preset: &Provider,
    encryption: Encryption,
    path: String,
    provider: String,
) -> AnyView {
    let name = || provider.clone();
    let (label, hint) = match preset.credential {
        Credential::AppPassword => (
            td_string!(locale, owner.password.app_password),
            td_string!(locale, owner.password.app_password_hint, provider = name()),
        ),
        Credential::AuthorizationCode => (
            td_string!(locale, owner.password.authorization_code),
            td_string!(locale, owner.password.authorization_code_hint, provider = name()),
        ),
        Credential::ApiKey => (td_string!(locale, owner.password.api_key), String::new()),
        Credential::Password | Credential::Oauth => {
            (td_string!(locale, owner.password.password), String::new())
        }
    };
    let help = preset.credential_page.clone().or_else(|| preset.help.clone());
    let help = help.map(|help| {
        let words = td_string!(locale, owner.password.help, provider = name());
        view! {
            <p>
                <a href=help target="_blank" rel="noreferrer">
                    {words}
                </a>
            </p>
        }
    });
    let caution = (encryption == Encryption::No).then(|| {
        view! { <Note shape=Shape::Expiring title=td_string!(locale, owner.password.not_encrypted) /> }
    });
    view! {
        <form class="wide" method="post" action=path>
            <div class="stack">
                {(!hint.is_empty()).then(|| view! { <p>{hint}</p> })}
                {help}
                {caution}
                <Field
                    label
                    name="password"
                    input=Input::Password
                    hint=td_string!(locale, owner.password.hint)
                    autocomplete="off"
                    required=true
                />
                <Button kind=Kind::Main press=Press::Submit>
                    {td_string!(locale, owner.password.button)}
                </Button>
            </div>
        </form>
    }
    .into_any()
}
