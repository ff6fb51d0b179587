//! Overview: what needs somebody now, first; then the last 30 days, the accounts and the latest events.

mod accounts;
mod chart;
mod events;
mod incident;
mod needs;

use leptos::prelude::*;
use leptos_meta::Title;

use self::{accounts::Accounts, chart::Chart, events::Events, needs::NeedsSomebody};
use crate::{
    api::overview::{self as api, fetch_overview},
    components::{
        layout::PageHead,
        live::{Connection, use_live},
        loaded::Loaded,
        mounted::mounted,
    },
    i18n::{tu_string, use_i18n},
};

/// Overview: what needs somebody now, first.
#[component]
pub fn Overview() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, overview.title);
    let live = use_live();
    let fetched = Resource::new(move || live.version.get(), |_| fetch_overview());
    // Without a script nothing is updated.
    let mounted = mounted();
    let connection = move || match live.connection.get() {
        _ if !mounted.get() => "",
        Connection::Open => tu_string!(i18n, overview.live),
        Connection::Polling => tu_string!(i18n, overview.polling),
    };
    view! {
        <Title text=title />
        <PageHead title>
            <span class="sub push">{connection}</span>
        </PageHead>
        <Loaded resource=fetched view=shown />
    }
    .into_any()
}

fn shown(seen: api::Overview) -> AnyView {
    let api::Overview {
        counts,
        days,
        accounts,
        able,
        senderless,
        unheard,
        addresses,
        events,
    } = seen;
    view! {
        <NeedsSomebody accounts=accounts.clone() able senderless unheard addresses counts />
        <div class="split">
            <Chart counts days accounts=accounts.clone() />
            <Accounts accounts />
        </div>
        <Events events />
    }
    .into_any()
}
