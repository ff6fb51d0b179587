//! Re-authorization links, by the hash of their token.

use super::{Store, StoreError, Taken};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::id::{AccountId, LinkId};

/// A link's row, without the hash of its token.
#[derive(Debug, Clone)]
pub(crate) struct LinkRow {
    pub(crate) id: LinkId,
    pub(crate) account: AccountId,
    pub(crate) made_by: Option<String>,
    pub(crate) made_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) opened_at: Option<Timestamp>,
    pub(crate) used_at: Option<Timestamp>,
    pub(crate) used_by: Option<Vec<u8>>,
    pub(crate) revoked_at: Option<Timestamp>,
    pub(crate) refused: i64,
}

const SELECT: &str = "SELECT id, account_id, made_by, made_at, expires_at, opened_at, used_at, used_by, \
                      revoked_at, refused FROM links";

/// What must hold of a link so that it can be used at `$1`, with at most `$2` refused passwords.
const USABLE: &str = "used_at IS NULL AND revoked_at IS NULL AND expires_at > $1 AND refused < $2";

impl Store {
    /// Writes a new link.
    pub(crate) async fn insert_link(
        &self,
        connection: &mut AnyConnection,
        link: &LinkRow,
        hash: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO links (id, hash, account_id, made_by, made_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(link.id.get())
        .bind(hash)
        .bind(link.account.get())
        .bind(link.made_by.as_deref())
        .bind(to_millis(link.made_at))
        .bind(to_millis(link.expires_at))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The link of a token's hash.
    pub(crate) async fn link_by_hash(&self, hash: &[u8]) -> Result<Option<LinkRow>, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE hash = $1")))
            .bind(hash)
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// One link.
    pub(crate) async fn link_row(&self, id: LinkId) -> Result<LinkRow, StoreError> {
        let row = sqlx::query(AssertSqlSafe(format!("{SELECT} WHERE id = $1")))
            .bind(id.get())
            .fetch_one(self.reader())
            .await?;
        read(&row)
    }

    /// An account's links, the newest first.
    pub(crate) async fn link_rows(&self, account: AccountId) -> Result<Vec<LinkRow>, StoreError> {
        let sql = format!("{SELECT} WHERE account_id = $1 ORDER BY made_at DESC, id DESC");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(account.get())
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Remembers when a link was opened for the first time.
    pub(crate) async fn set_link_opened(
        &self,
        connection: &mut AnyConnection,
        id: LinkId,
        at: Timestamp,
    ) -> Result<Taken, StoreError> {
        let updated = sqlx::query("UPDATE links SET opened_at = $1 WHERE id = $2 AND opened_at IS NULL")
            .bind(to_millis(at))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(Taken::from_rows(updated.rows_affected()))
    }

    /// Uses a link up. Of two who do so at the same moment, one is told that it was there.
    pub(crate) async fn take_link(
        &self,
        connection: &mut AnyConnection,
        id: LinkId,
        at: Timestamp,
        most_refused: i64,
        used_by: &[u8],
    ) -> Result<Taken, StoreError> {
        let sql = format!("UPDATE links SET used_at = $1, used_by = $3 WHERE {USABLE} AND id = $4");
        let updated = sqlx::query(AssertSqlSafe(sql))
            .bind(to_millis(at))
            .bind(most_refused)
            .bind(used_by)
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(Taken::from_rows(updated.rows_affected()))
    }

    /// Counts a password that is about to be tried as refused, if the link allows one more.
    pub(crate) async fn count_link_refusal(
        &self,
        connection: &mut AnyConnection,
        id: LinkId,
        at: Timestamp,
        most_refused: i64,
    ) -> Result<Taken, StoreError> {
        let sql = format!("UPDATE links SET refused = refused + 1 WHERE {USABLE} AND id = $3");
        let updated = sqlx::query(AssertSqlSafe(sql))
            .bind(to_millis(at))
            .bind(most_refused)
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(Taken::from_rows(updated.rows_affected()))
    }

    /// Takes a counted refusal back: the password was not what failed.
    pub(crate) async fn uncount_link_refusal(
        &self,
        connection: &mut AnyConnection,
        id: LinkId,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE links SET refused = refused - 1 WHERE id = $1 AND refused > 0")
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Revokes a link that is neither used nor revoked yet.
    pub(crate) async fn revoke_link_row(
        &self,
        connection: &mut AnyConnection,
        id: LinkId,
        at: Timestamp,
    ) -> Result<Taken, StoreError> {
        let updated = sqlx::query(
            "UPDATE links SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL AND used_at IS NULL",
        )
        .bind(to_millis(at))
        .bind(id.get())
        .execute(connection)
        .await?;
        Ok(Taken::from_rows(updated.rows_affected()))
    }

    /// Removes links that ended before a time.
    pub(crate) async fn purge_links(
        &self,
        connection: &mut AnyConnection,
        before: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM links WHERE expires_at < $1")
            .bind(to_millis(before))
            .execute(connection)
            .await?;
        Ok(())
    }
}

fn read(row: &AnyRow) -> Result<LinkRow, StoreError> {
    let optional = |name: &str| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(name)?.map(from_millis))
    };
    Ok(LinkRow {
        id: LinkId::new(row.try_get("id")?),
        account: AccountId::new(row.try_get("account_id")?),
        made_by: row.try_get("made_by")?,
        made_at: from_millis(row.try_get("made_at")?),
        expires_at: from_millis(row.try_get("expires_at")?),
        opened_at: optional("opened_at")?,
        used_at: optional("used_at")?,
        used_by: row.try_get("used_by")?,
        revoked_at: optional("revoked_at")?,
        refused: row.try_get("refused")?,
    })
}
