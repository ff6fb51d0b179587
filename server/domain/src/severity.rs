//! How bad an event is.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How bad an event is; the order is from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing to do.
    Information,
    /// Somebody should look soon.
    Warning,
    /// Somebody must act.
    Error,
}

/// The text names no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown severity: use information, warning or error")]
pub struct UnknownSeverity;

impl Severity {
    /// All, from least to most severe.
    pub const ALL: [Self; 3] = [Self::Information, Self::Warning, Self::Error];

    /// The word that travels in JSON and stands in the tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// A number that grows with severity, by which the store orders what waits.
    pub const fn rank(self) -> i64 {
        match self {
            Self::Information => 0,
            Self::Warning => 1,
            Self::Error => 2,
        }
    }

    /// The severity with this [`Self::rank`].
    pub fn from_rank(rank: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.rank() == rank)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    /// Takes the words of [`Severity::as_str`] and those that programs commonly use instead.
    fn from_str(text: &str) -> Result<Self, UnknownSeverity> {
        match text.to_ascii_lowercase().as_str() {
            "information" | "info" | "notice" | "debug" => Ok(Self::Information),
            "warning" | "warn" => Ok(Self::Warning),
            "error" | "err" | "critical" | "crit" | "alert" | "emergency" | "emerg" => Ok(Self::Error),
            _ => Err(UnknownSeverity),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_rank_finds_its_severity_again() {
        for severity in Severity::ALL {
            assert_eq!(Severity::from_rank(severity.rank()), Some(severity));
            assert_eq!(severity.as_str().parse(), Ok(severity));
        }
        assert_eq!(Severity::from_rank(3), None);
    }

    #[test]
    fn errors_outrank_warnings_outrank_information() {
        assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Information);
    }
}
