//! Grants: what mailboxes' owners gave. An account has at most one that is not replaced; of those replaced
//! only the dates remain.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::id::{AccountId, GrantId};
use tocsin_domain::provider::ProviderKey;

/// A grant without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The account that it is for.
    pub account: AccountId,
    /// The provider whose OAuth application asked for it.
    pub provider: ProviderKey,
    /// What it allows.
    pub scopes: Vec<String>,
    /// When it was given.
    pub granted_at: Timestamp,
    /// When it ends, where the provider said so.
    pub ends_at: Option<Timestamp>,
}

/// A grant's secrets as the vault sealed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantSecrets {
    /// The refresh token.
    pub refresh_token: Vec<u8>,
    /// The access token that was got last.
    pub access: Option<AccessSecret>,
}

/// A sealed access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessSecret {
    /// The token.
    pub token: Vec<u8>,
    /// Until when it is used.
    pub until: Timestamp,
}

impl Store {
    /// Writes a new grant.
    pub async fn insert_grant(
        &self,
        connection: &mut AnyConnection,
        grant: &Grant,
        secrets: &GrantSecrets,
    ) -> Result<(), StoreError> {
        let query = "INSERT INTO grants (id, account_id, provider, refresh_token, access_token, access_until, \
                     scopes, granted_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (token, until) = access_columns(secrets);
        sqlx::query(query)
            .bind(grant.id.get())
            .bind(grant.account.get())
            .bind(grant.provider.as_str())
            .bind(&secrets.refresh_token[..])
            .bind(token)
            .bind(until)
            .bind(grant.scopes.join(" "))
            .bind(to_millis(grant.granted_at))
            .bind(grant.ends_at.map(to_millis))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Marks an account's grant as replaced and erases its secrets. There may be none.
    pub async fn retire_grants(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let query = "UPDATE grants SET replaced_at = $1, refresh_token = $2, access_token = NULL, \
                     access_until = NULL WHERE account_id = $3 AND replaced_at IS NULL";
        sqlx::query(query)
            .bind(to_millis(now))
            .bind(&[][..])
            .bind(account.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Writes what a refresh brought, unless the grant was replaced meanwhile.
    pub async fn renew_grant(
        &self,
        connection: &mut AnyConnection,
        grant: GrantId,
        secrets: &GrantSecrets,
        ends_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let query = "UPDATE grants SET refresh_token = $1, access_token = $2, access_until = $3, ends_at = $4 \
                     WHERE id = $5 AND replaced_at IS NULL";
        let (token, until) = access_columns(secrets);
        sqlx::query(query)
            .bind(&secrets.refresh_token[..])
            .bind(token)
            .bind(until)
            .bind(ends_at.map(to_millis))
            .bind(grant.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// The grant that an account signs in with.
    pub async fn current_grant(&self, account: AccountId) -> Result<Option<Grant>, StoreError> {
        let row = self.current_grant_row(account).await?;
        row.as_ref().map(read_grant).transpose()
    }

    /// The grant that an account signs in with, and its sealed secrets.
    pub async fn current_grant_secrets(
        &self,
        account: AccountId,
    ) -> Result<Option<(Grant, GrantSecrets)>, StoreError> {
        let row = self.current_grant_row(account).await?;
        row.as_ref()
            .map(|row| Ok((read_grant(row)?, read_secrets(row)?)))
            .transpose()
    }

    async fn current_grant_row(&self, account: AccountId) -> Result<Option<AnyRow>, StoreError> {
        let query = "SELECT id, account_id, provider, refresh_token, access_token, access_until, scopes, \
                     granted_at, ends_at FROM grants WHERE account_id = $1 AND replaced_at IS NULL \
                     ORDER BY granted_at DESC, id DESC LIMIT 1";
        Ok(sqlx::query(query)
            .bind(account.get())
            .fetch_optional(self.reader())
            .await?)
    }
}

fn access_columns(secrets: &GrantSecrets) -> (Option<&[u8]>, Option<i64>) {
    let access = secrets.access.as_ref();
    (
        access.map(|access| &access.token[..]),
        access.map(|access| to_millis(access.until)),
    )
}

fn read_grant(row: &AnyRow) -> Result<Grant, StoreError> {
    let scopes: String = row.try_get("scopes")?;
    let provider: String = row.try_get("provider")?;
    let ends_at: Option<i64> = row.try_get("ends_at")?;
    Ok(Grant {
        id: GrantId::new(row.try_get("id")?),
        account: AccountId::new(row.try_get("account_id")?),
        provider: ProviderKey::new(&provider),
        scopes: scopes.split_whitespace().map(ToOwned::to_owned).collect(),
        granted_at: from_millis(row.try_get("granted_at")?),
        ends_at: ends_at.map(from_millis),
    })
}

fn read_secrets(row: &AnyRow) -> Result<GrantSecrets, StoreError> {
    let token: Option<Vec<u8>> = row.try_get("access_token")?;
    let until: Option<i64> = row.try_get("access_until")?;
    let access = token.zip(until).map(|(token, until)| AccessSecret {
        token,
        until: from_millis(until),
    });
    Ok(GrantSecrets {
        refresh_token: row.try_get("refresh_token")?,
        access,
    })
}
