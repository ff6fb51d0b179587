//! OAuth applications: by which client id and secret Tocsin asks a provider for grants.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::authorization::Refusal;
use tocsin_domain::provider::ProviderKey;

/// An OAuth application as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthApplicationRow {
    /// The provider.
    pub provider: ProviderKey,
    /// The client id.
    pub client_id: String,
    /// The client secret as the vault sealed it; none for a public client (RFC 6749 section 2.1).
    pub client_secret: Option<Vec<u8>>,
    /// When the client secret ends, as the admin noted it.
    pub secret_ends_at: Option<Timestamp>,
    /// The provider's no to the application itself.
    pub refusal: Option<Refusal>,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// When it was last saved.
    pub changed_at: Timestamp,
}

impl Store {
    /// Writes an application, in the place of the provider's former one.
    pub async fn put_oauth_application(
        &self,
        connection: &mut AnyConnection,
        row: &OAuthApplicationRow,
    ) -> Result<(), StoreError> {
        let query = "INSERT INTO oauth_applications \
                     (provider, client_id, client_secret, refusal, created_at, changed_at, secret_ends_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (provider) DO UPDATE SET \
                     client_id = excluded.client_id, client_secret = excluded.client_secret, \
                     refusal = excluded.refusal, changed_at = excluded.changed_at, \
                     secret_ends_at = excluded.secret_ends_at";
        let refusal = row.refusal.as_ref().map(serde_json::to_string).transpose()?;
        sqlx::query(query)
            .bind(row.provider.as_str())
            .bind(&row.client_id)
            .bind(row.client_secret.as_deref())
            .bind(refusal)
            .bind(to_millis(row.created_at))
            .bind(to_millis(row.changed_at))
            .bind(row.secret_ends_at.map(to_millis))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Writes the provider's no, unless there is one already or the application was saved anew after
    /// `changed_at`. Tells whether it was written.
    pub async fn refuse_oauth_application(
        &self,
        connection: &mut AnyConnection,
        provider: &ProviderKey,
        changed_at: Timestamp,
        refusal: &Refusal,
    ) -> Result<bool, StoreError> {
        let query = "UPDATE oauth_applications SET refusal = $1 \
                     WHERE provider = $2 AND changed_at = $3 AND refusal IS NULL";
        let done = sqlx::query(query)
            .bind(serde_json::to_string(refusal)?)
            .bind(provider.as_str())
            .bind(to_millis(changed_at))
            .execute(connection)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Forgets the provider's no.
    pub async fn clear_oauth_refusal(
        &self,
        connection: &mut AnyConnection,
        provider: &ProviderKey,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE oauth_applications SET refusal = NULL WHERE provider = $1")
            .bind(provider.as_str())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Removes an application. Tells whether there was one.
    pub async fn delete_oauth_application(
        &self,
        connection: &mut AnyConnection,
        provider: &ProviderKey,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM oauth_applications WHERE provider = $1")
            .bind(provider.as_str())
            .execute(connection)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// A provider's application.
    pub async fn oauth_application(
        &self,
        provider: &ProviderKey,
    ) -> Result<Option<OAuthApplicationRow>, StoreError> {
        let query = "SELECT provider, client_id, client_secret, refusal, created_at, changed_at, \
                     secret_ends_at FROM oauth_applications WHERE provider = $1";
        let row = sqlx::query(query)
            .bind(provider.as_str())
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// All applications.
    pub async fn oauth_applications(&self) -> Result<Vec<OAuthApplicationRow>, StoreError> {
        let query = "SELECT provider, client_id, client_secret, refusal, created_at, changed_at, \
                     secret_ends_at FROM oauth_applications ORDER BY provider";
        let rows = sqlx::query(query).fetch_all(self.reader()).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<OAuthApplicationRow, StoreError> {
    let provider: String = row.try_get("provider")?;
    let refusal: Option<String> = row.try_get("refusal")?;
    let secret_ends_at: Option<i64> = row.try_get("secret_ends_at")?;
    Ok(OAuthApplicationRow {
        provider: ProviderKey::new(&provider),
        client_id: row.try_get("client_id")?,
        client_secret: row.try_get("client_secret")?,
        secret_ends_at: secret_ends_at.map(from_millis),
        refusal: refusal.map(|json| serde_json::from_str(&json)).transpose()?,
        created_at: from_millis(row.try_get("created_at")?),
        changed_at: from_millis(row.try_get("changed_at")?),
    })
}
