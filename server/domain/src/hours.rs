//! The hours of the day, on days of the week, in which a rule listens.

use jiff::civil::{DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

/// When a rule listens, by the clock of the machine it runs on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "kebab-case")]
pub enum Hours {
    /// Always.
    #[default]
    AllDay,
    /// Only inside the span.
    Only(Span),
    /// Always but inside the span.
    Except(Span),
}

/// From one time of the day until another, on some days. A span whose end is not after its start runs past
/// midnight and belongs to the day it began on; equal times mean the whole day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first minute inside.
    pub from: Time,
    /// The first minute outside again.
    pub until: Time,
    /// The days of the week it begins on.
    pub days: Vec<Day>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Day {
    /// All, Monday first (ISO 8601).
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    fn of(weekday: Weekday) -> Self {
        // `to_monday_zero_offset` is 0 to 6.
        Self::ALL[usize::from(weekday.to_monday_zero_offset().unsigned_abs()) % 7]
    }
}

impl Hours {
    /// Whether the rule listens at this local time.
    pub fn contain(&self, at: DateTime) -> bool {
        match self {
            Self::AllDay => true,
            Self::Only(span) => span.contains(at),
            Self::Except(span) => !span.contains(at),
        }
    }
}

impl Span {
    fn contains(&self, at: DateTime) -> bool {
        let today = self.days.contains(&Day::of(at.weekday()));
        if self.from < self.until {
            return today && at.time() >= self.from && at.time() < self.until;
        }
        let yesterday = self.days.contains(&Day::of(at.weekday().previous()));
        (today && at.time() >= self.from) || (yesterday && at.time() < self.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn span(from: i8, until: i8, days: &[Day]) -> Span {
        Span {
            from: time(from, 0, 0, 0),
            until: time(until, 0, 0, 0),
            days: days.to_vec(),
        }
    }

    // 2026-11-20 is a Friday.
    fn friday(hour: i8) -> DateTime {
        date(2026, 11, 20).at(hour, 0, 0, 0)
    }

    #[test]
    fn office_hours_hold_on_their_days_only() {
        let hours = Hours::Only(span(8, 18, &[Day::Friday]));
        assert!(hours.contain(friday(8)) && hours.contain(friday(17)));
        assert!(!hours.contain(friday(18)) && !hours.contain(friday(7)));
        assert!(!hours.contain(date(2026, 11, 21).at(9, 0, 0, 0)));
    }

    #[test]
    fn a_night_belongs_to_the_day_it_began_on() {
        let hours = Hours::Only(span(22, 6, &[Day::Thursday]));
        assert!(hours.contain(friday(5)), "Thursday's night reaches into Friday");
        assert!(!hours.contain(friday(23)), "Friday's own night is not listed");
    }

    #[test]
    fn except_is_the_opposite_of_only() {
        let inside = span(22, 6, &Day::ALL);
        for hour in 0..24 {
            let at = friday(hour);
            assert_ne!(
                Hours::Only(inside.clone()).contain(at),
                Hours::Except(inside.clone()).contain(at)
            );
        }
    }

    #[test]
    fn equal_times_mean_the_whole_day() {
        let hours = Hours::Only(span(0, 0, &[Day::Friday]));
        assert!((0..24).all(|hour| hours.contain(friday(hour))));
    }
}
