//! Notifications as they are made.

use super::rows::{CHUNK, insert};
use super::{Store, StoreError};
use crate::time::to_millis;
use jiff::Timestamp;
use sqlx::AnyConnection;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, EventId, NotificationId, PairId, RuleId};
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::rule::Format;
use tocsin_domain::severity::Severity;

const COLUMNS: [&str; 17] = [
    "id",
    "event_id",
    "rule_id",
    "pair_id",
    "except_account",
    "severity",
    "state",
    "reason",
    "since",
    "next_at",
    "account_id",
    "recipients",
    "format",
    "subject_prefix",
    "message_id",
    "attempts",
    "created_at",
];

/// A notification to be written.
#[derive(Debug, Clone)]
pub struct NewNotification {
    /// Its id.
    pub id: NotificationId,
    /// The event it tells of.
    pub event: EventId,
    /// Where it comes from.
    pub origin: Origin,
    /// The event's severity.
    pub severity: Severity,
    /// Who carries it, or why it is held.
    pub carrier: Result<AccountId, Reason>,
    /// Who gets it.
    pub recipients: Vec<EmailAddress>,
    /// How the mail looks.
    pub format: Format,
    /// What the subject begins with.
    pub subject_prefix: String,
    /// The `Message-ID` of every try.
    pub message_id: String,
    /// Now.
    pub created_at: Timestamp,
}

/// What made a notification, and thereby who may carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A pair of a rule: its senders.
    Rule(RuleId, PairId),
    /// Tocsin's own warning about an account: any account but that one.
    Warning(AccountId),
    /// Another mail of Tocsin's own: any account.
    Own,
}

impl Store {
    /// Writes notifications, queued or held.
    pub async fn insert_notifications(
        &self,
        connection: &mut AnyConnection,
        notifications: &[NewNotification],
    ) -> Result<(), StoreError> {
        for chunk in notifications.chunks(CHUNK) {
            let sql = insert("notifications", &COLUMNS, chunk.len());
            let mut query = sqlx::query(sql).persistent(chunk.len() == 1 || chunk.len() == CHUNK);
            for new in chunk {
                let (rule, pair, except) = match new.origin {
                    Origin::Rule(rule, pair) => (Some(rule.get()), Some(pair.get()), None),
                    Origin::Warning(account) => (None, None, Some(account.get())),
                    Origin::Own => (None, None, None),
                };
                let (state, account, reason) = match &new.carrier {
                    Ok(account) => (State::Queued, Some(account.get()), None),
                    Err(reason) => (State::Held, None, Some(serde_json::to_string(reason)?)),
                };
                let now = to_millis(new.created_at);
                query = query
                    .bind(new.id.get())
                    .bind(new.event.get())
                    .bind(rule)
                    .bind(pair)
                    .bind(except)
                    .bind(new.severity.rank())
                    .bind(state.as_str())
                    .bind(reason)
                    .bind(now)
                    .bind(now)
                    .bind(account)
                    .bind(serde_json::to_string(&new.recipients)?)
                    .bind(format_word(new.format))
                    .bind(new.subject_prefix.as_str())
                    .bind(new.message_id.as_str())
                    .bind(0_i64)
                    .bind(now);
            }
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }
}

/// The stored word of a format.
pub(super) const fn format_word(format: Format) -> &'static str {
    match format {
        Format::Html => "html",
        Format::Plain => "plain",
    }
}

/// The format of a stored word.
pub(super) fn format_of(word: &str) -> Format {
    if word == "plain" {
        Format::Plain
    } else {
        Format::Html
    }
}
