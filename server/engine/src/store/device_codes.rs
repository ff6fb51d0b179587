//! Sign-ins by device code (RFC 8628): those that Tocsin still asks about, and for a day what came of the others.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::{SignedDuration, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::id::DeviceSignInId;
use tocsin_domain::provider::ProviderKey;

const SELECT: &str = "SELECT id, session_hash, provider, purpose, who, origin, device_code, user_code, \
     verification_uri, interval_ms, next_poll_at, begun_at, expires_at, trouble, outcome FROM device_codes";

/// A sign-in by device code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// Its id.
    pub id: DeviceSignInId,
    /// The hash of the session that began it.
    pub session_hash: Vec<u8>,
    /// The provider.
    pub provider: ProviderKey,
    /// What it is for, as JSON.
    pub purpose: String,
    /// Who began it, for the audit log.
    pub who: String,
    /// From where.
    pub origin: String,
    /// The code by which Tocsin asks, as the vault sealed it; empty once there is an outcome.
    pub device_code: Vec<u8>,
    /// The code that the owner types.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// How long Tocsin waits between two questions.
    pub interval: SignedDuration,
    /// When it asks next.
    pub next_poll_at: Timestamp,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When the codes end.
    pub expires_at: Timestamp,
    /// Why the last question got no answer, without secrets.
    pub trouble: Option<String>,
    /// What came of it, as JSON.
    pub outcome: Option<String>,
}

impl Store {
    /// Writes a sign-in that begins.
    pub async fn insert_device_code(
        &self,
        connection: &mut AnyConnection,
        code: &DeviceCode,
    ) -> Result<(), StoreError> {
        let query = "INSERT INTO device_codes (id, session_hash, provider, purpose, who, origin, device_code, \
                     user_code, verification_uri, interval_ms, next_poll_at, begun_at, expires_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        sqlx::query(query)
            .bind(code.id.get())
            .bind(&code.session_hash[..])
            .bind(code.provider.as_str())
            .bind(&code.purpose)
            .bind(&code.who)
            .bind(&code.origin)
            .bind(&code.device_code[..])
            .bind(&code.user_code)
            .bind(&code.verification_uri)
            .bind(millis(code.interval))
            .bind(to_millis(code.next_poll_at))
            .bind(to_millis(code.begun_at))
            .bind(to_millis(code.expires_at))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// A sign-in by device code.
    pub async fn device_code(&self, id: DeviceSignInId) -> Result<Option<DeviceCode>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} WHERE id = $1"));
        let row = sqlx::query(sql)
            .bind(id.get())
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Those without an outcome, the next to be asked about first.
    pub async fn pending_device_codes(&self) -> Result<Vec<DeviceCode>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} WHERE outcome IS NULL ORDER BY next_poll_at"));
        let rows = sqlx::query(sql).fetch_all(self.reader()).await?;
        rows.iter().map(read).collect()
    }

    /// Writes when to ask again, and why the last question got no answer, if so.
    pub async fn postpone_device_code(
        &self,
        connection: &mut AnyConnection,
        id: DeviceSignInId,
        interval: SignedDuration,
        next_poll_at: Timestamp,
        trouble: Option<&str>,
    ) -> Result<(), StoreError> {
        let query = "UPDATE device_codes SET interval_ms = $1, next_poll_at = $2, trouble = $3 \
                     WHERE id = $4 AND outcome IS NULL";
        sqlx::query(query)
            .bind(millis(interval))
            .bind(to_millis(next_poll_at))
            .bind(trouble)
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Writes what came of it, and erases the code.
    pub async fn end_device_code(
        &self,
        connection: &mut AnyConnection,
        id: DeviceSignInId,
        outcome: &str,
    ) -> Result<(), StoreError> {
        let query = "UPDATE device_codes SET outcome = $1, device_code = $2, trouble = NULL WHERE id = $3";
        sqlx::query(query)
            .bind(outcome)
            .bind(&[][..])
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Removes what the same session began for the same end and did not finish, and what ended before a time.
    pub async fn purge_device_codes(
        &self,
        connection: &mut AnyConnection,
        session_hash: &[u8],
        purpose: &str,
        before: Timestamp,
    ) -> Result<(), StoreError> {
        let query = "DELETE FROM device_codes WHERE expires_at < $1 \
                     OR (session_hash = $2 AND purpose = $3 AND outcome IS NULL)";
        sqlx::query(query)
            .bind(to_millis(before))
            .bind(session_hash)
            .bind(purpose)
            .execute(connection)
            .await?;
        Ok(())
    }
}

fn millis(interval: SignedDuration) -> i64 {
    i64::try_from(interval.as_millis()).unwrap_or(i64::MAX)
}

fn read(row: &AnyRow) -> Result<DeviceCode, StoreError> {
    let provider: String = row.try_get("provider")?;
    let time = |column: &str| row.try_get::<i64, _>(column).map(from_millis);
    Ok(DeviceCode {
        id: DeviceSignInId::new(row.try_get("id")?),
        session_hash: row.try_get("session_hash")?,
        provider: ProviderKey::new(&provider),
        purpose: row.try_get("purpose")?,
        who: row.try_get("who")?,
        origin: row.try_get("origin")?,
        device_code: row.try_get("device_code")?,
        user_code: row.try_get("user_code")?,
        verification_uri: row.try_get("verification_uri")?,
        interval: SignedDuration::from_millis(row.try_get("interval_ms")?),
        next_poll_at: time("next_poll_at")?,
        begun_at: time("begun_at")?,
        expires_at: time("expires_at")?,
        trouble: row.try_get("trouble")?,
        outcome: row.try_get("outcome")?,
    })
}
