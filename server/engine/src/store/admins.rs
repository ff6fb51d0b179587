//! Administrators.

use super::{Setting, Store, StoreError};
use crate::time::to_millis;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AdminId;

/// An administrator's row. The password is there as its hash only.
#[derive(Clone)]
pub(crate) struct AdminRow {
    pub(crate) id: AdminId,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) role: String,
    pub(crate) password_hash: String,
}

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

    /// How many administrators there are.
    pub(crate) async fn count_admins(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM admins")
            .fetch_one(self.reader())
            .await?)
    }

    /// All administrators, the first one first.
    pub(crate) async fn admin_rows(&self) -> Result<Vec<AdminRow>, StoreError> {
        let rows =
            sqlx::query("SELECT id, name, address, role, password_hash FROM admins ORDER BY created_at, id")
                .fetch_all(self.reader())
                .await?;
        rows.iter().map(read).collect()
    }

    /// The administrator of a name.
    pub(crate) async fn admin_by_name(&self, name: &str) -> Result<Option<AdminRow>, StoreError> {
        let row = sqlx::query("SELECT id, name, address, role, password_hash FROM admins WHERE name = $1")
            .bind(name)
            .fetch_optional(self.reader())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Takes the set-up code away if this is its hash. Of two who know the code, one is told that it was there.
    pub(crate) async fn take_setup_code(
        &self,
        connection: &mut AnyConnection,
        hash: &str,
    ) -> Result<Taken, StoreError> {
        let deleted = sqlx::query("DELETE FROM settings WHERE name = $1 AND value = $2")
            .bind(Setting::SetUpCode.name())
            .bind(hash)
            .execute(connection)
            .await?;
        Ok(Taken::from_rows(deleted.rows_affected()))
    }

    /// Writes a new administrator.
    pub(crate) async fn insert_admin(
        &self,
        connection: &mut AnyConnection,
        admin: &AdminRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO admins (id, name, address, role, password_hash, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(admin.id.get())
        .bind(admin.name.as_str())
        .bind(admin.address.as_str())
        .bind(admin.role.as_str())
        .bind(admin.password_hash.as_str())
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Writes another password's hash.
    pub(crate) async fn set_password_hash(
        &self,
        connection: &mut AnyConnection,
        id: AdminId,
        hash: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE admins SET password_hash = $1 WHERE id = $2")
            .bind(hash)
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Whether a single-use thing was there to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was.
    Yes,
    /// It was not.
    No,
}

impl Taken {
    /// From how many rows a statement changed that can change one at most.
    pub(super) fn from_rows(rows: u64) -> Self {
        if rows == 1 { Self::Yes } else { Self::No }
    }
}

pub(super) fn read(row: &AnyRow) -> Result<AdminRow, StoreError> {
    Ok(AdminRow {
        id: AdminId::new(row.try_get("id")?),
        name: row.try_get("name")?,
        address: row.try_get("address")?,
        role: row.try_get("role")?,
        password_hash: row.try_get("password_hash")?,
    })
}
