//! Files of accounts that are added in bulk, as wholes. Their rows are in `import_rows`.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{ImportField, ImportState};

const SELECT: &str = "SELECT id, file_name, state, who, origin, report_to, header, mapping, updates, rows_total, \
     created_at, started_at, ended_at FROM imports";

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRecord {
    /// Its id.
    pub id: ImportId,
    /// The file's name, for people.
    pub file_name: String,
    /// How far it is.
    pub state: ImportState,
    /// Who brought it.
    pub who: String,
    /// From which network address.
    pub origin: String,
    /// Who gets the report.
    pub report_to: Vec<EmailAddress>,
    /// The columns' names.
    pub header: Vec<String>,
    /// What each column holds.
    pub mapping: Vec<Option<ImportField>>,
    /// Whether accounts that exist are changed.
    pub updates: bool,
    /// How many rows it has.
    pub rows: u64,
    /// When it was brought.
    pub created_at: Timestamp,
    /// When its rows began to be tried.
    pub started_at: Option<Timestamp>,
    /// When the last row had its outcome.
    pub ended_at: Option<Timestamp>,
}

impl Store {
    /// Writes a file that was brought.
    pub async fn insert_import(
        &self,
        connection: &mut AnyConnection,
        import: &ImportRecord,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO imports (id, file_name, state, who, origin, report_to, header, mapping, updates, rows_total, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(import.id.get())
        .bind(import.file_name.as_str())
        .bind(import.state.as_str())
        .bind(import.who.as_str())
        .bind(import.origin.as_str())
        .bind(serde_json::to_string(&import.report_to)?)
        .bind(serde_json::to_string(&import.header)?)
        .bind(serde_json::to_string(&import.mapping)?)
        .bind(i64::from(import.updates))
        .bind(i64::try_from(import.rows).unwrap_or(i64::MAX))
        .bind(to_millis(import.created_at))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Moves a file from one state to the next. False where it stands elsewhere already.
    pub async fn move_import(
        &self,
        connection: &mut AnyConnection,
        id: ImportId,
        from: ImportState,
        to: ImportState,
    ) -> Result<bool, StoreError> {
        let moved = sqlx::query("UPDATE imports SET state = $1 WHERE id = $2 AND state = $3")
            .bind(to.as_str())
            .bind(id.get())
            .bind(from.as_str())
            .execute(connection)
            .await?;
        Ok(moved.rows_affected() == 1)
    }

    /// Writes what was said about the columns, and when its rows began to be tried.
    pub async fn set_import_terms(
        &self,
        connection: &mut AnyConnection,
        id: ImportId,
        mapping: &[Option<ImportField>],
        updates: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE imports SET mapping = $1, updates = $2, started_at = $3 WHERE id = $4")
            .bind(serde_json::to_string(mapping)?)
            .bind(i64::from(updates))
            .bind(to_millis(now))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Writes when the last row had its outcome.
    pub async fn set_import_ended(
        &self,
        connection: &mut AnyConnection,
        id: ImportId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE imports SET ended_at = $1 WHERE id = $2")
            .bind(to_millis(now))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Takes a file away, with all its rows.
    pub async fn delete_import(
        &self,
        connection: &mut AnyConnection,
        id: ImportId,
    ) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM import_rows WHERE import_id = $1",
            "DELETE FROM imports WHERE id = $1",
        ] {
            sqlx::query(sql).bind(id.get()).execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// One file.
    pub async fn import(&self, id: ImportId) -> Result<ImportRecord, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} WHERE id = $1"));
        read(&sqlx::query(sql).bind(id.get()).fetch_one(self.reader()).await?)
    }

    /// The latest files, newest first.
    pub async fn imports(&self, limit: u32) -> Result<Vec<ImportRecord>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} ORDER BY created_at DESC, id DESC LIMIT $1"));
        let rows = sqlx::query(sql)
            .bind(i64::from(limit))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }

    /// Those in a state, the one that was started first at the beginning.
    pub async fn imports_in(&self, state: ImportState) -> Result<Vec<ImportRecord>, StoreError> {
        let sql = AssertSqlSafe(format!("{SELECT} WHERE state = $1 ORDER BY started_at, id"));
        let rows = sqlx::query(sql)
            .bind(state.as_str())
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<ImportRecord, StoreError> {
    let optional = |column: &str| {
        row.try_get::<Option<i64>, _>(column)
            .map(|at| at.map(from_millis))
    };
    let state: String = row.try_get("state")?;
    let updates: i64 = row.try_get("updates")?;
    let rows: i64 = row.try_get("rows_total")?;
    Ok(ImportRecord {
        id: ImportId::new(row.try_get("id")?),
        file_name: row.try_get("file_name")?,
        state: state
            .parse()
            .map_err(|error: tocsin_domain::import::UnknownWord| StoreError::Unreadable(error.to_string()))?,
        who: row.try_get("who")?,
        origin: row.try_get("origin")?,
        report_to: serde_json::from_str(row.try_get("report_to")?)?,
        header: serde_json::from_str(row.try_get("header")?)?,
        mapping: serde_json::from_str(row.try_get("mapping")?)?,
        updates: updates == 1,
        rows: rows.unsigned_abs(),
        created_at: from_millis(row.try_get("created_at")?),
        started_at: optional("started_at")?,
        ended_at: optional("ended_at")?,
    })
}
