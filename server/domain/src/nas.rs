//! The NAS that Tocsin runs on, where it runs on one.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Its system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// QNAP's QTS and QuTS hero.
    Qts,
    /// Synology's DiskStation Manager.
    Dsm,
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Qts => "QTS",
            Self::Dsm => "DSM",
        })
    }
}

/// Whether a line stands in the NAS's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Logged {
    /// It is about to be written.
    Waiting,
    /// The NAS took it.
    Written,
    /// The NAS did not take it.
    Failed,
}

impl Logged {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Written => "written",
            Self::Failed => "failed",
        }
    }
}

/// The text is no state of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown state of a line in the NAS's log")]
pub struct UnknownLogged;

impl std::str::FromStr for Logged {
    type Err = UnknownLogged;

    fn from_str(text: &str) -> Result<Self, UnknownLogged> {
        [Self::Waiting, Self::Written, Self::Failed]
            .into_iter()
            .find(|logged| logged.as_str() == text)
            .ok_or(UnknownLogged)
    }
}

/// Whether warnings stand in the NAS's own log. That is for whoever looks there: a log reaches nobody by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogReach {
    /// The NAS has none that Tocsin could write to, or nothing was written yet.
    None,
    /// The last one does.
    Written,
    /// The last one does not.
    Failing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_a_line_is_found_by_its_word() {
        for logged in [Logged::Waiting, Logged::Written, Logged::Failed] {
            assert_eq!(logged.as_str().parse(), Ok(logged));
        }
        assert_eq!("lost".parse::<Logged>(), Err(UnknownLogged));
    }
}
