//! Leases: who hands in which notification, and until when.
//!
//! A worker *claims* queued notifications of one account: one statement sets them to sending, with the worker's
//! number and the time the lease ends. It ends with the results ([`super::results`]), or the notifications are
//! given back. What a worker that died still holds is free again when the lease has run out; at start, when the
//! lock on the data directory proves that no other worker lives, at once.

use super::notifications::format_of;
use super::rows::list;
use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, EventId, NotificationId};
use tocsin_domain::rule::Format;

/// A notification that a worker has the lease of.
#[derive(Debug, Clone)]
pub struct Leased {
    /// Its id.
    pub id: NotificationId,
    /// The event it tells of.
    pub event: EventId,
    /// Who still has to get it.
    pub recipients: Vec<EmailAddress>,
    /// How the mail looks.
    pub format: Format,
    /// What the subject begins with.
    pub subject_prefix: String,
    /// The `Message-ID` of every try.
    pub message_id: String,
    /// How often it was tried before.
    pub attempts: u32,
    /// When it was made.
    pub created_at: Timestamp,
    rank: i64,
}

/// The terms of a lease.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// The account that carries.
    pub account: AccountId,
    /// The worker.
    pub worker: i64,
    /// Now: what is queued for later is not claimed.
    pub now: Timestamp,
    /// When the lease ends.
    pub until: Timestamp,
    /// How many at most.
    pub limit: u32,
}

impl Store {
    /// Claims queued notifications of an account, the most severe first, then the oldest.
    pub async fn claim(
        &self,
        connection: &mut AnyConnection,
        terms: Terms,
    ) -> Result<Vec<Leased>, StoreError> {
        let rows = sqlx::query(
            "UPDATE notifications SET state = 'sending', lease_worker = $1, lease_until = $2, since = $3 \
             WHERE id IN (SELECT id FROM notifications WHERE state = 'queued' AND account_id = $4 \
             AND next_at <= $3 ORDER BY severity DESC, id LIMIT $5) \
             RETURNING id, event_id, severity, recipients, format, subject_prefix, message_id, attempts, created_at",
        )
        .bind(terms.worker)
        .bind(to_millis(terms.until))
        .bind(to_millis(terms.now))
        .bind(terms.account.get())
        .bind(i64::from(terms.limit))
        .fetch_all(connection)
        .await?;
        let mut leased: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
        // RETURNING promises no order.
        leased.sort_by_key(|leased| (std::cmp::Reverse(leased.rank), leased.id));
        Ok(leased)
    }

    /// Gives back what was claimed and not tried.
    pub async fn give_back(
        &self,
        connection: &mut AnyConnection,
        worker: i64,
        ids: &[NotificationId],
    ) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(format!(
            "UPDATE notifications SET state = 'queued', lease_worker = NULL, lease_until = NULL \
             WHERE state = 'sending' AND lease_worker = $1 AND id IN ({})",
            list(ids.iter().map(|id| id.get()))
        ));
        sqlx::query(sql)
            .persistent(false)
            .bind(worker)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Frees leases that ended before a time; [`Timestamp::MAX`] frees all. Returns how many.
    pub async fn free_leases(
        &self,
        connection: &mut AnyConnection,
        before: Timestamp,
    ) -> Result<u64, StoreError> {
        let freed = sqlx::query(
            "UPDATE notifications SET state = 'queued', lease_worker = NULL, lease_until = NULL \
             WHERE state = 'sending' AND lease_until < $1",
        )
        .bind(to_millis(before))
        .execute(connection)
        .await?;
        Ok(freed.rows_affected())
    }
}

fn read(row: &AnyRow) -> Result<Leased, StoreError> {
    let attempts: i64 = row.try_get("attempts")?;
    Ok(Leased {
        id: NotificationId::new(row.try_get("id")?),
        event: EventId::new(row.try_get("event_id")?),
        recipients: serde_json::from_str(row.try_get("recipients")?)?,
        format: format_of(row.try_get("format")?),
        subject_prefix: row.try_get("subject_prefix")?,
        message_id: row.try_get("message_id")?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        created_at: from_millis(row.try_get("created_at")?),
        rank: row.try_get("severity")?,
    })
}
