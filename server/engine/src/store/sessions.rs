//! Sessions of administrators, by the hash of their secret.

use super::admins::{self, AdminRow};
use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::id::AdminId;

/// A session and whose it is.
pub(crate) struct SessionRow {
    pub(crate) admin: AdminRow,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl Store {
    /// Writes a new session, and clears away those that have ended.
    pub(crate) async fn insert_session(
        &self,
        connection: &mut AnyConnection,
        hash: &[u8],
        admin: AdminId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(to_millis(now))
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO sessions (hash, admin_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(hash.to_vec())
            .bind(admin.get())
            .bind(to_millis(now))
            .bind(to_millis(expires_at))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// The session of a hash that has not ended.
    pub(crate) async fn session_row(
        &self,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<SessionRow>, StoreError> {
        let row = sqlx::query(
            "SELECT a.id, a.name, a.address, a.role, a.password_hash, s.created_at, s.expires_at \
             FROM sessions s JOIN admins a ON a.id = s.admin_id WHERE s.hash = $1 AND s.expires_at > $2",
        )
        .bind(hash.to_vec())
        .bind(to_millis(now))
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| {
            Ok(SessionRow {
                admin: admins::read(&row)?,
                created_at: from_millis(row.try_get("created_at")?),
                expires_at: from_millis(row.try_get("expires_at")?),
            })
        })
        .transpose()
    }

    /// Lets a session last longer.
    pub(crate) async fn extend_session(
        &self,
        connection: &mut AnyConnection,
        hash: &[u8],
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET expires_at = $1 WHERE hash = $2")
            .bind(to_millis(expires_at))
            .bind(hash.to_vec())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Ends a session.
    pub(crate) async fn delete_session(
        &self,
        connection: &mut AnyConnection,
        hash: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE hash = $1")
            .bind(hash.to_vec())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Ends all sessions of an administrator but one.
    pub(crate) async fn delete_other_sessions(
        &self,
        connection: &mut AnyConnection,
        admin: AdminId,
        kept: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE admin_id = $1 AND hash <> $2")
            .bind(admin.get())
            .bind(kept.to_vec())
            .execute(connection)
            .await?;
        Ok(())
    }
}
