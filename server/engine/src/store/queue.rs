//! Notifications as the pages list them, and what a person does with one.

use super::rows::list;
use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::event::Report;
use tocsin_domain::id::{AccountId, AttemptId, EventId, NotificationId, RuleId};
use tocsin_domain::notification::{Attempt, Notification, State};
use tocsin_domain::severity::Severity;

/// Which notifications are listed, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// In these states.
    pub states: Vec<State>,
    /// With this text in the event or the account's address; empty means any.
    pub search: String,
    /// How many are passed over.
    pub skip: u32,
    /// How many at most.
    pub limit: u32,
}

const SELECT: &str = "SELECT n.id, n.event_id, n.rule_id, n.severity, n.state, n.reason, n.since, n.next_at, \
     n.account_id, n.recipients, n.message_id, n.attempts, n.created_at, e.text, e.application, \
     r.name AS rule_name, a.address \
     FROM notifications n JOIN events e ON e.id = n.event_id \
     LEFT JOIN rules r ON r.id = n.rule_id LEFT JOIN accounts a ON a.id = n.account_id";

impl Store {
    /// Notifications, and how many there are in all.
    pub async fn notifications(&self, listed: &Listed) -> Result<(Vec<Notification>, u64), StoreError> {
        let states: Vec<_> = listed
            .states
            .iter()
            .map(|state| format!("'{}'", state.as_str()))
            .collect();
        let mut condition = format!("n.state IN ({})", states.join(", "));
        if !listed.search.is_empty() {
            condition.push_str(
                " AND (LOWER(e.text) LIKE $1 ESCAPE '!' OR LOWER(e.application) LIKE $1 ESCAPE '!' \
                 OR LOWER(a.address) LIKE $1 ESCAPE '!')",
            );
        }
        let pattern = format!("%{}%", escape_like(&listed.search.to_lowercase()));
        let sql = format!(
            "{SELECT} WHERE {condition} ORDER BY n.id DESC LIMIT {} OFFSET {}",
            listed.limit, listed.skip
        );
        let count = if listed.search.is_empty() {
            format!("SELECT COUNT(*) FROM notifications n WHERE {condition}")
        } else {
            format!(
                "SELECT COUNT(*) FROM notifications n JOIN events e ON e.id = n.event_id \
                 LEFT JOIN accounts a ON a.id = n.account_id WHERE {condition}"
            )
        };
        let mut rows = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        let mut total = sqlx::query_scalar(AssertSqlSafe(count)).persistent(false);
        if !listed.search.is_empty() {
            rows = rows.bind(pattern.clone());
            total = total.bind(pattern);
        }
        let total: i64 = total.fetch_one(self.reader()).await?;
        let rows = rows.fetch_all(self.reader()).await?;
        Ok((
            rows.iter().map(read).collect::<Result<_, _>>()?,
            total.unsigned_abs(),
        ))
    }

    /// One notification.
    pub async fn notification(&self, id: NotificationId) -> Result<Notification, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} WHERE n.id = $1"));
        read(&sqlx::query(sql).bind(id.get()).fetch_one(self.reader()).await?)
    }

    /// The notifications of some events, for the list of recent events.
    pub async fn states_of_events(&self, events: &[EventId]) -> Result<Vec<(EventId, State)>, StoreError> {
        let ids = list(events.iter().map(|event| event.get()));
        let sql = AssertSqlSafe(format!(
            "SELECT event_id, state FROM notifications WHERE event_id IN ({ids})"
        ));
        let rows = sqlx::query(sql)
            .persistent(false)
            .fetch_all(self.reader())
            .await?;
        rows.iter()
            .map(|row| Ok((EventId::new(row.try_get("event_id")?), state(row)?)))
            .collect()
    }

    /// The attempts of a notification, oldest first.
    pub async fn attempts(&self, notification: NotificationId) -> Result<Vec<Attempt>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.id, t.account_id, t.at, t.duration_ms, t.outcome, t.words, a.address FROM attempts t \
             LEFT JOIN accounts a ON a.id = t.account_id WHERE t.notification_id = $1 ORDER BY t.at, t.id",
        )
        .bind(notification.get())
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Attempt {
                    id: AttemptId::new(row.try_get("id")?),
                    account: account(row)?,
                    at: from_millis(row.try_get("at")?),
                    duration_ms: row.try_get("duration_ms")?,
                    outcome: serde_json::from_str(row.try_get("outcome")?)?,
                    words: row.try_get("words")?,
                })
            })
            .collect()
    }

    /// Moves a notification by hand, if it still stands in one of the given states. Returns whether it did.
    pub async fn move_by_hand(
        &self,
        connection: &mut AnyConnection,
        id: NotificationId,
        from: &[State],
        to: State,
        reason: Option<String>,
        now: Timestamp,
    ) -> Result<Moved, StoreError> {
        let from: Vec<_> = from.iter().map(|state| format!("'{}'", state.as_str())).collect();
        let sql = AssertSqlSafe(format!(
            "UPDATE notifications SET state = $1, reason = $2, since = $3, next_at = $3 \
             WHERE id = $4 AND state IN ({})",
            from.join(", ")
        ));
        let moved = sqlx::query(sql)
            .bind(to.as_str())
            .bind(reason)
            .bind(to_millis(now))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(if moved.rows_affected() == 1 {
            Moved::Done
        } else {
            Moved::NotThere
        })
    }
}

/// Whether a notification stood where it was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It did, and has moved.
    Done,
    /// It did not, and stays.
    NotThere,
}

fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

fn state(row: &AnyRow) -> Result<State, StoreError> {
    let word: String = row.try_get("state")?;
    word.parse()
        .map_err(|error| StoreError::Unreadable(format!("{error}: {word}")))
}

fn account(row: &AnyRow) -> Result<Option<(AccountId, String)>, StoreError> {
    let id: Option<i64> = row.try_get("account_id")?;
    let address: Option<String> = row.try_get("address")?;
    Ok(id.map(AccountId::new).zip(address))
}

fn read(row: &AnyRow) -> Result<Notification, StoreError> {
    let state = state(row)?;
    let reason: Option<String> = row.try_get("reason")?;
    let rule: Option<i64> = row.try_get("rule_id")?;
    let rule_name: Option<String> = row.try_get("rule_name")?;
    let text: String = row.try_get("text")?;
    let severity = Severity::from_rank(row.try_get("severity")?);
    let attempts: i64 = row.try_get("attempts")?;
    let next_at = from_millis(row.try_get("next_at")?);
    Ok(Notification {
        id: NotificationId::new(row.try_get("id")?),
        event: EventId::new(row.try_get("event_id")?),
        headline: Report::headline_of(&text),
        application: row.try_get("application")?,
        severity: severity.ok_or_else(|| StoreError::Unreadable("severity".to_owned()))?,
        rule: rule.map(RuleId::new).zip(rule_name),
        state,
        reason: reason.as_deref().map(serde_json::from_str).transpose()?,
        since: from_millis(row.try_get("since")?),
        next_at: (state == State::Queued).then_some(next_at),
        account: account(row)?,
        recipients: serde_json::from_str(row.try_get("recipients")?)?,
        message_id: row.try_get("message_id")?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        created_at: from_millis(row.try_get("created_at")?),
    })
}
