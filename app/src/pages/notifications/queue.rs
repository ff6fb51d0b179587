//! What waits, and why.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use tocsin_domain::{
    authorization::Authorization,
    id::AccountId,
    notification::{Notification, State},
};

use super::{
    pager::{Pager, page_of},
    what::What,
};
use crate::{
    api::notifications::{self as api, Cancel, SendNow, Sender, Waiting, list_queue},
    components::{
        action_form::ActionForm,
        button::{IconButton, LinkButton, Press},
        empty::Empty,
        form::{FormProblem, Problem},
        icon::Glyph,
        live::use_live,
        loaded::Loaded,
        mark::Shape,
        panel::Panel,
        status::Status,
        table::{Cell, CellText, Column, GroupRow, Place, Row, Table},
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    words::{self, I18n},
};

/// How many columns the table has.
const COLUMNS: u8 = 5;

/// What the rows' forms run.
#[derive(Clone, Copy)]
struct Actions {
    send: ServerAction<SendNow>,
    cancel: ServerAction<Cancel>,
}

#[component]
pub fn Queue() -> impl IntoView {
    let live = use_live();
    let actions = Actions {
        send: ServerAction::new(),
        cancel: ServerAction::new(),
    };
    let query = use_query_map();
    let page = Memo::new(move |_| query.with(|query| page_of(query.get_str("page"))));
    let source = move || {
        (
            page.get(),
            live.version.get(),
            actions.send.version().get(),
            actions.cancel.version().get(),
        )
    };
    let fetched = Resource::new(source, |(page, ..)| list_queue(page));
    view! {
        <FormProblem problem=Problem::of(actions.send) />
        <FormProblem problem=Problem::of(actions.cancel) />
        <Loaded resource=fetched view=move |queue| shown(queue, page.get_untracked(), actions) />
    }
    .into_any()
}

fn shown(queue: api::Queue, page: u32, actions: Actions) -> AnyView {
    let i18n = use_i18n();
    let api::Queue { waiting, total } = queue;
    let table = if waiting.is_empty() {
        view! {
            <Empty glyph=Glyph::Check fact=tu_string!(i18n, notifications.empty_queue)>
                <p class="sub">{t!(i18n, notifications.empty_queue_hint)}</p>
            </Empty>
        }
        .into_any()
    } else {
        let columns = vec![
            Column::text(tu_string!(i18n, notifications.column.event)),
            Column::text(tu_string!(i18n, notifications.column.why)),
            Column::text(tu_string!(i18n, notifications.column.since)),
            Column::text(tu_string!(i18n, notifications.column.next)),
            Column::hidden(tu_string!(i18n, common.actions)),
        ];
        let (held, moving): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|one| one.notification.state == State::Held);
        view! {
            <Table label=tu_string!(i18n, notifications.queue) columns>
                {held_group(&held)}
                {held.into_iter().map(|one| row(one, actions)).collect_view()}
                {moving_group(&moving)}
                {moving.into_iter().map(|one| row(one, actions)).collect_view()}
            </Table>
        }
        .into_any()
    };
    let note = if total == 0 {
        String::new()
    } else {
        tu_string!(i18n, notifications.count, count = total)
    };
    view! {
        <Panel id="queue" title=tu_string!(i18n, notifications.queue) note>
            {table}
            <Pager page total href="/notifications?page=" />
        </Panel>
    }
    .into_any()
}

/// How many are held, and the way to each account that would carry them.
fn held_group(held: &[Waiting]) -> Option<AnyView> {
    let i18n = use_i18n();
    let mut stuck: Vec<&Sender> = Vec::new();
    for sender in held.iter().flat_map(|one| &one.senders) {
        if sender.authorization.needs_somebody() && !stuck.iter().any(|known| known.id == sender.id) {
            stuck.push(sender);
        }
    }
    let ways: Vec<_> = stuck
        .into_iter()
        .map(|sender| way_out(sender.id, sender))
        .collect();
    (!held.is_empty()).then(|| {
        view! {
            <GroupRow
                columns=COLUMNS
                shape=Shape::Held
                words=tu_string!(i18n, notifications.held_group, count = held.len())
                detail=tu_string!(i18n, notifications.held_group_next)
            >
                {ways}
            </GroupRow>
        }
        .into_any()
    })
}

fn way_out(id: AccountId, sender: &Sender) -> AnyView {
    let i18n = use_i18n();
    let address = sender.address.clone();
    let (glyph, words) = match sender.authorization {
        Authorization::NeedsReauthorization(_) => (
            Glyph::Key,
            tu_string!(i18n, notifications.reauthorize, address = address),
        ),
        _ => (
            Glyph::Edit,
            tu_string!(i18n, notifications.edit_account, address = address),
        ),
    };
    view! {
        <LinkButton href=format!("/accounts/{id}") glyph>
            {words}
        </LinkButton>
    }
    .into_any()
}

fn moving_group(moving: &[Waiting]) -> Option<AnyView> {
    let i18n = use_i18n();
    (!moving.is_empty()).then(|| {
        view! {
            <GroupRow
                columns=COLUMNS
                shape=Shape::Queued
                words=tu_string!(i18n, notifications.queued_group, count = moving.len())
                detail=tu_string!(i18n, notifications.queued_group_next)
            />
        }
        .into_any()
    })
}

fn row(one: Waiting, actions: Actions) -> AnyView {
    let i18n = use_i18n();
    let Waiting {
        notification,
        senders,
    } = one;
    let (id, state, since) = (notification.id, notification.state, notification.since);
    let headline = notification.headline.clone();
    let next = match (state, notification.next_at) {
        (State::Held, _) => view! { {t!(i18n, notifications.when_able)} }.into_any(),
        (State::Queued, Some(at)) if notification.attempts > 0 => view! { <Moment at /> }.into_any(),
        _ => view! { {t!(i18n, notifications.at_once)} }.into_any(),
    };
    let detail = detail(i18n, &notification, &senders);
    // One under way cannot be stopped any more.
    let buttons = (state != State::Sending).then(|| {
        let send_now = tu_string!(i18n, notifications.send_now_named, headline = headline.clone());
        let cancel = tu_string!(i18n, notifications.cancel_named, headline = headline);
        view! {
            <div class="row">
                <ActionForm action=actions.send>
                    <input type="hidden" name="id" value=id.to_string() />
                    <IconButton
                        glyph=Glyph::Send
                        label=send_now
                        press=Press::Submit
                    />
                </ActionForm>
                <ActionForm action=actions.cancel>
                    <input type="hidden" name="id" value=id.to_string() />
                    <IconButton
                        glyph=Glyph::Close
                        label=cancel
                        press=Press::Submit
                    />
                </ActionForm>
            </div>
        }
    });
    view! {
        <Row>
            <Cell place=Place::Half>
                <What notification />
            </Cell>
            <Cell label=tu_string!(i18n, notifications.column.why)>
                <Status shape=Shape::from(state) words=words::notification::state(i18n, state) detail />
            </Cell>
            <Cell label=tu_string!(i18n, notifications.column.since) text=CellText::Line>
                <Moment at=since />
            </Cell>
            <Cell label=tu_string!(i18n, notifications.column.next)>{next}</Cell>
            <Cell place=Place::Corner>{buttons}</Cell>
        </Row>
    }
    .into_any()
}

/// Why it waits: what is wrong with each sender; or for whom it waits.
fn detail(i18n: I18n, notification: &Notification, senders: &[Sender]) -> String {
    let why = words::notification::why(i18n, notification);
    match &notification.account {
        Some((_, address)) => format!(
            "{why} {}",
            tu_string!(i18n, notifications.by, address = address.clone())
        ),
        None if senders.is_empty() => why,
        None => {
            let states = senders.iter().map(|sender| {
                let state = words::authorization::short(i18n, &sender.authorization);
                format!("{}: {state}", sender.address)
            });
            states.collect::<Vec<_>>().join(" · ")
        }
    }
}
