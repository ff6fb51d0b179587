//! Answers given to requests that carried an `Idempotency-Key`, so that a repeated request makes no second event.

use super::{Store, StoreError};
use crate::time::to_millis;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::id::{EventId, TokenId};

/// A request's key, and what it asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key: two programs may choose the same.
    pub token: TokenId,
    /// The key.
    pub key: String,
    /// A hash of the request's body.
    pub body_hash: Vec<u8>,
}

/// What was answered under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The hash of the body that was answered.
    pub body_hash: Vec<u8>,
    /// The events it made.
    pub events: Vec<EventId>,
}

impl Store {
    /// What was answered under a key, if anything.
    pub async fn answered(
        &self,
        connection: &mut AnyConnection,
        key: &IdempotencyKey,
    ) -> Result<Option<Answered>, StoreError> {
        let row =
            sqlx::query("SELECT body_hash, event_ids FROM idempotency_keys WHERE token_id = $1 AND key = $2")
                .bind(key.token.get())
                .bind(key.key.as_str())
                .fetch_optional(connection)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let events = serde_json::from_str(row.try_get("event_ids")?)?;
        Ok(Some(Answered {
            body_hash: row.try_get("body_hash")?,
            events,
        }))
    }

    /// Remembers an answer.
    pub async fn remember_answer(
        &self,
        connection: &mut AnyConnection,
        key: &IdempotencyKey,
        events: &[EventId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO idempotency_keys (token_id, key, body_hash, event_ids, created_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(key.token.get())
        .bind(key.key.as_str())
        .bind(key.body_hash.as_slice())
        .bind(serde_json::to_string(events)?)
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Forgets answers from before a time.
    pub async fn forget_answers(
        &self,
        connection: &mut AnyConnection,
        before: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM idempotency_keys WHERE created_at < $1")
            .bind(to_millis(before))
            .execute(connection)
            .await?;
        Ok(())
    }
}
