//! Ends that are known ahead: of grants, and of the client secrets of OAuth applications. When they are announced,
//! and from when on they count as near.
//!
//! An end is announced 7, 3 and 1 days ahead. A grant that lives for about a week, as Google gives while the
//! application's publishing status is “Testing”
//! (<https://developers.google.com/identity/protocols/oauth2#expiration>), would then be near its end from its first
//! minute: it is announced 2 and 1 days ahead.

use crate::authorization::Ending;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A grant that lives no longer than this counts as one for a week.
const WEEKLY: SignedDuration = SignedDuration::from_hours(8 * 24);

/// How far an end may move and still be the same: a provider says in how many seconds it comes, at each refresh
/// anew.
const SAME: SignedDuration = SignedDuration::from_hours(12);

/// An end that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEnd {
    /// When.
    pub at: Timestamp,
    /// Of what.
    pub why: Ending,
    /// How far ahead it is announced.
    pub pace: Pace,
}

/// How far ahead an end is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// 7, 3 and 1 days.
    Usual,
    /// 2 and 1 days.
    Weekly,
}

/// What was announced last of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The end, as it was known then.
    pub ends: Timestamp,
    /// The step: how many days ahead.
    pub days: u8,
}

impl Pace {
    /// Of a grant that was given at a time and ends at another.
    pub fn of_grant(granted: Timestamp, ends: Timestamp) -> Self {
        if ends.duration_since(granted) <= WEEKLY {
            Self::Weekly
        } else {
            Self::Usual
        }
    }

    /// How many days ahead, the earliest first.
    pub const fn days(self) -> &'static [u8] {
        match self {
            Self::Usual => &[7, 3, 1],
            Self::Weekly => &[2, 1],
        }
    }

    /// How long before an end the first announcement is.
    pub fn ahead(self) -> SignedDuration {
        ahead(self.days()[0])
    }
}

impl KnownEnd {
    /// Whether the first announcement is due, or was.
    pub fn is_near(&self, now: Timestamp) -> bool {
        self.at.duration_since(now) <= self.pace.ahead()
    }

    /// The step to announce now, in days ahead: the nearest that is due, unless it or a nearer one was announced.
    /// Who was off at the earlier steps makes up for them with one announcement. An end that has come is not
    /// announced any more.
    pub fn due(&self, last: Option<Announced>, now: Timestamp) -> Option<u8> {
        let left = self.at.duration_since(now);
        if !left.is_positive() {
            return None;
        }
        let step = self
            .pace
            .days()
            .iter()
            .copied()
            .rfind(|days| left <= ahead(*days))?;
        let is_done =
            last.is_some_and(|last| self.at.duration_since(last.ends).abs() <= SAME && last.days <= step);
        (!is_done).then_some(step)
    }
}

fn ahead(days: u8) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn after(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn end(pace: Pace) -> KnownEnd {
        KnownEnd {
            at: after(1000),
            why: Ending::GrantLifetime,
            pace,
        }
    }

    /// What is announced by somebody who looks at these hours before the end, one after the other.
    fn announced(pace: Pace, looks: &[i64]) -> Vec<(i64, u8)> {
        let end = end(pace);
        let mut last = None;
        let mut announced = Vec::new();
        for hours in looks {
            if let Some(days) = end.due(last, after(1000 - hours)) {
                last = Some(Announced { ends: end.at, days });
                announced.push((*hours, days));
            }
        }
        announced
    }

    #[test]
    fn each_step_is_announced_once_in_its_time() {
        let hourly: Vec<_> = (-5..=300).rev().collect();
        for (pace, looks, wanted) in [
            (Pace::Usual, &hourly[..], &[(168, 7), (72, 3), (24, 1)][..]),
            (Pace::Weekly, &hourly[..], &[(48, 2), (24, 1)]),
            // Off for a while: only the nearest step is made up for.
            (Pace::Usual, &[200, 20, 19], &[(20, 1)]),
            (Pace::Usual, &[150, 60, 59, 2], &[(150, 7), (60, 3), (2, 1)]),
            (Pace::Weekly, &[200, 100, 30, 1], &[(30, 2), (1, 1)]),
            // Too early, and too late.
            (Pace::Usual, &[169], &[]),
            (Pace::Weekly, &[49], &[]),
            (Pace::Usual, &[0, -1, -1000], &[]),
        ] {
            assert_eq!(announced(pace, looks), wanted, "{pace:?} {looks:?}");
        }
    }

    #[test]
    fn a_grant_for_a_week_is_told_from_longer_ones() {
        for (hours, pace) in [
            (24, Pace::Weekly),
            (7 * 24, Pace::Weekly),
            (8 * 24, Pace::Weekly),
            (9 * 24, Pace::Usual),
            (90 * 24, Pace::Usual),
        ] {
            assert_eq!(Pace::of_grant(after(0), after(hours)), pace, "{hours} hours");
        }
    }

    #[test]
    fn an_end_that_moved_a_little_is_the_same_and_one_that_moved_far_is_another() {
        let end = end(Pace::Usual);
        let now = after(990);
        let last = |ends| Some(Announced { ends, days: 1 });
        assert_eq!(end.due(last(end.at - HOUR), now), None);
        assert_eq!(
            end.due(last(after(700)), now),
            Some(1),
            "the grant was renewed since"
        );
    }

    #[test]
    fn an_end_is_near_from_its_first_announcement_on() {
        for (pace, hours, is_near) in [
            (Pace::Usual, 169, false),
            (Pace::Usual, 168, true),
            (Pace::Weekly, 49, false),
            (Pace::Weekly, 48, true),
            (Pace::Weekly, -1, true),
        ] {
            assert_eq!(
                end(pace).is_near(after(1000 - hours)),
                is_near,
                "{pace:?} {hours}"
            );
        }
    }
}
