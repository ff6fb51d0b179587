//! Receiving: what answers a notification, and how the watch of an account's mailbox stands.

use crate::address::EmailAddress;
use crate::failure::Meaning;
use crate::id::NotificationId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after it was sent a notification can be answered: mail servers give up after five days (RFC 5321
/// section 4.5.4.1), people take longer.
pub const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How the watch of an account's mailbox stands. Sending does not depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "receiving", rename_all = "kebab-case")]
pub enum Receiving {
    /// The account has no receiving settings.
    Off,
    /// It has just begun, or waits for its turn.
    Starting,
    /// Mail is seen as it comes.
    Watching {
        /// Since when.
        since: Timestamp,
        /// How news is learned of.
        by: Watch,
    },
    /// The server, or the way to it, does not answer; it is tried again by itself.
    Waiting {
        /// Since when.
        since: Timestamp,
        /// What it means.
        meaning: Meaning,
        /// What was seen, without secrets.
        words: String,
    },
    /// The server refuses: somebody must act. It is tried again once a day.
    Refused {
        /// Since when.
        since: Timestamp,
        /// What it means.
        meaning: Meaning,
        /// The server's words, without secrets.
        words: String,
    },
    /// The account's authorization is lost: no attempt is made until it is back.
    Stopped,
}

/// How news is learned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Watch {
    /// The server tells (IMAP IDLE, RFC 2177).
    Idle,
    /// The server is asked now and then.
    Polling,
}

/// What came back for a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// When the mailbox got it.
    pub at: Timestamp,
    /// Which recipient it is about; `None` where a report names none of them.
    pub recipient: Option<EmailAddress>,
    /// What it says.
    pub said: Said,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "kebab-case")]
pub enum Said {
    /// It could not be delivered.
    Bounced {
        /// What that means.
        meaning: Meaning,
        /// The reporting server's words.
        words: String,
    },
    /// A person replied.
    Acknowledged,
}

/// A recipient whose last mail came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undeliverable {
    /// The recipient.
    pub recipient: EmailAddress,
    /// When.
    pub at: Timestamp,
    /// What that means.
    pub meaning: Meaning,
    /// The reporting server's words.
    pub words: String,
    /// The notification.
    pub notification: NotificationId,
}

/// Who replied to a notification, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub by: EmailAddress,
    /// When.
    pub at: Timestamp,
    /// To which notification.
    pub notification: NotificationId,
}
