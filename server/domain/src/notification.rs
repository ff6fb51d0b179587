//! Notifications: one mail for one event and one pair; their states and attempts.
//!
//! ```text
//! queued ─▶ sending ─▶ sent ─▶ (bounced | acknowledged)
//!   ▲  │        │
//!   │  └────────┼─▶ held        no sender of the pair can send now
//!   └───────────┴─▶ queued      temporary: tried again later
//!               └─▶ failed      refused for good, too old, or cancelled
//! ```

use crate::address::EmailAddress;
use crate::failure::{FailureClass, Meaning, Stage, Verdict};
use crate::id::{AccountId, AttemptId, EventId, NotificationId, RuleId};
use crate::severity::Severity;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a notification stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It waits for its turn or for a later try.
    Queued,
    /// A worker has the lease and hands it in.
    Sending,
    /// No sender of its pair can send now.
    Held,
    /// A server accepted it.
    Sent,
    /// A server accepted it and reported later that it could not be delivered (RFC 3464).
    Bounced,
    /// A recipient answered it.
    Acknowledged,
    /// It was refused for good, is too old, or was cancelled.
    Failed,
}

impl State {
    /// All, in the order of a notification's life.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::Sending,
        Self::Held,
        Self::Sent,
        Self::Bounced,
        Self::Acknowledged,
        Self::Failed,
    ];

    /// The word that is stored and shown in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Acknowledged => "acknowledged",
            Self::Failed => "failed",
        }
    }

    /// Whether it still has to be sent.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::Held)
    }

    /// Whether a notification may go from this state to another.
    pub const fn may_become(self, next: Self) -> bool {
        use State::{Acknowledged, Bounced, Failed, Held, Queued, Sending, Sent};
        matches!(
            (self, next),
            (Queued, Sending | Held | Failed)
                | (Sending, Sent | Queued | Held | Failed)
                | (Held, Queued | Failed)
                | (Sent, Bounced | Acknowledged)
                // It came back from one recipient, and another answers.
                | (Bounced, Acknowledged)
                // Resent by hand.
                | (Failed | Bounced, Queued)
        )
    }
}

/// The text names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown state of a notification")]
pub struct UnknownState;

impl std::str::FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(UnknownState)
    }
}

/// Why a notification stands where it stands, beyond what the last attempt tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Reason {
    /// Held: no sender of its pair can send now.
    NoSender,
    /// Held: the senders of its pair were deleted, and it has no other.
    SendersGone,
    /// Queued again: the last try failed with a fault that mends itself.
    Temporary {
        /// What the fault was.
        meaning: Meaning,
    },
    /// Failed: the server refused this mail or all its recipients.
    Refused {
        /// What the refusal means.
        meaning: Meaning,
    },
    /// Sent, but not to everybody.
    PartlyRefused {
        /// Who was refused.
        recipients: Vec<EmailAddress>,
    },
    /// Bounced: a mail server reported that these recipients did not get it; the list is empty where the report
    /// names none of them.
    Undelivered {
        /// Who did not get it.
        recipients: Vec<EmailAddress>,
        /// What the report means.
        meaning: Meaning,
        /// Its words.
        words: String,
    },
    /// Acknowledged: somebody replied.
    Replied {
        /// Who.
        by: EmailAddress,
        /// When.
        at: Timestamp,
    },
    /// Failed: it waited longer than the set time.
    TooOld,
    /// Failed: an administrator took it out of the queue.
    Cancelled,
    /// Failed: a warning that was not true any more before anybody could carry it.
    Over,
}

/// A notification as the pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// The event it tells of.
    pub event: EventId,
    /// The event's headline.
    pub headline: String,
    /// The event's application.
    pub application: String,
    /// The event's severity.
    pub severity: Severity,
    /// The rule that made it; none for Tocsin's own warnings.
    pub rule: Option<(RuleId, String)>,
    /// Where it stands.
    pub state: State,
    /// Why.
    pub reason: Option<Reason>,
    /// Since when it stands there.
    pub since: Timestamp,
    /// When it is tried next, while queued.
    pub next_at: Option<Timestamp>,
    /// Who carries or carried it, with the address.
    pub account: Option<(AccountId, String)>,
    /// Who gets it.
    pub recipients: Vec<EmailAddress>,
    /// The `Message-ID` that every try carries.
    pub message_id: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One try to hand a notification to a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The account, with its address.
    pub account: Option<(AccountId, String)>,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// How it ended.
    pub outcome: Outcome,
    /// The server's words.
    pub words: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The server accepted the mail.
    Accepted,
    /// It did not.
    Failed {
        /// At which step.
        stage: Stage,
        /// What it means.
        class: FailureClass,
        /// What it means, in more detail.
        meaning: Meaning,
    },
}

/// How long a notification waits to be sent at most, unless set otherwise.
pub const MAX_AGE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What becomes of a notification after a failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterFailure {
    /// Tried again by the same account, later.
    Later,
    /// The account cannot carry it: the next sender of the pair, or held.
    NextSender,
    /// Refused for good.
    GiveUp,
}

impl AfterFailure {
    /// What follows from a verdict.
    pub const fn of(verdict: &Verdict) -> Self {
        match verdict.class {
            FailureClass::Temporary => Self::Later,
            FailureClass::Reauthorize | FailureClass::Configuration | FailureClass::Quota => Self::NextSender,
            FailureClass::Recipient | FailureClass::Message => Self::GiveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_found_by_its_word() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!("lost".parse::<State>(), Err(UnknownState));
    }

    #[test]
    fn nothing_that_was_sent_is_queued_again_unless_it_bounced() {
        assert!(!State::Sent.may_become(State::Queued));
        assert!(!State::Sent.may_become(State::Sending));
        assert!(State::Bounced.may_become(State::Queued));
    }

    #[test]
    fn a_held_notification_leaves_only_to_the_queue_or_by_hand_or_age() {
        let next: Vec<_> = State::ALL
            .into_iter()
            .filter(|next| State::Held.may_become(*next))
            .collect();
        assert_eq!(next, [State::Queued, State::Failed]);
    }

    #[test]
    fn no_state_becomes_itself() {
        assert!(State::ALL.into_iter().all(|state| !state.may_become(state)));
    }
}
