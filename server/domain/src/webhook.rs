//! The webhook: what it answered, and where a call to it stands.

use crate::told::Kind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// A status of success (2xx).
    Accepted {
        /// The HTTP status.
        status: u16,
    },
    /// It wants the call elsewhere (3xx); that is not followed, since it would carry the news to wherever it says.
    Redirected {
        /// The HTTP status.
        status: u16,
    },
    /// It does not accept who calls, or the signature (401, 403).
    NotAuthorized {
        /// The HTTP status.
        status: u16,
    },
    /// There is nothing at this address (404, 405, 410).
    NotFound {
        /// The HTTP status.
        status: u16,
    },
    /// It does not accept the call otherwise (other 4xx, or no status that HTTP knows).
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// It fails, or wants fewer calls (5xx, 408, 425, 429).
    Failing {
        /// The HTTP status.
        status: u16,
    },
    /// The host's name cannot be looked up.
    NameUnknown,
    /// Nothing answers at the host and port.
    NotConnected,
    /// The server's certificate is not trusted.
    NotTrusted,
    /// There was no answer in time.
    TimedOut,
    /// The connection broke off.
    BrokeOff,
}

impl Answer {
    /// Of a status (RFC 9110 section 15).
    pub const fn of_status(status: u16) -> Self {
        match status {
            200..=299 => Self::Accepted { status },
            300..=399 => Self::Redirected { status },
            401 | 403 => Self::NotAuthorized { status },
            404 | 405 | 410 => Self::NotFound { status },
            408 | 425 | 429 | 500..=599 => Self::Failing { status },
            _ => Self::Refused { status },
        }
    }

    /// Whether it took the call.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted { .. })
    }

    /// The HTTP status, if there was an answer.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Accepted { status }
            | Self::Redirected { status }
            | Self::NotAuthorized { status }
            | Self::NotFound { status }
            | Self::Refused { status }
            | Self::Failing { status } => Some(status),
            _ => None,
        }
    }
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallState {
    /// It is tried, or tried again.
    Waiting,
    /// The webhook took it.
    Accepted,
    /// Given up.
    Failed,
}

/// A call as the pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What it tells of; none is a test.
    pub kind: Option<Kind>,
    /// Where it stands.
    pub state: CallState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was tried last.
    pub tried_at: Timestamp,
    /// What came of that.
    pub answer: Answer,
    /// The server's words, or the network's.
    pub words: String,
    /// When it is tried next, while it waits.
    pub next_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_whose_turn_it_is() {
        for (status, answer) in [
            (204, Answer::Accepted { status: 204 }),
            (302, Answer::Redirected { status: 302 }),
            (403, Answer::NotAuthorized { status: 403 }),
            (410, Answer::NotFound { status: 410 }),
            (422, Answer::Refused { status: 422 }),
            (429, Answer::Failing { status: 429 }),
            (502, Answer::Failing { status: 502 }),
            (999, Answer::Refused { status: 999 }),
        ] {
            assert_eq!(Answer::of_status(status), answer);
            assert_eq!(answer.is_accepted(), status == 204);
        }
    }
}
