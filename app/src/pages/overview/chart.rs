//! The last 30 days: what was sent, held and failed each day, and what each account carried.

use leptos::prelude::*;
use tocsin_domain::overview::{Counts, DayCounts};

use crate::{
    api::overview::Health,
    components::{
        chart::{AccountBars, ChartKey, DayChart},
        panel::Panel,
        time::day,
    },
    i18n::{tu_string, use_i18n},
};

#[component]
pub fn Chart(counts: Counts, days: Vec<DayCounts>, accounts: Vec<Health>) -> impl IntoView {
    let i18n = use_i18n();
    let months = tu_string!(i18n, common.time.months);
    let name = |counts: Option<&DayCounts>| counts.map(|counts| day(counts.day, months)).unwrap_or_default();
    let title = tu_string!(
        i18n,
        overview.chart_title,
        first = name(days.first()),
        last = name(days.last())
    );
    let description = tu_string!(
        i18n,
        overview.chart_description,
        sent = counts.sent,
        held = counts.held,
        failed = counts.failed
    );
    let mut carried: Vec<_> = accounts
        .into_iter()
        .map(|one| one.counts)
        .filter(|counts| counts.sent > 0)
        .collect();
    carried.sort_by_key(|counts| std::cmp::Reverse(counts.sent));
    let bars = (!carried.is_empty()).then(|| {
        view! { <AccountBars label=tu_string!(i18n, overview.by_account) accounts=Signal::stored(carried) /> }
    });
    view! {
        <Panel
            id="days"
            title=tu_string!(i18n, overview.chart)
            actions=move || {
                view! {
                    <ChartKey
                        sent=Signal::stored(counts.sent)
                        held=Signal::stored(counts.held)
                        failed=Signal::stored(counts.failed)
                    />
                }
            }
        >
            <div class="body">
                <DayChart days=Signal::stored(days) title description />
                {bars}
                {(counts.queued > 0)
                    .then(|| {
                        view! { <p class="sub">{tu_string!(i18n, overview.waiting, queued = counts.queued)}</p> }
                    })}
            </div>
        </Panel>
    }
    .into_any()
}
