//! What needs somebody now, the worst first: accounts that cannot send, then those that soon will not, then pairs
//! that nobody sends for.

use std::cmp::Reverse;

use leptos::prelude::*;
use tocsin_domain::{
    authorization::{Authorization, Refusal},
    nas::LogReach,
    overview::Counts,
    senderless::SenderlessPair,
    told::{Unheard, WebhookReach},
};

use super::incident;
use crate::{
    api::overview::Health,
    base::at,
    components::{
        attention::AttentionItem,
        button::{Kind, LinkButton},
        disclosure::Disclosure,
        empty::Empty,
        icon::Glyph,
        mark::Shape,
        panel::Panel,
        rebind::rebind_items,
        reply::{About, Above, Reply, stage_of},
        table::Urgency,
        time::{Moment, Precision},
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

#[component]
pub fn NeedsSomebody(
    accounts: Vec<Health>,
    /// How many of them send now or will by themselves.
    able: usize,
    /// The pairs that nobody sends for.
    senderless: Vec<SenderlessPair>,
    /// The warnings that nobody could be sent.
    unheard: Unheard,
    /// To how many addresses of administrators warnings go.
    addresses: usize,
    counts: Counts,
) -> impl IntoView {
    let i18n = use_i18n();
    let nobody_can = able == 0;
    let nothing_yet = accounts.is_empty() && senderless.is_empty();
    let pairs = senderless.len();
    let (incidents, others) = incident::apart(accounts);
    let hit: usize = incidents.iter().map(|(_, accounts)| accounts.len()).sum();
    let mut stuck: Vec<_> = others
        .into_iter()
        .filter(|one| urgency_of(&one.account.authorization).is_some())
        .collect();
    stuck.sort_by_key(|one| (urgency_of(&one.account.authorization), Reverse(one.counts.held)));
    let mut notes = Vec::new();
    if stuck.len() + hit > 0 {
        notes.push(tu_string!(
            i18n,
            overview.accounts_stuck,
            count = stuck.len() + hit
        ));
    }
    if pairs > 0 {
        notes.push(tu_string!(i18n, deleting.rebind.count, count = pairs));
    }
    if !notes.is_empty() {
        notes.push(tu_string!(i18n, overview.held, count = counts.held));
    }
    let note = notes.join(", ");
    let nobody = (nobody_can && counts.held > 0).then(|| view! { <Nobody held=counts.held unheard /> });
    let nowhere = (addresses == 0).then(|| view! { <Nowhere /> });
    let items = if nothing_yet {
        view! {
            {nowhere.map(|nowhere| view! { <ul class="attention">{nowhere}</ul> })}
            <Empty glyph=Glyph::Accounts fact=tu_string!(i18n, overview.no_account)>
                <p class="sub">{t!(i18n, overview.no_account_hint)}</p>
                <LinkButton kind=Kind::Main glyph=Glyph::Plus href="/accounts/add">
                    {t!(i18n, overview.add_account)}
                </LinkButton>
            </Empty>
        }
        .into_any()
    } else if stuck.is_empty() && hit == 0 && pairs == 0 && nobody.is_none() && nowhere.is_none() {
        view! {
            <Empty glyph=Glyph::Check fact=tu_string!(i18n, overview.calm)>
                <p class="sub">{t!(i18n, overview.calm_hint)}</p>
            </Empty>
        }
        .into_any()
    } else {
        let mut first = hit == 0;
        let incidents: Vec<_> = incidents
            .iter()
            .map(|(provider, accounts)| incident::item(provider, accounts))
            .collect();
        let items: Vec<_> = stuck
            .into_iter()
            .map(|one| {
                let is_first = std::mem::take(&mut first);
                item(one, is_first)
            })
            .collect();
        view! {
            <ul class="attention">{nobody} {nowhere} {incidents} {items} {rebind_items(senderless)}</ul>
        }
        .into_any()
    };
    view! {
        <Panel id="now" title=tu_string!(i18n, overview.needs) note>
            {items}
        </Panel>
    }
    .into_any()
}

/// How much an account calls; none if it does not.
fn urgency_of(authorization: &Authorization) -> Option<u8> {
    match authorization {
        Authorization::NeedsReauthorization(_) => Some(0),
        Authorization::NeedsConfiguration(_) => Some(1),
        Authorization::Expiring { .. } => Some(2),
        Authorization::Unverified | Authorization::Authorized | Authorization::Unreachable { .. } => None,
    }
}

/// On a NAS whose administrators sign in, there may be no local one, and so nobody's address.
#[component]
fn Nowhere() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <AttentionItem
            shape=Shape::Warning
            title=tu_string!(i18n, warnings.unheard.nowhere)
            actions=move || {
                view! {
                    <LinkButton href="/settings#administrators">
                        {t!(i18n, warnings.unheard.make_local)}
                    </LinkButton>
                }
            }
        >
            <p>{t!(i18n, warnings.unheard.nowhere_words)}</p>
        </AttentionItem>
    }
    .into_any()
}

#[component]
fn Nobody(held: u64, unheard: Unheard) -> impl IntoView {
    let i18n = use_i18n();
    let waits = (unheard.warnings > 0).then(|| {
        view! {
            <b>{t!(i18n, warnings.unheard.title)} ": "</b>
            {tu_string!(i18n, warnings.unheard.waits, count = unheard.warnings)}
            " "
        }
    });
    let webhook = match unheard.webhook {
        WebhookReach::Told => tu_string!(i18n, warnings.unheard.webhook_told),
        WebhookReach::Failing => tu_string!(i18n, warnings.unheard.webhook_failing),
        WebhookReach::None => tu_string!(i18n, warnings.unheard.webhook_none),
    };
    let nas_log = match unheard.nas_log {
        LogReach::Written => tu_string!(i18n, warnings.unheard.nas_log_written),
        LogReach::Failing => tu_string!(i18n, warnings.unheard.nas_log_failing),
        LogReach::None => "",
    };
    let may_set = unheard.webhook != WebhookReach::Told;
    let to_webhook = match unheard.webhook {
        WebhookReach::Failing => tu_string!(i18n, warnings.unheard.open_webhook),
        WebhookReach::None | WebhookReach::Told => tu_string!(i18n, warnings.unheard.set_webhook),
    };
    view! {
        <AttentionItem
            shape=Shape::Held
            title=tu_string!(i18n, overview.nobody)
            words=tu_string!(i18n, overview.nobody_words, count = held)
            actions=move || {
                view! { <LinkButton href="/notifications">{t!(i18n, overview.show_held)}</LinkButton> }
            }
        >
            <p>{waits} {webhook} " " {nas_log}</p>
            {may_set
                .then(|| {
                    view! {
                        <p>
                            <a href=at("/settings#webhook")>{to_webhook}</a>
                        </p>
                    }
                })}
        </AttentionItem>
    }
    .into_any()
}

fn item(one: Health, is_first: bool) -> AnyView {
    let i18n = use_i18n();
    let Health {
        account,
        provider,
        counts,
    } = one;
    let address = account.settings.address.to_string();
    let about = About::account_by_id(account.id);
    let shape = Shape::from(&account.authorization);
    let sentence = words::authorization::sentence(i18n, &account.authorization);
    let title = match account.authorization {
        Authorization::NeedsConfiguration(_) => {
            tu_string!(i18n, overview.settings_refused, address = address)
        }
        Authorization::Expiring { .. } => tu_string!(i18n, overview.expires, address = address),
        _ => tu_string!(i18n, overview.cannot_send, address = address),
    };
    let urgency = match account.authorization {
        Authorization::NeedsReauthorization(_) => Urgency::Now,
        _ => Urgency::None,
    };
    let moment = match &account.authorization {
        Authorization::Expiring { ends, .. } => view! {
            {t!(i18n, overview.on)}
            " "
            <Moment at=*ends precision=Precision::Full />
        }
        .into_any(),
        Authorization::NeedsReauthorization(Refusal { since, .. })
        | Authorization::NeedsConfiguration(Refusal { since, .. }) => view! {
            {t!(i18n, overview.since)}
            " "
            <Moment at=*since />
        }
        .into_any(),
        _ => ().into_any(),
    };
    let held = counts.held;
    let facts = move || {
        view! {
            {provider}
            " · "
            {moment}
            {(held > 0)
                .then(|| {
                    view! {
                        " · "
                        <b>{tu_string!(i18n, overview.held, count = held)}</b>
                    }
                })}
        }
    };
    let kind = if is_first { Kind::Main } else { Kind::Default };
    let href = format!("/accounts/{}", account.id);
    let needs_settings = matches!(account.authorization, Authorization::NeedsConfiguration(_));
    let actions = move || {
        let (glyph, words) = if needs_settings {
            (Glyph::Edit, tu_string!(i18n, overview.edit_settings))
        } else {
            (Glyph::Key, tu_string!(i18n, overview.reauthorize))
        };
        view! {
            <LinkButton kind glyph href>
                {words}
            </LinkButton>
        }
    };
    let refusal = match account.authorization {
        Authorization::NeedsReauthorization(refusal) | Authorization::NeedsConfiguration(refusal) => {
            Some(refusal)
        }
        _ => None,
    };
    view! {
        <AttentionItem shape urgency title words=sentence facts actions>
            {refusal.map(|refusal| why(refusal, held, about))}
        </AttentionItem>
    }
    .into_any()
}

fn why(refusal: Refusal, held: u64, about: About) -> AnyView {
    let i18n = use_i18n();
    let Refusal {
        meaning, words: said, ..
    } = refusal;
    let stage = stage_of(meaning, &said);
    view! {
        <p>{words::failure::meaning(i18n, meaning)}</p>
        {(held > 0).then(|| view! { <p>{t!(i18n, overview.nothing_lost)}</p> })}
        <Disclosure summary=tu_string!(i18n, overview.server_words)>
            <Reply stage meaning words=said about above=Above::Meaning />
        </Disclosure>
    }
    .into_any()
}
