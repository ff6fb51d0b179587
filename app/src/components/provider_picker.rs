//! *Select an e-mail account*: the providers as one group of radio buttons that reads like a list. Arrow keys
//! and form posts come with the element, so it is the same with and without a script.

use leptos::prelude::*;
use tocsin_domain::provider::{Credential, OAuthFamily, Provider};

use super::icon::{Glyph, Icon, Monogram};
use crate::i18n::{tu_string, use_i18n};

/// The heading under which a provider stands, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    SignIn,
    AppPassword,
    Relay,
    Other,
}

const GROUPS: [Group; 4] = [Group::SignIn, Group::AppPassword, Group::Relay, Group::Other];

fn group(provider: &Provider) -> Group {
    match provider.credential {
        _ if provider.key.is_custom() => Group::Other,
        Credential::Oauth => Group::SignIn,
        Credential::AppPassword | Credential::AuthorizationCode | Credential::Password => Group::AppPassword,
        Credential::ApiKey => Group::Relay,
    }
}

/// The providers.
#[component]
pub fn ProviderPicker(
    /// All presets, in the order in which each group shows them.
    providers: Vec<Provider>,
    /// The name of the choice in the form; the value is the provider's key.
    #[prop(default = "provider".to_owned(), into)]
    name: String,
    /// The key that is chosen at first; else none is.
    #[prop(optional, into)]
    chosen: String,
    /// Follows the choice: the provider's key.
    #[prop(optional, into)]
    on_choice: Option<Callback<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let groups = GROUPS
        .into_iter()
        .filter_map(|wanted| {
            let options: Vec<_> = providers
                .iter()
                .filter(|provider| group(provider) == wanted)
                .collect();
            if options.is_empty() {
                return None;
            }
            let legend = match wanted {
                Group::SignIn => tu_string!(i18n, common.picker.sign_in),
                Group::AppPassword => tu_string!(i18n, common.picker.app_password),
                Group::Relay => tu_string!(i18n, common.picker.relay),
                Group::Other => tu_string!(i18n, common.picker.other),
            };
            let options = options
                .into_iter()
                .map(|provider| {
                    let checked = provider.key.as_str() == chosen;
                    view! { <ProviderOption provider=provider.clone() name=name.clone() checked on_choice /> }
                })
                .collect_view();
            Some(view! {
                <fieldset>
                    <legend>{legend}</legend>
                    {options}
                </fieldset>
            })
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>{tu_string!(i18n, common.picker.label)}</legend>
            <div class="picker">{groups}</div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn ProviderOption(
    provider: Provider,
    name: String,
    checked: bool,
    on_choice: Option<Callback<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let family = provider.oauth.as_ref().map(|oauth| oauth.family);
    let with = match (provider.credential, family) {
        (Credential::Oauth, Some(OAuthFamily::Microsoft)) => tu_string!(i18n, common.picker.microsoft),
        (Credential::Oauth, _) => tu_string!(i18n, common.picker.google),
        (Credential::AppPassword, _) => tu_string!(i18n, common.picker.by_app_password),
        (Credential::AuthorizationCode, _) => tu_string!(i18n, common.picker.by_authorization_code),
        (Credential::ApiKey, _) => tu_string!(i18n, common.picker.by_key),
        (Credential::Password, _) if provider.key.is_custom() => tu_string!(i18n, common.picker.by_host),
        (Credential::Password, _) => tu_string!(i18n, common.picker.by_password),
    };
    let value = provider.key.as_str().to_owned();
    let choice = value.clone();
    view! {
        <label class="option">
            <input
                type="radio"
                name=name
                value=value
                checked=checked
                required=true
                on:change=move |_| {
                    if let Some(on_choice) = on_choice {
                        on_choice.run(choice.clone());
                    }
                }
            />
            <Monogram letters=provider.monogram />
            <span>{provider.name}</span>
            <span class="sub">{with}</span>
            <Icon glyph=Glyph::Check />
        </label>
    }
}
