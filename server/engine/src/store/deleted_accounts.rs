//! Accounts that were deleted: taken away, brought back, and erased for good.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::account::{AccountSettings, IsDefault};
use tocsin_domain::deleted::{DeletedAccount, KEPT_FOR, Secrets};
use tocsin_domain::id::AccountId;

const SELECT: &str = "SELECT id, settings, deleted_at, deleted_by, was_default, default_after, erasing_at, erased_at \
     FROM accounts WHERE deleted_at IS NOT NULL";

/// A deleted account, and what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedRow {
    /// Who it was.
    pub account: DeletedAccount,
    /// Whether it sent for rules that have no sender.
    pub was_default: IsDefault,
    /// Who was made the default in its place when it was deleted.
    pub default_after: Option<AccountId>,
}

/// A deletion to be written.
#[derive(Debug, Clone, Copy)]
pub struct Deleting<'a> {
    /// The account.
    pub account: AccountId,
    /// Who deletes it.
    pub by: &'a str,
    /// Whether it was the default.
    pub was_default: IsDefault,
    /// Who is the default now.
    pub default_after: Option<AccountId>,
    /// Now.
    pub at: Timestamp,
}

impl Store {
    /// Takes an account away. Its secrets stay for a while, its places in sender lists with them.
    pub async fn delete_account(
        &self,
        connection: &mut AnyConnection,
        deleting: Deleting<'_>,
    ) -> Result<(), StoreError> {
        let deleted = sqlx::query(
            "UPDATE accounts SET deleted_at = $1, deleted_by = $2, was_default = $3, default_after = $4, \
             is_default = 0 WHERE id = $5 AND deleted_at IS NULL",
        )
        .bind(to_millis(deleting.at))
        .bind(deleting.by)
        .bind(i64::from(deleting.was_default == IsDefault::Yes))
        .bind(deleting.default_after.map(AccountId::get))
        .bind(deleting.account.get())
        .execute(connection)
        .await?;
        if deleted.rows_affected() == 0 {
            Err(StoreError::Gone)
        } else {
            Ok(())
        }
    }

    /// Brings an account back, due for a look at once.
    pub async fn restore_account(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let restored = sqlx::query(
            "UPDATE accounts SET deleted_at = NULL, deleted_by = NULL, was_default = 0, default_after = NULL, \
             next_check_at = $1 WHERE id = $2 AND deleted_at IS NOT NULL AND erasing_at IS NULL \
             AND erased_at IS NULL",
        )
        .bind(to_millis(now))
        .bind(id.get())
        .execute(connection)
        .await?;
        if restored.rows_affected() == 0 {
            Err(StoreError::Gone)
        } else {
            Ok(())
        }
    }

    /// All deleted accounts, the last deleted first; also those whose secrets are gone.
    pub async fn deleted_accounts(&self) -> Result<Vec<DeletedAccount>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} ORDER BY deleted_at DESC, id DESC"));
        let rows = sqlx::query(sql).fetch_all(self.reader()).await?;
        rows.iter().map(|row| Ok(read(row)?.account)).collect()
    }

    /// One deleted account.
    pub async fn deleted_account(&self, id: AccountId) -> Result<DeletedRow, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} AND id = $1"));
        read(&sqlx::query(sql).bind(id.get()).fetch_one(self.reader()).await?)
    }

    /// The accounts whose secrets are to be erased: deleted long enough ago, or begun and not ended.
    pub async fn accounts_to_erase(&self, now: Timestamp) -> Result<Vec<AccountId>, StoreError> {
        let before = now.checked_sub(KEPT_FOR).unwrap_or(now);
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT id FROM accounts WHERE deleted_at IS NOT NULL AND erased_at IS NULL \
             AND (deleted_at <= $1 OR erasing_at IS NOT NULL) ORDER BY deleted_at, id",
        )
        .bind(to_millis(before))
        .fetch_all(self.reader())
        .await?;
        Ok(ids.into_iter().map(AccountId::new).collect())
    }

    /// From now on an account cannot be restored. It may have begun before.
    pub async fn begin_erasing(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let begun = sqlx::query(
            "UPDATE accounts SET erasing_at = COALESCE(erasing_at, $1) WHERE id = $2 AND deleted_at IS NOT NULL \
             AND erased_at IS NULL",
        )
        .bind(to_millis(now))
        .bind(id.get())
        .execute(connection)
        .await?;
        if begun.rows_affected() == 0 {
            Err(StoreError::Gone)
        } else {
            Ok(())
        }
    }

    /// Erases an account's password and the tokens of all its grants; what names it stays.
    pub async fn erase_secrets(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE accounts SET password = NULL, erased_at = $1 WHERE id = $2 AND deleted_at IS NOT NULL",
        )
        .bind(to_millis(now))
        .bind(id.get())
        .execute(&mut *connection)
        .await?;
        self.retire_grants(connection, id, now).await
    }

    /// Whether another account signs in with a grant of the same mailbox: Google ends all grants of a mailbox
    /// together, and that one must stay.
    pub async fn shares_its_grant(&self, id: AccountId) -> Result<bool, StoreError> {
        let others: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM accounts own JOIN accounts other ON LOWER(other.address) = LOWER(own.address) \
             AND other.id <> own.id AND other.erased_at IS NULL \
             JOIN grants g ON g.account_id = other.id AND g.replaced_at IS NULL WHERE own.id = $1",
        )
        .bind(id.get())
        .fetch_one(self.reader())
        .await?;
        Ok(others > 0)
    }

    /// How many notifications an account has on their way: queued for it, or being handed in.
    pub async fn under_way(&self, id: AccountId) -> Result<u64, StoreError> {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM notifications WHERE account_id = $1 AND state IN ('queued', 'sending')",
        )
        .bind(id.get())
        .fetch_one(self.reader())
        .await?;
        Ok(waiting.unsigned_abs())
    }
}

fn read(row: &AnyRow) -> Result<DeletedRow, StoreError> {
    let settings: AccountSettings = serde_json::from_str(row.try_get("settings")?)?;
    let number = |column: &str| row.try_get::<Option<i64>, _>(column);
    let deleted_at = from_millis(row.try_get("deleted_at")?);
    let deleted_by: Option<String> = row.try_get("deleted_by")?;
    let was_default: i64 = row.try_get("was_default")?;
    let is_erased = number("erasing_at")?.or(number("erased_at")?).is_some();
    let until = deleted_at.checked_add(KEPT_FOR).unwrap_or(Timestamp::MAX);
    Ok(DeletedRow {
        account: DeletedAccount {
            id: AccountId::new(row.try_get("id")?),
            provider: settings.provider,
            address: settings.address,
            deleted_at,
            deleted_by: deleted_by.unwrap_or_default(),
            secrets: if is_erased {
                Secrets::Erased
            } else {
                Secrets::KeptUntil(until)
            },
        },
        was_default: if was_default == 1 {
            IsDefault::Yes
        } else {
            IsDefault::No
        },
        default_after: number("default_after")?.map(AccountId::new),
    })
}
