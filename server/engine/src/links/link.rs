//! What a link is: who made it, how long it lives, how it stands.

use crate::audit::Who;
use crate::store::LinkRow;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::str::FromStr;
use tocsin_domain::link::{Link, LinkState};

/// How many passwords the mail server may refuse before a link is of no use any more: too few to guess one, and
/// fewer than what makes providers lock a mailbox.
pub(super) const MOST_REFUSED: i64 = 5;

/// Who makes a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Maker {
    /// An administrator.
    Admin(Who),
    /// Tocsin itself, for a mail that warns.
    Tocsin,
}

impl Maker {
    /// For the audit log.
    pub(super) fn who(&self) -> Who {
        match self {
            Self::Admin(who) => who.clone(),
            Self::Tocsin => Who {
                name: "Tocsin".to_owned(),
                origin: String::new(),
            },
        }
    }

    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Admin(who) => Some(&who.name),
            Self::Tocsin => None,
        }
    }
}

/// How long a link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life(SignedDuration);

/// The duration is none that a link may live.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("choose how long the link works: from one hour to 14 days; nothing was made")]
pub struct InvalidLife;

impl Life {
    /// The shortest.
    pub const SHORTEST: Self = Self(SignedDuration::from_hours(1));
    /// What is taken unless something else is chosen.
    pub const DEFAULT: Self = Self(SignedDuration::from_hours(72));
    /// The longest.
    pub const LONGEST: Self = Self(SignedDuration::from_hours(14 * 24));

    /// A duration from one hour to 14 days.
    pub fn new(duration: SignedDuration) -> Result<Self, InvalidLife> {
        if (Self::SHORTEST.0..=Self::LONGEST.0).contains(&duration) {
            Ok(Self(duration))
        } else {
            Err(InvalidLife)
        }
    }

    pub(super) fn end(self, from: Timestamp) -> Timestamp {
        from.checked_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl FromStr for Life {
    type Err = InvalidLife;

    /// Whole hours, as forms send them.
    fn from_str(hours: &str) -> Result<Self, InvalidLife> {
        let hours: u16 = hours.trim().parse().map_err(|_| InvalidLife)?;
        Self::new(SignedDuration::from_hours(hours.into()))
    }
}

/// Why a link does not work any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was used.
    Used(UsedBy),
    /// An administrator revoked it, or the account is gone.
    Revoked,
    /// Its time is over.
    Expired,
    /// Too many passwords were refused.
    TriedTooOften,
}

/// Who used a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsedBy {
    /// The browser that asks.
    ThisBrowser,
    /// Another one.
    Another,
}

impl LinkRow {
    pub(super) fn state(&self, now: Timestamp) -> LinkState {
        match (self.used_at, self.revoked_at) {
            (Some(at), _) => LinkState::Used(at),
            (None, Some(at)) => LinkState::Revoked(at),
            (None, None) if self.expires_at <= now => LinkState::Expired,
            (None, None) if self.refused >= MOST_REFUSED => LinkState::TriedTooOften,
            (None, None) => LinkState::Usable,
        }
    }

    pub(super) fn listed(self, now: Timestamp) -> Link {
        Link {
            id: self.id,
            account: self.account,
            state: self.state(now),
            made_by: self.made_by,
            made_at: self.made_at,
            expires_at: self.expires_at,
            opened_at: self.opened_at,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Used(_) => "was used already",
            Self::Revoked => "was revoked",
            Self::Expired => "has expired",
            Self::TriedTooOften => "was tried with too many wrong passwords",
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_link_lives_from_one_hour_to_fourteen_days() {
        for hours in ["1", "72", " 336 "] {
            assert!(hours.parse::<Life>().is_ok(), "{hours}");
        }
        for hours in ["0", "337", "-1", "", "72h", "99999999"] {
            assert_eq!(hours.parse::<Life>(), Err(InvalidLife), "{hours}");
        }
        assert_eq!("72".parse::<Life>().unwrap(), Life::DEFAULT);
    }
}
