//! Administrators.

use super::{Store, StoreError};
use tocsin_domain::address::EmailAddress;

impl Store {
    /// The addresses of all administrators, who are told when an account needs somebody.
    pub async fn admin_addresses(&self) -> Result<Vec<EmailAddress>, StoreError> {
        let addresses: Vec<String> = sqlx::query_scalar("SELECT address FROM admins ORDER BY created_at")
            .fetch_all(self.reader())
            .await?;
        Ok(addresses
            .iter()
            .filter_map(|address| address.parse().ok())
            .collect())
    }
}
