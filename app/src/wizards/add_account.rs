//! The window Add SMTP Service: the provider, and below it at once what its accounts sign in with. Test, default
//! and rules follow on the page `start_account`.
//!
//! Choosing changes the page's address. Without a script it is a form that leads there.

use std::fmt::Write as _;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use tocsin_domain::provider::{Credential, Provider, ProviderKey, by_domain};

use super::{add_password::AddPassword, add_sign_in::AddSignIn, choose::Choose};
use crate::{
    api::oauth::{ProviderApplication, providers},
    components::{
        button::{Button, Kind, LinkButton, Press},
        icon::Glyph,
        load_problem::WindowProblem,
        mark::Shape,
        note::Note,
        stepper::Stepper,
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// Where closing leads.
const BACK: &str = "/accounts";

/// The window Add SMTP Service.
#[component]
pub fn AddAccount() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, accounts.add.title);
    let offered = Resource::new(|| (), |()| providers());
    view! {
        <Title text=title />
        <Window title back=BACK>
            <Suspense>
                {move || Suspend::new(async move {
                    match offered.await {
                        Ok(offered) => view! { <ChoiceAndStep offered /> }.into_any(),
                        Err(error) => view! { <WindowProblem error /> }.into_any(),
                    }
                })}
            </Suspense>
        </Window>
    }
    .into_any()
}

/// The choice, and below it the step that it leads to.
#[component]
fn ChoiceAndStep(offered: Vec<ProviderApplication>) -> impl IntoView {
    let query = use_query_map();
    let presets: Vec<Provider> = offered.iter().map(|offer| offer.provider.clone()).collect();
    let known = StoredValue::new(presets.clone());
    let address = Memo::new(move |_| query.with(|query| query.get("address")).unwrap_or_default());
    // Without a script, the address alone comes in: its domain chooses.
    let chosen = Memo::new(move |_| {
        let named = query.with(|query| query.get("provider")).unwrap_or_default();
        if !named.is_empty() {
            return named;
        }
        let address = address.get();
        let domain = address.rsplit_once('@').map(|(_, domain)| domain.trim());
        let found = known.with_value(|known| by_domain(known, domain?).map(|found| found.key.to_string()));
        found.unwrap_or_default()
    });
    let navigate = use_navigate();
    let choose = Callback::new(move |(provider, address): (String, String)| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&path(&provider, &address), options);
    });
    let current = Signal::derive(move || usize::from(!chosen.with(String::is_empty)));
    let step = move || {
        let key = chosen.get();
        let offer = offered
            .iter()
            .find(|offer| offer.provider.key.as_str() == key)
            .cloned();
        match offer {
            _ if key.is_empty() => ().into_any(),
            Some(offer) if offer.provider.credential == Credential::Oauth => {
                view! { <AddSignIn offer /> }.into_any()
            }
            Some(offer) => {
                let presets = known.get_value();
                view! { <AddPassword provider=offer.provider presets address=address.get_untracked() /> }
                    .into_any()
            }
            None => unknown(),
        }
    };
    // Many mailboxes at once come as a file; who has chosen one provider wants one.
    let in_bulk = move || {
        let shown = chosen.with(|key| key.is_empty() || key == ProviderKey::CUSTOM);
        shown.then(|| {
            let i18n = use_i18n();
            view! {
                <div class="row">
                    <LinkButton glyph=Glyph::Bulk href="/accounts/import">
                        {t!(i18n, import.button)}
                    </LinkButton>
                </div>
            }
        })
    };
    view! {
        <div class="body">
            <div class="stack">
                <Steps current />
                <Choose presets chosen address choose />
                {in_bulk}
            </div>
        </div>
        {step}
    }
    .into_any()
}

/// The window with a choice made: the path that a link or a form leads to.
pub(super) fn path(provider: &str, address: &str) -> String {
    let mut query = form_urlencoded(&[("provider", provider), ("address", address)]);
    if !query.is_empty() {
        query.insert(0, '?');
    }
    format!("/accounts/add{query}")
}

/// What is empty is left out.
fn form_urlencoded(fields: &[(&str, &str)]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte);
    let mut query = String::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        for byte in value.bytes() {
            if is_plain(byte) {
                query.push(char::from(byte));
            } else {
                let _ = write!(query, "%{byte:02X}");
            }
        }
    }
    query
}

fn unknown() -> AnyView {
    let i18n = use_i18n();
    view! {
        <div class="body">
            <Note shape=Shape::Failed title=tu_string!(i18n, accounts.add.unknown) />
        </div>
    }
    .into_any()
}

/// Where one is.
#[component]
pub fn Steps(
    /// From 0.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let steps = [
        tu_string!(i18n, accounts.add.step_account),
        tu_string!(i18n, accounts.add.step_sign_in),
        tu_string!(i18n, accounts.add.step_test),
        tu_string!(i18n, accounts.add.step_rules),
    ];
    view! { <Stepper steps=steps.map(str::to_owned).to_vec() current /> }.into_any()
}

/// The foot of the second step: back to the first, away, or on.
#[component]
pub fn SignInFooter(
    /// The form is being answered.
    #[prop(into)]
    busy: Signal<bool>,
    /// The main button's words.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <footer>
            <LinkButton href="/accounts/add">{t!(i18n, accounts.add.back)}</LinkButton>
            <span class="push"></span>
            <LinkButton href=BACK>{t!(i18n, accounts.edit.cancel)}</LinkButton>
            <Button kind=Kind::Main press=Press::Submit busy>
                {children()}
            </Button>
        </footer>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn the_choice_is_part_of_the_pages_address() {
        assert_eq!(path("", ""), "/accounts/add");
        assert_eq!(path("gmail", ""), "/accounts/add?provider=gmail");
        assert_eq!(
            path("custom", "a+b&c@x.org"),
            "/accounts/add?provider=custom&address=a%2Bb%26c@x.org"
        );
    }
}
