//! Sign-ins at providers that were begun, and for a day those that were finished.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::provider::ProviderKey;

/// A sign-in that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthFlow {
    /// The hash of its `state`.
    pub state_hash: Vec<u8>,
    /// The hash of the session that began it.
    pub session_hash: Vec<u8>,
    /// The provider.
    pub provider: ProviderKey,
    /// What it is for, as JSON.
    pub purpose: String,
    /// The PKCE verifier as the vault sealed it.
    pub verifier: Vec<u8>,
    /// Where the provider sends the browser.
    pub redirect_uri: String,
    /// The page to sign in on, as the vault sealed it, where the way back is pasted.
    pub sign_in_url: Option<Vec<u8>>,
    /// When it can no longer be finished.
    pub expires_at: Timestamp,
}

impl Store {
    /// Writes a sign-in that begins.
    pub async fn insert_oauth_flow(
        &self,
        connection: &mut AnyConnection,
        flow: &OAuthFlow,
    ) -> Result<(), StoreError> {
        let query = "INSERT INTO oauth_flows (state_hash, session_hash, provider, purpose, verifier, \
                     redirect_uri, sign_in_url, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        sqlx::query(query)
            .bind(&flow.state_hash[..])
            .bind(&flow.session_hash[..])
            .bind(flow.provider.as_str())
            .bind(&flow.purpose)
            .bind(&flow.verifier[..])
            .bind(&flow.redirect_uri)
            .bind(flow.sign_in_url.as_deref())
            .bind(to_millis(flow.expires_at))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Takes a sign-in that was begun: nobody gets it twice. What remains of it tells who comes again that it
    /// was used.
    pub async fn take_oauth_flow(
        &self,
        connection: &mut AnyConnection,
        state_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<OAuthFlow>, StoreError> {
        let query = "UPDATE oauth_flows SET used_at = $1 WHERE state_hash = $2 AND used_at IS NULL \
                     RETURNING state_hash, session_hash, provider, purpose, verifier, redirect_uri, \
                     sign_in_url, expires_at";
        let row = sqlx::query(query)
            .bind(to_millis(now))
            .bind(state_hash)
            .fetch_optional(&mut *connection)
            .await?;
        let query = "UPDATE oauth_flows SET verifier = $1, sign_in_url = NULL WHERE state_hash = $2";
        sqlx::query(query)
            .bind(&[][..])
            .bind(state_hash)
            .execute(connection)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// A sign-in that was begun and not yet used.
    pub async fn oauth_flow(&self, state_hash: &[u8]) -> Result<Option<OAuthFlow>, StoreError> {
        let query = "SELECT state_hash, session_hash, provider, purpose, verifier, redirect_uri, sign_in_url, \
                     expires_at FROM oauth_flows WHERE state_hash = $1 AND used_at IS NULL";
        let row = sqlx::query(query)
            .bind(state_hash)
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// What a sign-in was begun for, as JSON, whether it was used or not.
    pub async fn oauth_flow_purpose(&self, state_hash: &[u8]) -> Result<Option<String>, StoreError> {
        let purpose = sqlx::query_scalar("SELECT purpose FROM oauth_flows WHERE state_hash = $1")
            .bind(state_hash)
            .fetch_optional(self.reader())
            .await?;
        Ok(purpose)
    }

    /// When a sign-in was used, if it was.
    pub async fn oauth_flow_used_at(&self, state_hash: &[u8]) -> Result<Option<Timestamp>, StoreError> {
        let query = "SELECT used_at FROM oauth_flows WHERE state_hash = $1 AND used_at IS NOT NULL";
        let at: Option<i64> = sqlx::query_scalar(query)
            .bind(state_hash)
            .fetch_optional(self.reader())
            .await?;
        Ok(at.map(from_millis))
    }

    /// Removes what ended before a time.
    pub async fn purge_oauth_flows(
        &self,
        connection: &mut AnyConnection,
        before: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM oauth_flows WHERE expires_at < $1")
            .bind(to_millis(before))
            .execute(connection)
            .await?;
        Ok(())
    }
}

fn read(row: &AnyRow) -> Result<OAuthFlow, StoreError> {
    let provider: String = row.try_get("provider")?;
    Ok(OAuthFlow {
        state_hash: row.try_get("state_hash")?,
        session_hash: row.try_get("session_hash")?,
        provider: ProviderKey::new(&provider),
        purpose: row.try_get("purpose")?,
        verifier: row.try_get("verifier")?,
        redirect_uri: row.try_get("redirect_uri")?,
        sign_in_url: row.try_get("sign_in_url")?,
        expires_at: from_millis(row.try_get("expires_at")?),
    })
}
