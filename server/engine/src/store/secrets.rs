//! Whether anything in the database was sealed by the vault.

use super::{Store, StoreError};

impl Store {
    /// Whether a column holds a sealed secret: then a lost key must not be replaced silently.
    pub async fn holds_secrets(&self) -> Result<bool, StoreError> {
        let query = "SELECT COUNT(*) FROM (\
             SELECT 1 FROM accounts WHERE password IS NOT NULL \
             UNION ALL SELECT 1 FROM grants \
             UNION ALL SELECT 1 FROM conversions WHERE password IS NOT NULL \
             UNION ALL SELECT 1 FROM import_rows WHERE cells IS NOT NULL \
             UNION ALL SELECT 1 FROM oauth_applications WHERE client_secret IS NOT NULL) AS sealed";
        let sealed: i64 = sqlx::query_scalar(query).fetch_one(self.reader()).await?;
        Ok(sealed > 0)
    }
}
