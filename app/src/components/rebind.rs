//! The prompt for each pair that nobody sends for, one click from its sender list. It stays until none is left.

use leptos::prelude::*;
use tocsin_domain::{
    rule::Switch,
    senderless::{GoneSender, Senderless, SenderlessPair},
};

use super::{
    attention::AttentionItem,
    button::{Kind, LinkButton},
    icon::Glyph,
    mark::Shape,
    panel::Panel,
};
use crate::i18n::{t, tu_string, use_i18n};

/// Where a pair's sender list is.
pub fn pair_href(pair: &SenderlessPair) -> String {
    format!("/rules/{}#pair-{}", pair.rule, pair.pair)
}

/// The prompts in a panel of their own; nothing where there are none.
#[component]
pub fn RebindPanel(
    /// The pairs that need a sender.
    pairs: Vec<SenderlessPair>,
) -> impl IntoView {
    let i18n = use_i18n();
    (!pairs.is_empty())
        .then(|| {
            let note = tu_string!(i18n, deleting.rebind.count, count = pairs.len());
            view! {
                <Panel id="senderless" title=tu_string!(i18n, deleting.rebind.panel) note>
                    <ul class="attention">{rebind_items(pairs)}</ul>
                </Panel>
            }
        })
        .into_any()
}

/// The prompts as items of an attention list.
pub fn rebind_items(pairs: Vec<SenderlessPair>) -> Vec<AnyView> {
    pairs.into_iter().map(item).collect()
}

/// Why nobody sends for a pair.
pub fn why(why: &Senderless) -> String {
    let i18n = use_i18n();
    let Senderless::SendersGone(gone) = why else {
        return tu_string!(i18n, deleting.rebind.no_default).to_owned();
    };
    let addresses: Vec<_> = gone
        .iter()
        .filter_map(|sender| match sender {
            GoneSender::Deleted(deleted) => Some(deleted.address.to_string()),
            GoneSender::Unknown(_) => None,
        })
        .collect();
    if addresses.is_empty() {
        return tu_string!(i18n, deleting.rebind.unknown).to_owned();
    }
    tu_string!(
        i18n,
        deleting.rebind.gone,
        count = addresses.len(),
        addresses = addresses.join(", ")
    )
}

fn item(pair: SenderlessPair) -> AnyView {
    let i18n = use_i18n();
    let href = pair_href(&pair);
    let title = tu_string!(
        i18n,
        deleting.rebind.title,
        name = pair.name.to_string(),
        place = pair.place
    );
    let words = why(&pair.why);
    let recipients: Vec<_> = pair.recipients.iter().map(ToString::to_string).collect();
    let recipients = tu_string!(i18n, deleting.rebind.facts, recipients = recipients.join(", "));
    let off = (pair.switch == Switch::Off).then(|| format!(" · {}", tu_string!(i18n, deleting.rebind.off)));
    let held = (pair.held > 0).then(|| {
        view! {
            " · "
            <b>{tu_string!(i18n, deleting.rebind.held, count = pair.held)}</b>
        }
    });
    let facts = move || {
        view! {
            {recipients}
            {off}
            {held}
        }
    };
    let restorable = match pair.why {
        Senderless::SendersGone(gone) => gone.into_iter().find_map(|sender| match sender {
            GoneSender::Deleted(deleted) if deleted.is_restorable() => Some(deleted),
            _ => None,
        }),
        Senderless::NoDefault => None,
    };
    let actions = move || {
        view! {
            <LinkButton kind=Kind::Main glyph=Glyph::Rules href>
                {t!(i18n, deleting.rebind.choose)}
            </LinkButton>
            {restorable
                .map(|deleted| {
                    let address = deleted.address.to_string();
                    view! {
                        <LinkButton glyph=Glyph::Undo href=format!("/accounts/{}/restore", deleted.id)>
                            {tu_string!(i18n, deleting.rebind.restore, address = address)}
                        </LinkButton>
                    }
                })}
        }
    };
    view! {
        <AttentionItem shape=Shape::Configuration title words facts actions>
            <p>{t!(i18n, deleting.rebind.kept)}</p>
        </AttentionItem>
    }
    .into_any()
}
