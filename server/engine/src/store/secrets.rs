//! Whether anything in the database was sealed by the vault.

use super::{Store, StoreError};
use sqlx::Row as _;

impl Store {
    /// Whether a column holds a sealed secret: then a lost key must not be replaced silently.
    pub async fn holds_secrets(&self) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) FROM (\
             SELECT 1 FROM accounts WHERE password IS NOT NULL \
             UNION ALL SELECT 1 FROM grants \
             UNION ALL SELECT 1 FROM conversions WHERE password IS NOT NULL \
             UNION ALL SELECT 1 FROM import_rows WHERE cells IS NOT NULL \
             UNION ALL SELECT 1 FROM webhooks \
             UNION ALL SELECT 1 FROM oauth_applications WHERE client_secret IS NOT NULL) AS sealed";
        let sealed: i64 = sqlx::query_scalar(query).fetch_one(self.reader()).await?;
        Ok(sealed > 0)
    }

    /// Any sealed secret, with its table, column and row: to see whether a key opens it.
    pub async fn some_secret(
        &self,
    ) -> Result<Option<(&'static str, &'static str, String, Vec<u8>)>, StoreError> {
        for (table, column, query) in [
            (
                "accounts",
                "password",
                "SELECT CAST(id AS TEXT) AS row, password AS sealed FROM accounts WHERE password IS NOT NULL LIMIT 1",
            ),
            (
                "oauth_applications",
                "client_secret",
                "SELECT provider AS row, client_secret AS sealed FROM oauth_applications \
                 WHERE client_secret IS NOT NULL LIMIT 1",
            ),
            (
                "webhooks",
                "secret",
                "SELECT CAST(id AS TEXT) AS row, secret AS sealed FROM webhooks LIMIT 1",
            ),
        ] {
            if let Some(found) = sqlx::query(query).fetch_optional(self.reader()).await? {
                return Ok(Some((
                    table,
                    column,
                    found.try_get("row")?,
                    found.try_get("sealed")?,
                )));
            }
        }
        Ok(None)
    }
}
