//! From counts to places in the drawing, and the parts that are drawn by them.

use leptos::prelude::*;
use tocsin_domain::overview::DayCounts;

use crate::{
    components::time::day,
    i18n::{tu_string, use_i18n},
};

/// Where the bars begin: left of it stand the axis' numbers. Per cent of the width.
const LEFT: f64 = 6.5;
/// Where the highest value stands, per cent of the height from the top.
const TOP: f64 = 4.0;
/// Where zero stands, per cent of the height from the top.
const BOTTOM: f64 = 86.0;
/// A bar's share of its day's width.
const BAR: f64 = 0.775;
/// How many parts the axis has.
const TICKS: u64 = 3;

/// From counts to per cent of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// The value at the top line, a multiple of [`TICKS`].
    top: u64,
    /// A day's width, per cent.
    day: f64,
}

impl Scale {
    pub(super) fn of(days: &[DayCounts]) -> Self {
        let most = days
            .iter()
            .map(|day| day.sent + day.held + day.failed)
            .max()
            .unwrap_or_default();
        let count = u64::try_from(days.len()).unwrap_or(u64::MAX).max(1);
        Self {
            top: TICKS * step(most.div_ceil(TICKS)),
            day: (100.0 - LEFT) / to_f64(count),
        }
    }

    fn y(self, value: u64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * ratio(value, self.top)
    }

    pub(super) fn axis(self) -> impl IntoView + use<> {
        (0..=TICKS)
            .map(|tick| {
                let value = tick * self.top / TICKS;
                let y = percent(self.y(value));
                view! {
                    <line x1=percent(LEFT) x2="100%" y1=y.clone() y2=y.clone() />
                    <text x=percent(LEFT - 1.5) y=y dy="4" text-anchor="end">
                        {value}
                    </text>
                }
            })
            .collect_view()
    }

    pub(super) fn bar(self, index: usize, counts: DayCounts) -> impl IntoView + use<> {
        let i18n = use_i18n();
        let months = tu_string!(i18n, common.time.months);
        let DayCounts {
            sent, held, failed, ..
        } = counts;
        let mut title = tu_string!(i18n, common.chart.bar_sent, day = day(counts.day, months), sent);
        if held > 0 {
            title.push_str(&tu_string!(i18n, common.chart.bar_held, held));
        }
        if failed > 0 {
            title.push_str(&tu_string!(i18n, common.chart.bar_failed, failed));
        }
        let x =
            percent(LEFT + self.day * (to_f64(u64::try_from(index).unwrap_or_default()) + (1.0 - BAR) / 2.0));
        let width = percent(self.day * BAR);
        let part = move |class, from: u64, count: u64| {
            (count > 0).then(|| {
                let (top, bottom) = (self.y(from + count), self.y(from));
                view! {
                    <rect
                        class=class
                        x=x.clone()
                        y=percent(top)
                        width=width.clone()
                        height=percent(bottom - top)
                    />
                }
            })
        };
        view! {
            <g>
                <title>{title}</title>
                {part("sent", 0, sent)}
                {part("held", sent, held)}
                {part("failed", sent + held, failed)}
            </g>
        }
    }

    /// The dates below: the first, the last, and two between them.
    pub(super) fn days(self, days: &[DayCounts]) -> impl IntoView + use<> {
        let months = tu_string!(use_i18n(), common.time.months);
        let last = days.len().saturating_sub(1);
        let mut shown: Vec<usize> = (0..=3).map(|part| last * part / 3).collect();
        shown.dedup();
        shown
            .into_iter()
            .filter_map(|index| days.get(index).map(|counts| (index, counts.day)))
            .map(|(index, date)| {
                let place = to_f64(u64::try_from(index).unwrap_or_default());
                let (x, anchor) = if index == last && last > 0 {
                    (100.0, "end")
                } else {
                    (LEFT + self.day * (place + (1.0 - BAR) / 2.0), "start")
                };
                view! {
                    <text x=percent(x) y="97%" text-anchor=anchor>
                        {day(date, months)}
                    </text>
                }
            })
            .collect_view()
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50, … that is not below the value: round numbers at the axis.
fn step(value: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step >= value {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

pub(super) fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

pub(super) fn ratio(value: u64, whole: u64) -> f64 {
    to_f64(value) / to_f64(whole)
}

// Counts of a month are far below 2^53.
#[allow(clippy::cast_precision_loss)]
fn to_f64(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_round_numbers() {
        assert_eq!([0, 1, 3, 15, 20, 21].map(step), [1, 1, 5, 20, 20, 50]);
    }

    #[test]
    fn no_days_still_make_a_scale() {
        assert_eq!(
            Scale::of(&[]),
            Scale {
                top: TICKS,
                day: 100.0 - LEFT
            }
        );
    }
}
