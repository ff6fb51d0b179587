//! The six classes of failure: what is to be done about it, and by whom.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What is to be done about a failure, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// The mailbox's credential or grant is refused: its owner signs in again or enters a new password.
    Reauthorize,
    /// A setting must be changed: host, TLS mode, From, OAuth application, relay permission, a switch at
    /// the provider.
    Configuration,
    /// It mends itself: try again later.
    Temporary,
    /// The sender has used up what the provider lets it send.
    Quota,
    /// This recipient cannot take the message.
    Recipient,
    /// The content or the sender's reputation is refused.
    Message,
}

impl FailureClass {
    /// All classes.
    pub const ALL: [Self; 6] = [
        Self::Reauthorize,
        Self::Configuration,
        Self::Temporary,
        Self::Quota,
        Self::Recipient,
        Self::Message,
    ];

    /// The class's word in files, tables, on the command line and in translations.
    pub fn key(self) -> &'static str {
        match self {
            Self::Reauthorize => "reauthorize",
            Self::Configuration => "configuration",
            Self::Temporary => "temporary",
            Self::Quota => "quota",
            Self::Recipient => "recipient",
            Self::Message => "message",
        }
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// The word names no failure class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a failure class. Classes are reauthorize, configuration, temporary, quota, recipient \
     and message."
)]
pub struct UnknownFailureClass(String);

impl FromStr for FailureClass {
    type Err = UnknownFailureClass;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|class| class.key().eq_ignore_ascii_case(word.trim()))
            .ok_or_else(|| UnknownFailureClass(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_class_reads_back_as_it_is_written() {
        for class in FailureClass::ALL {
            assert_eq!(class.to_string().parse::<FailureClass>().unwrap(), class);
            assert_eq!(
                serde_json::to_string(&class).unwrap(),
                format!("\"{}\"", class.key())
            );
        }
    }
}
