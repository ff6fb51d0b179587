//! A moment. The server writes it in UTC; once the page is live it stands in the reader's own time zone.
//!
//! Both sides begin with the same UTC text, since the browser's zone is not known while it hydrates.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use super::mounted::mounted;
use crate::i18n::{tu_string, use_i18n};

/// How much of a moment is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// `02:14 today`, else `19 Nov, 23:58`.
    #[default]
    Minute,
    /// `02:21:09`: within one notification's attempts.
    Second,
    /// `19 Nov`.
    Day,
    /// `Monday 23 November 2026, 02:31`.
    Full,
}

/// The moment, as `<time>`.
#[component]
pub fn Moment(
    /// When.
    at: Timestamp,
    /// How much of it.
    #[prop(optional)]
    precision: Precision,
) -> impl IntoView {
    let months = tu_string!(use_i18n(), common.time.months);
    let utc = in_utc(at, precision, months);
    #[cfg(feature = "hydrate")]
    let text = {
        let mounted = mounted();
        let i18n = use_i18n();
        let today = move |clock: String| tu_string!(i18n, common.time.today, clock = clock);
        move || {
            if mounted.get() {
                browser::local(at, precision, &today)
            } else {
                utc.clone()
            }
        }
    };
    #[cfg(not(feature = "hydrate"))]
    let text = utc;
    view! { <time datetime=at.to_string()>{text}</time> }
}

/// A calendar day as the chart writes it: `22 Oct`.
pub fn day(date: jiff::civil::Date, months: &str) -> String {
    format!("{} {}", date.day(), month(date.month(), months))
}

fn month(number: i8, months: &str) -> &str {
    let index = usize::try_from(number).unwrap_or(1).saturating_sub(1);
    months.split(' ').nth(index).unwrap_or_default()
}

fn in_utc(at: Timestamp, precision: Precision, months: &str) -> String {
    let at: DateTime = TimeZone::UTC.to_datetime(at);
    let clock = format!("{:02}:{:02}", at.hour(), at.minute());
    let day = day(at.date(), months);
    match precision {
        Precision::Minute => format!("{day}, {clock} UTC"),
        Precision::Second => format!("{clock}:{:02} UTC", at.second()),
        Precision::Day => day,
        Precision::Full => format!("{day} {}, {clock} UTC", at.year()),
    }
}

/// What only the browser can do.
#[cfg(feature = "hydrate")]
mod browser {
    use jiff::Timestamp;
    use js_sys::{Date, Object, Reflect};
    use wasm_bindgen::JsValue;

    use super::Precision;

    /// Whatever the reader's language, the page's: day before month, 24 hours.
    const LOCALE: &str = "en-GB";

    pub(super) fn local(at: Timestamp, precision: Precision, today: &dyn Fn(String) -> String) -> String {
        // A timestamp's milliseconds are far below 2^53.
        #[allow(clippy::cast_precision_loss)]
        let date = Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
        let clock: &[_] = &[("hour", "2-digit"), ("minute", "2-digit")];
        let day: &[_] = &[("day", "numeric"), ("month", "short")];
        match precision {
            Precision::Minute if is_today(&date) => today(format(&date, clock)),
            Precision::Minute => format!("{}, {}", format(&date, day), format(&date, clock)),
            Precision::Second => format(
                &date,
                &[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")],
            ),
            Precision::Day => format(&date, day),
            Precision::Full => {
                let day = [
                    ("weekday", "long"),
                    ("day", "numeric"),
                    ("month", "long"),
                    ("year", "numeric"),
                ];
                format!("{}, {}", format(&date, &day), format(&date, clock))
            }
        }
    }

    fn is_today(date: &Date) -> bool {
        let now = Date::new_0();
        date.get_date() == now.get_date()
            && date.get_month() == now.get_month()
            && date.get_full_year() == now.get_full_year()
    }

    fn format(date: &Date, parts: &[(&str, &str)]) -> String {
        let options = Object::new();
        for (name, value) in parts {
            // Setting a property of a plain object cannot fail.
            let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
        }
        date.to_locale_string(LOCALE, &options).into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const MONTHS: &str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

    #[test]
    fn the_servers_text_names_its_zone() {
        let at: Timestamp = "2026-11-20T02:14:09Z".parse().unwrap();
        assert_eq!(in_utc(at, Precision::Minute, MONTHS), "20 Nov, 02:14 UTC");
        assert_eq!(in_utc(at, Precision::Second, MONTHS), "02:14:09 UTC");
        assert_eq!(in_utc(at, Precision::Full, MONTHS), "20 Nov 2026, 02:14 UTC");
    }

    #[test]
    fn every_month_has_its_name() {
        assert_eq!(month(1, MONTHS), "Jan");
        assert_eq!(month(12, MONTHS), "Dec");
    }
}
