//! The latest events, and where their notifications stand.

use leptos::prelude::*;
use tocsin_domain::notification::State;

use crate::{
    api::overview::Recent,
    base::at,
    components::{
        button::LinkButton,
        empty::Empty,
        mark::{Mark, Shape},
        panel::Panel,
        status::Status,
        table::{Cell, CellText, Column, Density, Place, Row, Table},
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    words::{self, I18n},
};

/// What is shown of a group of notifications: the worst state gives the mark.
const WORST_FIRST: [State; 7] = [
    State::Failed,
    State::Bounced,
    State::Held,
    State::Queued,
    State::Sending,
    State::Sent,
    State::Acknowledged,
];

#[component]
pub fn Events(events: Vec<Recent>) -> impl IntoView {
    let i18n = use_i18n();
    let list = if events.is_empty() {
        view! {
            <Empty fact=tu_string!(i18n, overview.no_events)>
                <p class="sub">{t!(i18n, overview.no_events_hint)}</p>
                <LinkButton href="/rules">{t!(i18n, overview.make_rule)}</LinkButton>
            </Empty>
        }
        .into_any()
    } else {
        let columns = vec![
            Column::text(tu_string!(i18n, overview.column.event)),
            Column::text(tu_string!(i18n, overview.column.mail)),
            Column::number(tu_string!(i18n, overview.column.time)),
        ];
        view! {
            <Table label=tu_string!(i18n, overview.events) columns density=Density::Compact>
                {events.into_iter().map(row).collect_view()}
            </Table>
        }
        .into_any()
    };
    view! {
        <Panel
            id="events"
            title=tu_string!(i18n, overview.events)
            actions=move || view! { <a href=at("/notifications?tab=history")>{t!(i18n, overview.history)}</a> }
        >
            {list}
        </Panel>
    }
    .into_any()
}

fn row(event: Recent) -> AnyView {
    let i18n = use_i18n();
    let line = tu_string!(
        i18n,
        overview.event_line,
        severity = words::notification::severity(i18n, event.severity),
        application = event.application
    );
    let mails = match counted(&event.states).first() {
        None => view! { <span class="sub">{t!(i18n, overview.no_rule)}</span> }.into_any(),
        Some((worst, _)) => {
            view! { <Status shape=Shape::from(*worst) words=mails(i18n, &event.states) /> }.into_any()
        }
    };
    view! {
        <Row>
            <Cell>
                <div class="who">
                    <Mark shape=Shape::from(event.severity) />
                    <div>{event.headline} <div class="sub">{line}</div></div>
                </div>
            </Cell>
            <Cell label=tu_string!(i18n, overview.column.mail) place=Place::Half>
                {mails}
            </Cell>
            <Cell label=tu_string!(i18n, overview.column.time) place=Place::Half text=CellText::Number>
                <Moment at=event.at />
            </Cell>
        </Row>
    }
    .into_any()
}

/// How many stand where, the worst first.
fn counted(states: &[State]) -> Vec<(State, usize)> {
    WORST_FIRST
        .into_iter()
        .map(|state| (state, states.iter().filter(|one| **one == state).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn mails(i18n: I18n, states: &[State]) -> String {
    let words: Vec<_> = counted(states)
        .into_iter()
        .map(|(state, count)| match state {
            State::Queued => tu_string!(i18n, overview.mails.queued, count = count),
            State::Sending => tu_string!(i18n, overview.mails.sending, count = count),
            State::Held => tu_string!(i18n, overview.mails.held, count = count),
            State::Sent => tu_string!(i18n, overview.mails.sent, count = count),
            State::Bounced => tu_string!(i18n, overview.mails.bounced, count = count),
            State::Acknowledged => tu_string!(i18n, overview.mails.acknowledged, count = count),
            State::Failed => tu_string!(i18n, overview.mails.failed, count = count),
        })
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_state_of_an_events_notifications_comes_first() {
        let states = [State::Sent, State::Held, State::Sent];
        assert_eq!(counted(&states), [(State::Held, 1), (State::Sent, 2)]);
        assert_eq!(counted(&[]), []);
    }

    #[test]
    fn every_state_has_its_place() {
        assert!(State::ALL.into_iter().all(|state| WORST_FIRST.contains(&state)));
    }
}
