//! Times in words, in the zone of the machine that Tocsin runs on, which is named: without a script nobody knows
//! the reader's.

use jiff::{Timestamp, tz::TimeZone};

use super::texts::{Locale, td_string};

/// `20 November 2026, 02:14 CET`.
pub(super) fn moment(locale: Locale, at: Timestamp) -> String {
    in_zone(locale, at, TimeZone::system())
}

/// `02:14 CET`.
pub(super) fn clock(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%H:%M %Z").to_string()
}

fn in_zone(locale: Locale, at: Timestamp, zone: TimeZone) -> String {
    let at = at.to_zoned(zone);
    let months = td_string!(locale, owner.months);
    let month = usize::try_from(at.month()).unwrap_or(1).saturating_sub(1);
    td_string!(
        locale,
        owner.moment,
        day = at.day(),
        month = months.split(' ').nth(month).unwrap_or_default(),
        year = at.year(),
        clock = at.strftime("%H:%M %Z").to_string()
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_moment_is_written_as_its_language_does() {
        let at: Timestamp = "2026-03-09T02:14:09Z".parse().unwrap();
        let written = |locale| in_zone(locale, at, TimeZone::UTC);
        assert_eq!(written(Locale::en), "9 March 2026, 02:14 UTC");
        assert_eq!(written(Locale::de), "9. März 2026, 02:14 UTC");
        assert_eq!(written(Locale::ja), "2026年3月9日 02:14 UTC");
    }

    #[test]
    fn every_language_names_twelve_months() {
        for (locale, name) in super::super::language::NAMES {
            assert_eq!(td_string!(locale, owner.months).split(' ').count(), 12, "{name}");
        }
    }
}
