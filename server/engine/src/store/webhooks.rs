//! The webhook, and the calls to it.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::webhook::{Answer, Call, CallState};

/// There is at most one.
const ID: i64 = 1;

/// How long calls that ended are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The webhook, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its address.
    pub url: Vec<u8>,
    /// What calls are signed with.
    pub secret: Vec<u8>,
}

/// A call that waits to be made.
#[derive(Debug, Clone)]
pub struct WaitingCall {
    /// Its id.
    pub id: i64,
    /// The word for what it tells of.
    pub kind: String,
    /// What it says.
    pub body: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is due.
    pub next_at: Timestamp,
    /// When it was written.
    pub created_at: Timestamp,
}

/// What became of a try.
#[derive(Debug, Clone)]
pub struct CallResult {
    /// The call.
    pub id: i64,
    /// Where it stands now.
    pub state: CallState,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// Now.
    pub tried_at: Timestamp,
    /// When it is tried again, if it is.
    pub next_at: Timestamp,
    /// What came of it.
    pub answer: Answer,
    /// In which words.
    pub words: String,
}

impl Store {
    /// The webhook.
    pub async fn webhook_row(&self) -> Result<Option<WebhookRow>, StoreError> {
        let row = sqlx::query("SELECT url, secret FROM webhooks WHERE id = $1")
            .bind(ID)
            .fetch_optional(self.reader())
            .await?;
        row.map(|row| {
            Ok(WebhookRow {
                url: row.try_get("url")?,
                secret: row.try_get("secret")?,
            })
        })
        .transpose()
    }

    /// Writes the webhook, in the place of the former one.
    pub async fn put_webhook(
        &self,
        connection: &mut AnyConnection,
        row: &WebhookRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO webhooks (id, url, secret, changed_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET url = excluded.url, secret = excluded.secret, \
             changed_at = excluded.changed_at",
        )
        .bind(ID)
        .bind(&row.url[..])
        .bind(&row.secret[..])
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Removes the webhook and all calls to it.
    pub async fn delete_webhook(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM webhook_calls")
            .execute(&mut *connection)
            .await?;
        sqlx::query("DELETE FROM webhooks").execute(connection).await?;
        Ok(())
    }

    /// Writes a call that is to be made, and forgets those that ended long ago.
    pub async fn insert_webhook_call(
        &self,
        connection: &mut AnyConnection,
        id: i64,
        kind: &str,
        body: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let before = now.checked_sub(KEPT).unwrap_or(now);
        sqlx::query("DELETE FROM webhook_calls WHERE state <> 'waiting' AND created_at < $1")
            .bind(to_millis(before))
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "INSERT INTO webhook_calls (id, kind, body, state, attempts, next_at, created_at) \
             VALUES ($1, $2, $3, 'waiting', 0, $4, $4)",
        )
        .bind(id)
        .bind(kind)
        .bind(body)
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The call that is due next.
    pub async fn next_webhook_call(&self) -> Result<Option<WaitingCall>, StoreError> {
        let row = sqlx::query(
            "SELECT id, kind, body, attempts, next_at, created_at FROM webhook_calls WHERE state = 'waiting' \
             ORDER BY next_at, id LIMIT 1",
        )
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| {
            Ok(WaitingCall {
                id: row.try_get("id")?,
                kind: row.try_get("kind")?,
                body: row.try_get("body")?,
                attempts: attempts(&row)?,
                next_at: from_millis(row.try_get("next_at")?),
                created_at: from_millis(row.try_get("created_at")?),
            })
        })
        .transpose()
    }

    /// Writes what became of a try, unless the webhook was removed meanwhile.
    pub async fn record_webhook_call(
        &self,
        connection: &mut AnyConnection,
        result: &CallResult,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE webhook_calls SET state = $1, attempts = $2, tried_at = $3, next_at = $4, outcome = $5 \
             WHERE id = $6",
        )
        .bind(word(result.state))
        .bind(i64::from(result.attempts))
        .bind(to_millis(result.tried_at))
        .bind(to_millis(result.next_at))
        .bind(serde_json::to_string(&(&result.answer, &result.words))?)
        .bind(result.id)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The call that was tried last.
    pub async fn last_webhook_call(&self) -> Result<Option<Call>, StoreError> {
        let row = sqlx::query(
            "SELECT kind, state, attempts, tried_at, next_at, outcome FROM webhook_calls \
             WHERE tried_at IS NOT NULL ORDER BY tried_at DESC, id DESC LIMIT 1",
        )
        .fetch_optional(self.reader())
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// How many calls wait.
    pub async fn waiting_webhook_calls(&self) -> Result<u64, StoreError> {
        let waiting: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM webhook_calls WHERE state = 'waiting'")
            .fetch_one(self.reader())
            .await?;
        Ok(waiting.unsigned_abs())
    }
}

const fn word(state: CallState) -> &'static str {
    match state {
        CallState::Waiting => "waiting",
        CallState::Accepted => "accepted",
        CallState::Failed => "failed",
    }
}

fn attempts(row: &AnyRow) -> Result<u32, StoreError> {
    let attempts: i64 = row.try_get("attempts")?;
    Ok(u32::try_from(attempts).unwrap_or(u32::MAX))
}

fn read(row: &AnyRow) -> Result<Call, StoreError> {
    let kind: String = row.try_get("kind")?;
    let state: String = row.try_get("state")?;
    let state = match state.as_str() {
        "waiting" => CallState::Waiting,
        "accepted" => CallState::Accepted,
        _ => CallState::Failed,
    };
    let (answer, words): (Answer, String) = serde_json::from_str(row.try_get("outcome")?)?;
    Ok(Call {
        kind: kind.parse().ok(),
        state,
        attempts: attempts(row)?,
        tried_at: from_millis(row.try_get("tried_at")?),
        answer,
        words,
        next_at: (state == CallState::Waiting).then_some(from_millis(row.try_get("next_at")?)),
    })
}
