//! Sign-ins at providers that were begun and not yet finished.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
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
                     redirect_uri, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        sqlx::query(query)
            .bind(&flow.state_hash[..])
            .bind(&flow.session_hash[..])
            .bind(flow.provider.as_str())
            .bind(&flow.purpose)
            .bind(&flow.verifier[..])
            .bind(&flow.redirect_uri)
            .bind(to_millis(flow.expires_at))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Takes a sign-in out of the table: nobody gets it twice.
    pub async fn take_oauth_flow(
        &self,
        connection: &mut AnyConnection,
        state_hash: &[u8],
    ) -> Result<Option<OAuthFlow>, StoreError> {
        let query = "DELETE FROM oauth_flows WHERE state_hash = $1 \
                     RETURNING session_hash, provider, purpose, verifier, redirect_uri, expires_at";
        let row = sqlx::query(query)
            .bind(state_hash)
            .fetch_optional(connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let provider: String = row.try_get("provider")?;
        Ok(Some(OAuthFlow {
            state_hash: state_hash.to_vec(),
            session_hash: row.try_get("session_hash")?,
            provider: ProviderKey::new(&provider),
            purpose: row.try_get("purpose")?,
            verifier: row.try_get("verifier")?,
            redirect_uri: row.try_get("redirect_uri")?,
            expires_at: from_millis(row.try_get("expires_at")?),
        }))
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
