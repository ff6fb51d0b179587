//! The charts of the Overview: a bar a day (sent, held, failed), and a bar an account.
//!
//! SVG without a viewBox: positions are percentages, so text and hatching never stretch. Sizes are attributes,
//! since the page's policy allows no `style=`. The table below is the alternative for who cannot see bars.

mod scale;

use leptos::prelude::*;
use tocsin_domain::overview::{AccountCounts, DayCounts};

use self::scale::{Scale, percent, ratio};
use super::{disclosure::Disclosure, time::day};
use crate::i18n::{t, tu_string, use_i18n};

/// The days as stacked bars, with key and table.
#[component]
pub fn DayChart(
    /// The days, oldest first.
    #[prop(into)]
    days: Signal<Vec<DayCounts>>,
    /// What it shows: `Notifications per day, 22 October to 20 November`.
    #[prop(into)]
    title: TextProp,
    /// The same in a sentence or two: the sums and what stands out.
    #[prop(into)]
    description: TextProp,
) -> impl IntoView {
    let i18n = use_i18n();
    let plot = move || {
        let days = days.get();
        let scale = Scale::of(&days);
        let bars = days
            .iter()
            .enumerate()
            .map(|(index, day)| scale.bar(index, *day))
            .collect_view();
        view! { {scale.axis()} {bars} {scale.days(&days)} }
    };
    view! {
        <figure class="chart">
            <svg role="img" aria-labelledby="chart-title chart-description" height="184">
                <title id="chart-title">{move || title.get()}</title>
                <desc id="chart-description">{move || description.get()}</desc>
                <defs>
                    <pattern
                        id="hatch"
                        width="5"
                        height="5"
                        patternUnits="userSpaceOnUse"
                        patternTransform="rotate(45)"
                    >
                        <path class="ink" d="M0 0V5" />
                    </pattern>
                </defs>
                {plot}
            </svg>
            <Disclosure summary=tu_string!(i18n, common.chart.as_table)>
                <DayTable days />
            </Disclosure>
        </figure>
    }
    .into_any()
}

/// What the colours mean, with the sums; stands in the panel's head.
#[component]
pub fn ChartKey(
    /// Sent in all.
    #[prop(into)]
    sent: Signal<u64>,
    /// Held now.
    #[prop(into)]
    held: Signal<u64>,
    /// Failed in all.
    #[prop(into)]
    failed: Signal<u64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let entry = |class, label, count: Signal<u64>| {
        view! {
            <li>
                <svg aria-hidden="true">
                    <rect class=class width="12" height="12" />
                </svg>
                <span>{label} " " <b>{count}</b></span>
            </li>
        }
    };
    view! {
        <ul class="key" aria-label=tu_string!(i18n, common.chart.key)>
            {entry("sent", tu_string!(i18n, common.chart.sent), sent)}
            {entry("held", tu_string!(i18n, common.chart.held_now), held)}
            {entry("failed", tu_string!(i18n, common.chart.failed), failed)}
        </ul>
    }
    .into_any()
}

/// What each account carried, as bars; the first is the longest.
#[component]
pub fn AccountBars(
    /// What it shows: `Sent in 30 days, by account`.
    #[prop(into)]
    label: TextProp,
    /// The accounts, most first.
    #[prop(into)]
    accounts: Signal<Vec<AccountCounts>>,
) -> impl IntoView {
    let bars = move || {
        let accounts = accounts.read();
        let most = accounts
            .iter()
            .map(|account| account.sent)
            .max()
            .unwrap_or_default()
            .max(1);
        accounts
            .iter()
            .map(|account| {
                let width = percent(100.0 * ratio(account.sent, most));
                view! {
                    <li>
                        <span>{account.address.clone()}</span>
                        <svg aria-hidden="true">
                            <rect class="sent" width=width height="100%" />
                        </svg>
                        <span class="num">{account.sent}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <ul class="bars" aria-label=move || label.get()>
            {bars}
        </ul>
    }
    .into_any()
}

#[component]
fn DayTable(days: Signal<Vec<DayCounts>>) -> impl IntoView {
    let i18n = use_i18n();
    let months = tu_string!(i18n, common.time.months);
    let rows = move || {
        let days = days.read();
        days.iter()
            .rev()
            .map(|counts| {
                view! {
                    <tr>
                        <td>{day(counts.day, months)}</td>
                        <td class="num">{counts.sent}</td>
                        <td class="num">{counts.held}</td>
                        <td class="num">{counts.failed}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tu_string!(i18n, common.chart.table)>
            <table class="table compact">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, common.chart.day)}</th>
                        <th scope="col" class="num">
                            {t!(i18n, common.chart.sent)}
                        </th>
                        <th scope="col" class="num">
                            {t!(i18n, common.chart.held)}
                        </th>
                        <th scope="col" class="num">
                            {t!(i18n, common.chart.failed)}
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
