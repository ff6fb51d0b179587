//! Results of attempts, written in batches.

use super::rows::{CHUNK, insert, list};
use super::{Store, StoreError};
use crate::time::to_millis;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, NotificationId};
use tocsin_domain::notification::{Outcome, Reason, State};

/// One finished attempt, and what becomes of its notification.
#[derive(Debug, Clone)]
pub struct AttemptResult {
    /// The notification.
    pub notification: NotificationId,
    /// The worker that holds its lease.
    pub worker: i64,
    /// The account that tried.
    pub account: AccountId,
    /// When the attempt began.
    pub at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// The server's words.
    pub words: String,
    /// What follows.
    pub next: Next,
}

/// What becomes of a notification after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The server has it.
    Sent(Option<Reason>),
    /// Tried again at a time, for those recipients who have not got it yet.
    Later(Timestamp, Reason, Option<Vec<EmailAddress>>),
    /// It goes back to the queue at once, for whoever can send then.
    NextSender(Reason),
    /// It is refused for good.
    Failed(Reason),
}

impl Store {
    /// Writes attempts and what follows from them. A notification whose lease went to another worker keeps what
    /// that one made of it; the attempt is written all the same.
    pub async fn record(
        &self,
        connection: &mut AnyConnection,
        results: &[AttemptResult],
    ) -> Result<(), StoreError> {
        self.insert_attempts(connection, results).await?;
        self.record_sent(connection, results).await?;
        for result in results {
            self.record_other(connection, result).await?;
        }
        let mut sent_at: HashMap<AccountId, Timestamp> = HashMap::new();
        for result in results
            .iter()
            .filter(|result| matches!(result.next, Next::Sent(_)))
        {
            let last = sent_at.entry(result.account).or_insert(result.ended_at);
            *last = result.ended_at.max(*last);
        }
        for (account, at) in sent_at {
            sqlx::query("UPDATE accounts SET sent_at = $1, failures = 0 WHERE id = $2")
                .bind(to_millis(at))
                .bind(account.get())
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    async fn insert_attempts(
        &self,
        connection: &mut AnyConnection,
        results: &[AttemptResult],
    ) -> Result<(), StoreError> {
        let columns = [
            "id",
            "notification_id",
            "account_id",
            "at",
            "duration_ms",
            "outcome",
            "words",
        ];
        for chunk in results.chunks(CHUNK) {
            let mut query = sqlx::query(insert("attempts", &columns, chunk.len()))
                .persistent(chunk.len() == 1 || chunk.len() == CHUNK);
            for result in chunk {
                query = query
                    .bind(self.next_id())
                    .bind(result.notification.get())
                    .bind(result.account.get())
                    .bind(to_millis(result.at))
                    .bind(to_millis(result.ended_at) - to_millis(result.at))
                    .bind(serde_json::to_string(&result.outcome)?)
                    .bind(result.words.as_str());
            }
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// The common case, many at once: sent to everybody.
    async fn record_sent(
        &self,
        connection: &mut AnyConnection,
        results: &[AttemptResult],
    ) -> Result<(), StoreError> {
        let mut by_worker: HashMap<i64, Vec<&AttemptResult>> = HashMap::new();
        for result in results.iter().filter(|result| result.next == Next::Sent(None)) {
            by_worker.entry(result.worker).or_default().push(result);
        }
        for (worker, sent) in by_worker {
            let last = sent
                .iter()
                .map(|result| result.ended_at)
                .max()
                .unwrap_or(Timestamp::UNIX_EPOCH);
            let sql = AssertSqlSafe(format!(
                "UPDATE notifications SET state = 'sent', reason = NULL, since = $1, attempts = attempts + 1, \
                 lease_worker = NULL, lease_until = NULL, account_id = $2 \
                 WHERE state = 'sending' AND lease_worker = $3 AND id IN ({})",
                list(sent.iter().map(|result| result.notification.get()))
            ));
            sqlx::query(sql)
                .persistent(false)
                .bind(to_millis(last))
                .bind(sent[0].account.get())
                .bind(worker)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    async fn record_other(
        &self,
        connection: &mut AnyConnection,
        result: &AttemptResult,
    ) -> Result<(), StoreError> {
        let (state, reason, next_at, remaining) = match &result.next {
            Next::Sent(None) => return Ok(()),
            Next::Sent(Some(reason)) => (State::Sent, reason, result.ended_at, None),
            Next::Later(at, reason, remaining) => (State::Queued, reason, *at, remaining.as_ref()),
            Next::NextSender(reason) => (State::Queued, reason, result.ended_at, None),
            Next::Failed(reason) => (State::Failed, reason, result.ended_at, None),
        };
        sqlx::query(
            "UPDATE notifications SET state = $1, reason = $2, since = $3, next_at = $4, attempts = attempts + 1, \
             recipients = COALESCE($5, recipients), lease_worker = NULL, lease_until = NULL \
             WHERE id = $6 AND state = 'sending' AND lease_worker = $7",
        )
        .bind(state.as_str())
        .bind(serde_json::to_string(reason)?)
        .bind(to_millis(result.ended_at))
        .bind(to_millis(next_at))
        .bind(remaining.map(serde_json::to_string).transpose()?)
        .bind(result.notification.get())
        .bind(result.worker)
        .execute(connection)
        .await?;
        Ok(())
    }
}
