//! *Select an e-mail account*: the providers in a native drop-down, grouped by what they need. Keys, form posts and
//! screen readers come with the element; browsers that can style it show each provider's mark and need beside its
//! name (`style/picker.css`), others the names alone.

use leptos::{html, prelude::*};
use tocsin_domain::provider::{Credential, OAuthFamily, Provider};

use super::icon::{Glyph, Icon, Monogram, Size};
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

/// The drop-down.
#[component]
pub fn ProviderPicker(
    /// All presets, in the order in which each group shows them.
    providers: Vec<Provider>,
    /// The key that is chosen; empty while none is. The drop-down follows it.
    #[prop(into)]
    chosen: Signal<String>,
    /// Follows the choice: the provider's key.
    on_choice: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let groups = GROUPS
        .into_iter()
        .filter_map(|wanted| {
            let of_group = providers.iter().filter(|provider| group(provider) == wanted);
            let options: Vec<_> = of_group.map(|provider| option(provider, chosen)).collect();
            if options.is_empty() {
                return None;
            }
            let label = match wanted {
                Group::SignIn => tu_string!(i18n, common.picker.sign_in),
                Group::AppPassword => tu_string!(i18n, common.picker.app_password),
                Group::Relay => tu_string!(i18n, common.picker.relay),
                Group::Other => tu_string!(i18n, common.picker.other),
            };
            Some(view! { <optgroup label=label>{options}</optgroup> })
        })
        .collect_view();
    let node = NodeRef::<html::Select>::new();
    // What is chosen elsewhere, by typing an address or going back, shows here too; what somebody chose before the
    // page was live counts.
    Effect::new(move |was_live: Option<bool>| {
        let key = chosen.get();
        let Some(node) = node.get() else {
            return was_live == Some(true);
        };
        let shown = node.value();
        if was_live != Some(true) && !shown.is_empty() && shown != key {
            on_choice.run(shown);
        } else if shown != key {
            node.set_value(&key);
        }
        true
    });
    let marks: Vec<_> = providers
        .iter()
        .map(|provider| (provider.key.to_string(), provider.monogram.clone()))
        .collect();
    let mark = move || {
        let key = chosen.get();
        let (_, letters) = marks.iter().find(|(known, _)| *known == key)?;
        let letters = letters.clone();
        Some(view! { <Monogram letters /> })
    };
    view! {
        <div class="field">
            <label for="provider">{tu_string!(i18n, common.picker.label)}</label>
            <span class="select picker">
                <select
                    class="input"
                    id="provider"
                    name="provider"
                    node_ref=node
                    on:change=move |event| on_choice.run(event_target_value(&event))
                >
                    <option value="" selected=move || chosen.with(String::is_empty)>
                        {tu_string!(i18n, adding.choose)}
                    </option>
                    {groups}
                </select>
                {mark}
                <Icon glyph=Glyph::Chevron size=Size::Small />
            </span>
        </div>
    }
    .into_any()
}

fn option(provider: &Provider, chosen: Signal<String>) -> AnyView {
    let key = provider.key.to_string();
    let is_chosen = {
        let key = key.clone();
        move || chosen.with(|chosen| *chosen == key)
    };
    view! {
        <option
            value=key
            selected=is_chosen
            data-mark=provider.monogram.clone()
            data-needs=needs(provider)
        >
            {provider.name.clone()}
        </option>
    }
    .into_any()
}

/// What its accounts sign in with, in a word or two.
fn needs(provider: &Provider) -> &'static str {
    let i18n = use_i18n();
    let family = provider.oauth.as_ref().map(|oauth| oauth.family);
    match (provider.credential, family) {
        (Credential::Oauth, Some(OAuthFamily::Microsoft)) => tu_string!(i18n, common.picker.microsoft),
        (Credential::Oauth, _) => tu_string!(i18n, common.picker.google),
        (Credential::AppPassword, _) => tu_string!(i18n, common.picker.by_app_password),
        (Credential::AuthorizationCode, _) => tu_string!(i18n, common.picker.by_authorization_code),
        (Credential::ApiKey, _) => tu_string!(i18n, common.picker.by_key),
        (Credential::Password, _) if provider.key.is_custom() => tu_string!(i18n, common.picker.by_host),
        (Credential::Password, _) => tu_string!(i18n, common.picker.by_password),
    }
}
