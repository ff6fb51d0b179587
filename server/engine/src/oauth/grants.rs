//! Grants that were given but not yet stored, and how they are stored.

use super::tokens::Access;
use super::{OAuthClient, TokenError};
use crate::store::{AccessSecret, Grant, GrantSecrets, StoreError};
use crate::time::now;
use crate::vault::Place;
use jiff::Timestamp;
use secrecy::SecretString;
use sqlx::AnyConnection;
use tocsin_domain::id::{AccountId, GrantId};
use tocsin_domain::provider::ProviderKey;

/// What a mailbox's owner gave just now. It is nowhere but here until it is inserted.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// The provider whose OAuth application asked for it.
    pub provider: ProviderKey,
    /// The refresh token.
    pub refresh_token: SecretString,
    /// An access token, to prove the grant with.
    pub access_token: SecretString,
    /// Until when the access token is used.
    pub access_until: Timestamp,
    /// What was granted.
    pub scopes: Vec<String>,
    /// When.
    pub granted_at: Timestamp,
    /// When it ends, where the provider said so.
    pub ends_at: Option<Timestamp>,
}

impl OAuthClient {
    /// Stores an account's first grant.
    pub async fn insert_grant(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        new: &NewGrant,
    ) -> Result<GrantId, StoreError> {
        let grant = Grant {
            id: GrantId::new(self.store.next_id()),
            account,
            provider: new.provider.clone(),
            scopes: new.scopes.clone(),
            granted_at: new.granted_at,
            ends_at: new.ends_at,
        };
        let secrets = self.seal(grant.id, &new.refresh_token, &new.access_token, new.access_until);
        self.store.insert_grant(connection, &grant, &secrets).await?;
        Ok(grant.id)
    }

    /// Stores a grant in the place of the account's former one, whose secrets are erased. To be called when
    /// the new one has proven itself.
    pub async fn replace_grant(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        new: &NewGrant,
    ) -> Result<GrantId, StoreError> {
        self.store.retire_grants(connection, account, now()).await?;
        self.insert_grant(connection, account, new).await
    }

    /// The grant that an account signs in with, without its secrets.
    pub async fn current_grant(&self, account: AccountId) -> Result<Option<Grant>, StoreError> {
        self.store.current_grant(account).await
    }

    pub(super) fn seal(
        &self,
        grant: GrantId,
        refresh_token: &SecretString,
        access_token: &SecretString,
        until: Timestamp,
    ) -> GrantSecrets {
        let row = grant.to_string();
        GrantSecrets {
            refresh_token: self.vault.seal(place("refresh_token", &row), refresh_token),
            access: Some(AccessSecret {
                token: self.vault.seal(place("access_token", &row), access_token),
                until,
            }),
        }
    }

    pub(super) fn open_refresh_token(
        &self,
        grant: GrantId,
        secrets: &GrantSecrets,
    ) -> Result<SecretString, TokenError> {
        let row = grant.to_string();
        Ok(self
            .vault
            .open(place("refresh_token", &row), &secrets.refresh_token)?)
    }

    /// The stored access token, unless it is no longer used.
    pub(super) fn open_access_token(&self, grant: GrantId, secrets: &GrantSecrets) -> Option<Access> {
        let access = secrets.access.as_ref().filter(|access| access.until > now())?;
        let row = grant.to_string();
        let token = self.vault.open(place("access_token", &row), &access.token).ok()?;
        Some(Access {
            token,
            until: access.until,
        })
    }
}

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place {
        table: "grants",
        column,
        row,
    }
}
