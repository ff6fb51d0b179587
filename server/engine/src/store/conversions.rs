//! What Custom accounts were before they were converted, for the time in which that can be turned back.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::account::AccountSettings;
use tocsin_domain::id::AccountId;

/// What an account was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The account.
    pub account: AccountId,
    /// Its settings before.
    pub settings: AccountSettings,
    /// Its password before, as the vault sealed it.
    pub password: Option<Vec<u8>>,
    /// When it was converted.
    pub converted_at: Timestamp,
    /// Until when it can be turned back.
    pub until: Timestamp,
}

impl Store {
    /// Writes what an account was.
    pub async fn put_conversion(
        &self,
        connection: &mut AnyConnection,
        conversion: &Conversion,
    ) -> Result<(), StoreError> {
        let query = "INSERT INTO conversions (account_id, settings, password, converted_at, until) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO UPDATE SET \
                     settings = excluded.settings, password = excluded.password, \
                     converted_at = excluded.converted_at, until = excluded.until";
        sqlx::query(query)
            .bind(conversion.account.get())
            .bind(serde_json::to_string(&conversion.settings)?)
            .bind(conversion.password.as_deref())
            .bind(to_millis(conversion.converted_at))
            .bind(to_millis(conversion.until))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// What an account was, if it was converted and that is not over at `now`.
    pub async fn conversion(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<Conversion>, StoreError> {
        let query = "SELECT settings, password, converted_at, until FROM conversions \
                     WHERE account_id = $1 AND until > $2";
        let row = sqlx::query(query)
            .bind(account.get())
            .bind(to_millis(now))
            .fetch_optional(self.reader())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let settings: String = row.try_get("settings")?;
        Ok(Some(Conversion {
            account,
            settings: serde_json::from_str(&settings)?,
            password: row.try_get("password")?,
            converted_at: from_millis(row.try_get("converted_at")?),
            until: from_millis(row.try_get("until")?),
        }))
    }

    /// Forgets what an account was. Tells whether there was anything: who comes second may not turn it back.
    pub async fn forget_conversion(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM conversions WHERE account_id = $1")
            .bind(account.get())
            .execute(connection)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets all that can no longer be turned back. Tells how many.
    pub async fn purge_conversions(
        &self,
        connection: &mut AnyConnection,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM conversions WHERE until <= $1")
            .bind(to_millis(now))
            .execute(connection)
            .await?;
        Ok(done.rows_affected())
    }

    /// When the next of them ends.
    pub async fn next_conversion_end(&self) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = sqlx::query_scalar("SELECT MIN(until) FROM conversions")
            .fetch_one(self.reader())
            .await?;
        Ok(at.map(from_millis))
    }
}
