//! System Notification Rules: event and alert notifications.

use leptos::prelude::*;
use leptos_meta::Title;
use tocsin_domain::{
    account::IsDefault,
    rule::{Conditions, Pair, Rule, Switch},
    senderless::{GoneSender, Senderless},
};

use crate::{
    api::rules::{DraftKind, Listed, Mailbox, SwitchRule, list_rules},
    base::at,
    components::{
        account_status,
        action_form::ActionForm,
        button::{IconLink, LinkButton},
        done::Done,
        empty::Empty,
        form::{FormProblem, Problem},
        icon::Glyph,
        layout::PageHead,
        live::use_live,
        loaded::Loaded,
        mark::{Mark, Shape},
        panel::Panel,
        rebind::{self, RebindPanel},
        status::Status,
        table::{Cell, Column, Place, Row, Table},
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// System Notification Rules: event and alert notifications.
#[component]
pub fn Rules() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, rules.title);
    let live = use_live();
    let switch = ServerAction::<SwitchRule>::new();
    let fetched = Resource::new(
        move || (live.version.get(), switch.version().get()),
        |_| list_rules(),
    );
    view! {
        <Title text=title />
        <PageHead title />
        <Done words=done />
        <FormProblem problem=Problem::of(switch) />
        <Loaded resource=fetched view=move |listed| shown(listed, switch) />
    }
    .into_any()
}

fn done(done: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    match done {
        "saved" => Some(tu_string!(i18n, rules.done.saved)),
        "deleted" => Some(tu_string!(i18n, rules.done.deleted)),
        _ => None,
    }
}

fn shown(listed: Listed, switch: ServerAction<SwitchRule>) -> AnyView {
    let Listed {
        rules,
        senders,
        gone,
        senderless,
    } = listed;
    let (event, alert): (Vec<_>, Vec<_>) = rules
        .into_iter()
        .partition(|rule| matches!(rule.definition.conditions, Conditions::Event { .. }));
    let people = People { senders, gone };
    view! {
        <RebindPanel pairs=senderless />
        {group(DraftKind::Event, event, &people, switch)}
        {group(DraftKind::Alert, alert, &people, switch)}
    }
    .into_any()
}

/// Who stands in the rules' sender lists.
struct People {
    senders: Vec<Mailbox>,
    gone: Vec<GoneSender>,
}

/// The rules of one kind.
fn group(kind: DraftKind, rules: Vec<Rule>, people: &People, switch: ServerAction<SwitchRule>) -> AnyView {
    let i18n = use_i18n();
    let (title, note, none, add) = match kind {
        DraftKind::Event => (
            tu_string!(i18n, rules.event),
            tu_string!(i18n, rules.event_hint),
            tu_string!(i18n, rules.none_event),
            tu_string!(i18n, rules.add_event),
        ),
        DraftKind::Alert => (
            tu_string!(i18n, rules.alert),
            tu_string!(i18n, rules.alert_hint),
            tu_string!(i18n, rules.none_alert),
            tu_string!(i18n, rules.add_alert),
        ),
    };
    let href = format!("/rules/new?kind={}", kind.as_str());
    let list = if rules.is_empty() {
        let href = href.clone();
        view! {
            <Empty glyph=Glyph::Rules fact=none>
                <p>
                    <a href=at(href)>{add}</a>
                </p>
            </Empty>
        }
        .into_any()
    } else {
        let columns = vec![
            Column::text(tu_string!(i18n, rules.column.name)),
            Column::text(tu_string!(i18n, rules.column.conditions)),
            Column::text(tu_string!(i18n, rules.column.pairs)),
            Column::text(tu_string!(i18n, rules.column.switch)),
            Column::hidden(tu_string!(i18n, common.actions)),
        ];
        let rows: Vec<_> = rules.into_iter().map(|rule| row(rule, people, switch)).collect();
        view! {
            <Table label=title columns>
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <Panel
            id=kind.as_str()
            title
            note
            actions=move || {
                view! {
                    <LinkButton href=href.clone() glyph=Glyph::Plus attr:aria-label=add>
                        {t!(i18n, rules.add)}
                    </LinkButton>
                }
            }
        >
            {list}
        </Panel>
    }
    .into_any()
}

fn row(rule: Rule, people: &People, switch: ServerAction<SwitchRule>) -> AnyView {
    let i18n = use_i18n();
    let Rule { id, definition } = rule;
    let name = definition.name.to_string();
    let conditions = words::rule::conditions(i18n, &definition.conditions);
    let pairs = definition
        .pairs
        .iter()
        .map(|one| pair(one, people))
        .collect_view();
    let (is_on, next, word) = match definition.switch {
        Switch::On => ("true", "off", tu_string!(i18n, rules.on)),
        Switch::Off => ("false", "on", tu_string!(i18n, rules.off)),
    };
    let label = tu_string!(i18n, rules.switch, name = name.clone());
    let edit = tu_string!(i18n, rules.edit, name = name.clone());
    let delete = tu_string!(i18n, rules.delete_named, name = name.clone());
    view! {
        <Row>
            <Cell place=Place::Half>
                <a href=at(format!("/rules/{id}"))>
                    <b>{name}</b>
                </a>
            </Cell>
            <Cell label=tu_string!(i18n, rules.column.conditions)>{conditions}</Cell>
            <Cell label=tu_string!(i18n, rules.column.pairs)>
                <ul class="pairs">{pairs}</ul>
            </Cell>
            <Cell label=tu_string!(i18n, rules.column.switch)>
                <ActionForm action=switch>
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="switch" value=next />
                    <button type="submit" class="switch" role="switch" aria-checked=is_on aria-label=label>
                        <span aria-hidden="true"></span>
                        {word}
                    </button>
                </ActionForm>
            </Cell>
            <Cell place=Place::Corner>
                <div class="row">
                    <IconLink
                        glyph=Glyph::Edit
                        label=edit
                        href=format!("/rules/{id}")
                    />
                    <IconLink
                        glyph=Glyph::Trash
                        label=delete
                        href=format!("/rules/{id}?delete=ask#delete")
                    />
                </div>
            </Cell>
        </Row>
    }
    .into_any()
}

/// The senders in their order, each with its state, and who gets the mail.
fn pair(pair: &Pair, people: &People) -> AnyView {
    let i18n = use_i18n();
    let People { senders, gone } = people;
    let find = |id| senders.iter().find(|one| one.account.id == id);
    let mut listed: Vec<_> = pair
        .senders
        .iter()
        .filter_map(|id| find(*id))
        .map(|one| {
            let account = &one.account;
            let words = words::authorization::short(i18n, &account.authorization);
            view! {
                <span class="sender">
                    <Mark shape=account_status::shape(account) />
                    <span>{account.settings.address.to_string()}</span>
                    <span class="vh">{words}</span>
                </span>
            }
            .into_any()
        })
        .collect();
    if listed.is_empty() && !pair.senders.is_empty() {
        let gone = gone.iter().filter(|one| pair.senders.contains(&one.id()));
        let detail = rebind::why(&Senderless::SendersGone(gone.cloned().collect()));
        let words = tu_string!(i18n, rules.no_sender);
        listed.push(view! { <Status shape=Shape::Configuration words detail /> }.into_any());
    } else if listed.is_empty() {
        let default = senders.iter().find(|one| one.account.default == IsDefault::Yes);
        let words = tu_string!(i18n, rules.no_sender);
        listed.push(match default {
            Some(one) => {
                let detail = tu_string!(i18n, rules.by_default);
                let address = format!("{} ({detail})", one.account.settings.address);
                view! { <Status shape=account_status::shape(&one.account) words=address /> }.into_any()
            }
            None => view! { <Status shape=Shape::Configuration words /> }.into_any(),
        });
    }
    let recipients: Vec<_> = pair.recipients.iter().map(ToString::to_string).collect();
    view! {
        <li>
            {listed} <span class="sub">{t!(i18n, rules.to)} " " {recipients.join(", ")}</span>
        </li>
    }
    .into_any()
}
