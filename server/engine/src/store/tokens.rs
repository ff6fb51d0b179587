//! Machine tokens, by the hash of their secret.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::id::TokenId;

/// A token's row, without the hash.
pub(crate) struct TokenRow {
    pub(crate) id: TokenId,
    pub(crate) name: String,
    pub(crate) scope: String,
    pub(crate) created_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

const COLUMNS: &str = "SELECT id, name, scope, created_at, last_used_at FROM tokens WHERE revoked_at IS NULL";

impl Store {
    /// Writes a new token.
    pub(crate) async fn insert_token(
        &self,
        connection: &mut AnyConnection,
        token: &TokenRow,
        hash: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO tokens (id, name, hash, scope, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(token.id.get())
            .bind(token.name.as_str())
            .bind(hash.to_vec())
            .bind(token.scope.as_str())
            .bind(to_millis(token.created_at))
            .execute(connection)
            .await?;
        Ok(())
    }

    /// The tokens that are not revoked, oldest first.
    pub(crate) async fn token_rows(&self) -> Result<Vec<TokenRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY created_at, id"));
        let rows = sqlx::query(sql).fetch_all(self.reader()).await?;
        rows.iter().map(read).collect()
    }

    /// The token of a hash, unless it is revoked.
    pub(crate) async fn token_by_hash(&self, hash: &[u8]) -> Result<Option<TokenRow>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} AND hash = $1"));
        let row = sqlx::query(sql)
            .bind(hash.to_vec())
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Remembers that a token was used.
    pub(crate) async fn set_token_used(
        &self,
        connection: &mut AnyConnection,
        id: TokenId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE tokens SET last_used_at = $1 WHERE id = $2")
            .bind(to_millis(at))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Revokes a token, and gives its name.
    pub(crate) async fn revoke_token_row(
        &self,
        connection: &mut AnyConnection,
        id: TokenId,
        at: Timestamp,
    ) -> Result<String, StoreError> {
        let name: Option<String> = sqlx::query_scalar(
            "UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL RETURNING name",
        )
        .bind(to_millis(at))
        .bind(id.get())
        .fetch_optional(connection)
        .await?;
        name.ok_or(StoreError::Gone)
    }
}

fn read(row: &AnyRow) -> Result<TokenRow, StoreError> {
    Ok(TokenRow {
        id: TokenId::new(row.try_get("id")?),
        name: row.try_get("name")?,
        scope: row.try_get("scope")?,
        created_at: from_millis(row.try_get("created_at")?),
        last_used_at: row.try_get::<Option<i64>, _>("last_used_at")?.map(from_millis),
    })
}
