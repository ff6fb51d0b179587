//! What became of a row, and how far the whole is.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The word is none of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not known here")]
pub struct UnknownWord(String);

macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word that travels and is stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                let found = Self::ALL.iter().copied().find(|word| word.as_str() == text);
                found.ok_or_else(|| UnknownWord(text.to_owned()))
            }
        }
    };
}

words! {
    /// What became of a row.
    Outcome {
        /// A new account.
        Created = "created",
        /// An account was changed, and its server has accepted it.
        Updated = "updated",
        /// The account is as the row says already.
        Unchanged = "unchanged",
        /// Left out on purpose.
        Skipped = "skipped",
        /// Something is wrong with the row, or its server did not accept it.
        Failed = "failed",
    }
}

words! {
    /// How far it is.
    ImportState {
        /// Its rows are being stored.
        Reading = "reading",
        /// Somebody says which column holds what.
        Mapping = "mapping",
        /// Its rows are being tried.
        Running = "running",
        /// Each row has its outcome.
        Done = "done",
        /// Somebody ended it early; the rows that were not tried are skipped.
        Cancelled = "cancelled",
    }
}

impl ImportState {
    /// Whether the report is complete.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled)
    }
}

/// How many rows had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// See [`Outcome::Created`].
    pub created: u64,
    /// See [`Outcome::Updated`].
    pub updated: u64,
    /// See [`Outcome::Unchanged`].
    pub unchanged: u64,
    /// See [`Outcome::Skipped`].
    pub skipped: u64,
    /// See [`Outcome::Failed`].
    pub failed: u64,
}

impl Counts {
    /// How many had one outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Created => self.created,
            Outcome::Updated => self.updated,
            Outcome::Unchanged => self.unchanged,
            Outcome::Skipped => self.skipped,
            Outcome::Failed => self.failed,
        }
    }

    /// Sets how many had one outcome.
    pub fn set(&mut self, outcome: Outcome, count: u64) {
        *match outcome {
            Outcome::Created => &mut self.created,
            Outcome::Updated => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Failed => &mut self.failed,
        } = count;
    }

    /// How many have an outcome.
    pub fn done(&self) -> u64 {
        Outcome::ALL.iter().map(|outcome| self.of(*outcome)).sum()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, outcome) in Outcome::ALL.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{} {outcome}", self.of(*outcome))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_in_the_order_of_the_outcomes() {
        let mut counts = Counts::default();
        counts.set(Outcome::Created, 3);
        counts.set(Outcome::Failed, 1);
        assert_eq!(
            counts.to_string(),
            "3 created, 0 updated, 0 unchanged, 0 skipped, 1 failed"
        );
        assert_eq!(counts.done(), 4);
    }

    #[test]
    fn words_read_back_as_they_are_written() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.to_string().parse(), Ok(*outcome));
        }
        for state in ImportState::ALL {
            assert_eq!(state.to_string().parse(), Ok(*state));
        }
        assert!("lost".parse::<Outcome>().is_err());
    }
}
