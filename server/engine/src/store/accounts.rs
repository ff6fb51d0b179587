//! Service accounts.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::account::{Account, AccountSettings, IsDefault};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AccountId;

const SELECT: &str = "SELECT id, settings, is_default, authorization_json, suspicion, pause, proven_at, checked_at, \
     sent_at, created_at FROM accounts";

impl Store {
    /// Writes a new account, unverified, due for its first check at a time.
    pub async fn insert_account(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        password: Option<Vec<u8>>,
        next_check_at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO accounts (id, address, settings, password, is_default, state, authorization_json, \
             next_check_at, proven_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(account.id.get())
        .bind(account.settings.address.as_str())
        .bind(serde_json::to_string(&account.settings)?)
        .bind(password)
        .bind(i64::from(account.default == IsDefault::Yes))
        .bind(account.authorization.as_str())
        .bind(serde_json::to_string(&account.authorization)?)
        .bind(to_millis(next_check_at))
        .bind(account.proven_at.map(to_millis))
        .bind(to_millis(account.created_at))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Writes what the admin set.
    pub async fn update_account_settings(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        settings: &AccountSettings,
    ) -> Result<(), StoreError> {
        let updated = sqlx::query(
            "UPDATE accounts SET address = $1, settings = $2 WHERE id = $3 AND deleted_at IS NULL",
        )
        .bind(settings.address.as_str())
        .bind(serde_json::to_string(settings)?)
        .bind(id.get())
        .execute(connection)
        .await?;
        if updated.rows_affected() == 0 {
            Err(StoreError::Gone)
        } else {
            Ok(())
        }
    }

    /// Writes a sealed password, or erases it.
    pub async fn set_account_password(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        sealed: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET password = $1 WHERE id = $2")
            .bind(sealed)
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Makes one account the default, and no other.
    pub async fn set_default_account(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET is_default = CASE WHEN id = $1 THEN 1 ELSE 0 END")
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// One account.
    pub async fn account(&self, id: AccountId) -> Result<Account, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} WHERE id = $1 AND deleted_at IS NULL"));
        read(&sqlx::query(sql).bind(id.get()).fetch_one(self.reader()).await?)
    }

    /// All accounts, oldest first.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "{SELECT} WHERE deleted_at IS NULL ORDER BY created_at, id"
        ));
        sqlx::query(sql)
            .fetch_all(self.reader())
            .await?
            .iter()
            .map(read)
            .collect()
    }

    /// The accounts of a mailbox, oldest first: one, or several of different providers.
    pub async fn accounts_of(&self, address: &EmailAddress) -> Result<Vec<Account>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "{SELECT} WHERE LOWER(address) = LOWER($1) AND deleted_at IS NULL ORDER BY created_at, id"
        ));
        sqlx::query(sql)
            .bind(address.as_str())
            .fetch_all(self.reader())
            .await?
            .iter()
            .map(read)
            .collect()
    }

    /// The accounts that are due for a look.
    pub async fn accounts_due(&self, now: Timestamp) -> Result<Vec<Account>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "{SELECT} WHERE deleted_at IS NULL AND next_check_at <= $1 ORDER BY next_check_at"
        ));
        sqlx::query(sql)
            .bind(to_millis(now))
            .fetch_all(self.reader())
            .await?
            .iter()
            .map(read)
            .collect()
    }

    /// An account's sealed password.
    pub async fn account_password(&self, id: AccountId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(sqlx::query_scalar("SELECT password FROM accounts WHERE id = $1")
            .bind(id.get())
            .fetch_one(self.reader())
            .await?)
    }
}

fn read(row: &AnyRow) -> Result<Account, StoreError> {
    let optional = |column: &str| {
        row.try_get::<Option<i64>, _>(column)
            .map(|at| at.map(from_millis))
    };
    let json = |column: &str| row.try_get::<Option<String>, _>(column);
    let is_default: i64 = row.try_get("is_default")?;
    Ok(Account {
        id: AccountId::new(row.try_get("id")?),
        settings: serde_json::from_str(row.try_get("settings")?)?,
        authorization: serde_json::from_str(row.try_get("authorization_json")?)?,
        suspicion: json("suspicion")?
            .as_deref()
            .map(serde_json::from_str)
            .transpose()?,
        pause: json("pause")?.as_deref().map(serde_json::from_str).transpose()?,
        default: if is_default == 1 {
            IsDefault::Yes
        } else {
            IsDefault::No
        },
        proven_at: optional("proven_at")?,
        checked_at: optional("checked_at")?,
        sent_at: optional("sent_at")?,
        created_at: from_millis(row.try_get("created_at")?),
    })
}
