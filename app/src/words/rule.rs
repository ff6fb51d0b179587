//! A rule's conditions in words.

use tocsin_domain::{
    hours::{Day, Hours, Span},
    rule::{Conditions, Source},
    text::Line,
};

use super::{I18n, notification};
use crate::i18n::tu_string;

/// The conditions on one line: `Warning, Error with any of disk, raid`.
pub fn conditions(i18n: I18n, conditions: &Conditions) -> String {
    match conditions {
        Conditions::Event { sources } => {
            let sources: Vec<_> = sources.iter().map(|one| source(i18n, one)).collect();
            sources.join(", ")
        }
        Conditions::Alert {
            severities,
            include,
            exclude,
            hours,
        } => {
            let severities: Vec<_> = severities
                .iter()
                .map(|severity| notification::severity(i18n, *severity))
                .collect();
            let mut parts = vec![severities.join(", ")];
            if !include.is_empty() {
                parts.push(tu_string!(i18n, rules.words.any, words = joined(include)));
            }
            if !exclude.is_empty() {
                parts.push(tu_string!(i18n, rules.words.none, words = joined(exclude)));
            }
            parts.extend(self::hours(i18n, hours));
            parts.join("; ")
        }
    }
}

/// The hours on one line; none for all day.
fn hours(i18n: I18n, hours: &Hours) -> Option<String> {
    let clock = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    let parts = |span: &Span| (clock(span.from), clock(span.until), days(i18n, &span.days));
    match hours {
        Hours::AllDay => None,
        Hours::Only(span) => {
            let (from, until, days) = parts(span);
            Some(tu_string!(
                i18n,
                rules.words.only,
                from = from,
                until = until,
                days = days
            ))
        }
        Hours::Except(span) => {
            let (from, until, days) = parts(span);
            Some(tu_string!(
                i18n,
                rules.words.except,
                from = from,
                until = until,
                days = days
            ))
        }
    }
}

fn days(i18n: I18n, days: &[Day]) -> String {
    if Day::ALL.iter().all(|day| days.contains(day)) {
        return tu_string!(i18n, rules.words.every_day).to_owned();
    }
    let names: Vec<_> = days.iter().map(|one| day(i18n, *one)).collect();
    names.join(", ")
}

/// A day of the week, short.
pub fn day(i18n: I18n, day: Day) -> &'static str {
    match day {
        Day::Monday => tu_string!(i18n, rules.day.monday),
        Day::Tuesday => tu_string!(i18n, rules.day.tuesday),
        Day::Wednesday => tu_string!(i18n, rules.day.wednesday),
        Day::Thursday => tu_string!(i18n, rules.day.thursday),
        Day::Friday => tu_string!(i18n, rules.day.friday),
        Day::Saturday => tu_string!(i18n, rules.day.saturday),
        Day::Sunday => tu_string!(i18n, rules.day.sunday),
    }
}

/// The word by which a form sends a day.
pub const fn day_word(day: Day) -> &'static str {
    match day {
        Day::Monday => "monday",
        Day::Tuesday => "tuesday",
        Day::Wednesday => "wednesday",
        Day::Thursday => "thursday",
        Day::Friday => "friday",
        Day::Saturday => "saturday",
        Day::Sunday => "sunday",
    }
}

fn source(i18n: I18n, source: &Source) -> String {
    if let Some(category) = &source.category {
        format!("{} ({category})", source.application)
    } else {
        tu_string!(
            i18n,
            rules.words.all_of,
            application = source.application.to_string()
        )
    }
}

fn joined(words: &[Line]) -> String {
    words.iter().map(Line::as_str).collect::<Vec<_>>().join(", ")
}
