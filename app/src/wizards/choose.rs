//! The first step of Add SMTP Service: the provider, from the drop-down or by the domain of an address.

use leptos::prelude::*;
use tocsin_domain::{
    address::EmailAddress,
    provider::{Provider, by_domain},
};

use super::add_account::path;
use crate::{
    base::at,
    components::{
        button::{Button, Kind, LinkButton, Press},
        field::{Field, Input},
        mark::Shape,
        mounted::mounted,
        note::Note,
        provider_picker::ProviderPicker,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The form. Where a provider is chosen, only the drop-down is left of it.
#[component]
pub fn Choose(
    /// The presets.
    presets: Vec<Provider>,
    /// The key of the one that is chosen; empty while none is.
    #[prop(into)]
    chosen: Signal<String>,
    /// The address that was typed.
    #[prop(into)]
    address: Signal<String>,
    /// Takes a provider's key and an address.
    choose: Callback<(String, String)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(address.get_untracked());
    let known = StoredValue::new(presets.clone());
    let on_choice = Callback::new(move |key: String| choose.run((key, typed.get_untracked())));
    // Once the domain is one that is known there is nothing more to ask.
    Effect::new(move |_| {
        let text = typed.get();
        if !chosen.with_untracked(String::is_empty) {
            return;
        }
        let found = known.with_value(|known| Some(by_domain(known, domain(&text)?)?.key.to_string()));
        if let Some(key) = found {
            choose.run((key, text));
        }
    });
    let ask = move || {
        chosen.with(String::is_empty).then(|| {
            view! {
                <Field
                    label=tu_string!(i18n, adding.address)
                    name="address"
                    id="typed-address"
                    input=Input::Email
                    bind=typed
                    hint=tu_string!(i18n, adding.address_hint)
                    autocomplete="email"
                />
                {not_found(&address.get())}
            }
        })
    };
    let is_live = mounted();
    let change = move || {
        (!chosen.with(String::is_empty) && !is_live.get()).then(|| {
            view! {
                <div>
                    <Button press=Press::Submit>{t!(i18n, adding.change)}</Button>
                </div>
            }
        })
    };
    let foot = move || {
        chosen.with(String::is_empty).then(|| {
            view! {
                <div class="row">
                    <span class="push"></span>
                    <LinkButton href="/accounts">{t!(i18n, accounts.edit.cancel)}</LinkButton>
                    <Button kind=Kind::Main press=Press::Submit>
                        {t!(i18n, accounts.add.next)}
                    </Button>
                </div>
            }
        })
    };
    view! {
        <form method="get" action=at("/accounts/add")>
            <div class="stack">
                <ProviderPicker providers=presets chosen on_choice />
                {change}
                {ask}
                {foot}
            </div>
        </form>
    }
    .into_any()
}

fn domain(address: &str) -> Option<&str> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    (!local.is_empty()).then_some(domain)
}

/// What is said of an address that was sent and chose no provider.
fn not_found(address: &str) -> Option<AnyView> {
    let i18n = use_i18n();
    if address.trim().is_empty() {
        return None;
    }
    let Ok(address) = address.parse::<EmailAddress>() else {
        return Some(
            view! {
                <Note shape=Shape::Failed title=tu_string!(i18n, adding.no_domain)>
                    <p>{t!(i18n, adding.no_domain_text)}</p>
                </Note>
            }
            .into_any(),
        );
    };
    let link = |key: &str, words: &'static str| {
        let href = path(key, address.as_str());
        view! { <LinkButton href>{words}</LinkButton> }
    };
    let ways = [
        link("custom", "Custom"),
        link("gmail", "Gmail"),
        link("microsoft365", "Microsoft 365"),
    ];
    let domain = address.domain();
    Some(
        view! {
            <Note shape=Shape::Unverified title=tu_string!(i18n, adding.unknown_domain, domain = domain)>
                <div class="stack">
                    <p>{t!(i18n, adding.unknown_domain_text)}</p>
                    <div class="row">{ways.into_iter().collect_view()}</div>
                </div>
            </Note>
        }
        .into_any(),
    )
}
