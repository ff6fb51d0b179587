//! A refused OAuth application: one item for all accounts that it keeps from sending.

use leptos::prelude::*;
use tocsin_domain::provider::ProviderKey;

use crate::{
    api::overview::Health,
    components::{
        attention::AttentionItem,
        button::{Kind, LinkButton},
        disclosure::Disclosure,
        icon::Glyph,
        mark::Shape,
        reply::{About, Above, Reply, stage_of},
        table::Urgency,
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The accounts whose OAuth application is refused, by its provider, and all others.
pub fn apart(accounts: Vec<Health>) -> (Vec<(ProviderKey, Vec<Health>)>, Vec<Health>) {
    let is_hit = |one: &Health| one.account.authorization.application_fault().is_some();
    let (hit, others): (Vec<_>, Vec<_>) = accounts.into_iter().partition(is_hit);
    let mut incidents: Vec<(ProviderKey, Vec<Health>)> = Vec::new();
    for one in hit {
        let provider = one.account.settings.provider.clone();
        match incidents.iter_mut().find(|(known, _)| *known == provider) {
            Some((_, accounts)) => accounts.push(one),
            None => incidents.push((provider, vec![one])),
        }
    }
    (incidents, others)
}

/// The item.
pub fn item(provider: &ProviderKey, accounts: &[Health]) -> AnyView {
    let i18n = use_i18n();
    let refusals = accounts
        .iter()
        .filter_map(|one| one.account.authorization.application_fault());
    let Some(refusal) = refusals.min_by_key(|refusal| refusal.since).cloned() else {
        return ().into_any();
    };
    let name = accounts
        .first()
        .map(|one| one.provider.clone())
        .unwrap_or_default();
    let held: u64 = accounts
        .iter()
        .map(|one| one.counts.held)
        .max()
        .unwrap_or_default();
    let addresses: Vec<_> = accounts
        .iter()
        .map(|one| one.account.settings.address.to_string())
        .collect();
    let href = format!("/settings/oauth/{provider}");
    let title = tu_string!(i18n, warnings.application.title, provider = name);
    let said = tu_string!(i18n, warnings.application.words, count = accounts.len());
    let since = refusal.since;
    let facts = move || {
        view! {
            {t!(i18n, overview.since)}
            " "
            <Moment at=since />
            {(held > 0)
                .then(|| {
                    view! {
                        " · "
                        <b>{tu_string!(i18n, overview.held, count = held)}</b>
                    }
                })}
        }
    };
    let actions = move || {
        view! {
            <LinkButton kind=Kind::Main glyph=Glyph::Key href>
                {t!(i18n, warnings.application.open)}
            </LinkButton>
        }
    };
    let stage = stage_of(refusal.meaning, &refusal.words);
    let about = About::default();
    view! {
        <AttentionItem
            shape=Shape::Configuration
            urgency=Urgency::Now
            title
            words=said
            facts
            actions
        >
            <p>{words::failure::meaning(i18n, refusal.meaning)} " " {t!(i18n, warnings.application.then)}</p>
            <p class="sub">{addresses.join(", ")}</p>
            <Disclosure summary=tu_string!(i18n, overview.server_words)>
                <Reply stage meaning=refusal.meaning words=refusal.words.clone() about above=Above::Meaning />
            </Disclosure>
        </AttentionItem>
    }
    .into_any()
}
