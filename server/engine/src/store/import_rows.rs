//! The rows of files of accounts: sealed while they wait, without a secret once they have their outcome.

use super::rows::{CHUNK, insert};
use super::{Store, StoreError};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::id::{AccountId, ImportId};
use tocsin_domain::import::{Counts, Outcome, Remark, UnknownWord};

/// A row that waits.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    /// Its place in the file, from 1.
    pub position: u64,
    /// The line in which it begins, from 1.
    pub line: u64,
    /// Its cells, sealed.
    pub cells: Vec<u8>,
}

/// A row that has its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledRow {
    /// Its place in the file, from 1.
    pub position: u64,
    /// The line in which it begins, from 1.
    pub line: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// The mailbox; empty where the row names none.
    pub address: String,
    /// The preset; empty where it is not known.
    pub provider: String,
    /// The account that it is about, if there is one.
    pub account: Option<AccountId>,
    /// Whether the mailbox's owner must sign in at the provider.
    pub awaits_owner: bool,
    /// Why.
    pub remark: Option<Remark>,
}

impl Store {
    /// Writes rows that wait.
    pub async fn insert_import_rows(
        &self,
        connection: &mut AnyConnection,
        import: ImportId,
        rows: &[WaitingRow],
    ) -> Result<(), StoreError> {
        for chunk in rows.chunks(CHUNK) {
            let sql = insert(
                "import_rows",
                &["import_id", "position", "line", "cells"],
                chunk.len(),
            );
            let mut query = sqlx::query(sql);
            for row in chunk {
                query = query
                    .bind(import.get())
                    .bind(number(row.position))
                    .bind(number(row.line))
                    .bind(&row.cells[..]);
            }
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// Rows that wait, in the file's order, behind a position.
    pub async fn waiting_import_rows(
        &self,
        import: ImportId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<WaitingRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT position, line, cells FROM import_rows WHERE import_id = $1 AND position > $2 \
             AND outcome IS NULL ORDER BY position LIMIT $3",
        )
        .bind(import.get())
        .bind(number(after))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(WaitingRow {
                    position: unsigned(row, "position")?,
                    line: unsigned(row, "line")?,
                    cells: row.try_get::<Option<Vec<u8>>, _>("cells")?.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// Writes a row's outcome, and erases its cells.
    pub async fn settle_import_row(
        &self,
        connection: &mut AnyConnection,
        import: ImportId,
        row: &SettledRow,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE import_rows SET cells = NULL, outcome = $1, address = $2, provider = $3, account_id = $4, \
             awaits_owner = $5, remark = $6 WHERE import_id = $7 AND position = $8",
        )
        .bind(row.outcome.as_str())
        .bind(row.address.as_str())
        .bind(row.provider.as_str())
        .bind(row.account.map(AccountId::get))
        .bind(i64::from(row.awaits_owner))
        .bind(row.remark.as_ref().map(serde_json::to_string).transpose()?)
        .bind(import.get())
        .bind(number(row.position))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Gives all rows that wait the same outcome, and erases their cells.
    pub async fn settle_waiting_import_rows(
        &self,
        connection: &mut AnyConnection,
        import: ImportId,
        outcome: Outcome,
        remark: &Remark,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE import_rows SET cells = NULL, outcome = $1, remark = $2 WHERE import_id = $3 AND outcome IS NULL",
        )
        .bind(outcome.as_str())
        .bind(serde_json::to_string(remark)?)
        .bind(import.get())
        .execute(connection)
        .await?;
        Ok(())
    }

    /// How many rows have which outcome.
    pub async fn import_counts(&self, import: ImportId) -> Result<Counts, StoreError> {
        let rows = sqlx::query(
            "SELECT outcome, COUNT(*) AS number FROM import_rows WHERE import_id = $1 AND outcome IS NOT NULL \
             GROUP BY outcome",
        )
        .bind(import.get())
        .fetch_all(self.reader())
        .await?;
        let mut counts = Counts::default();
        for row in &rows {
            counts.set(outcome(row)?, unsigned(row, "number")?);
        }
        Ok(counts)
    }

    /// Rows that have their outcome, in the file's order: one outcome's, or all.
    pub async fn settled_import_rows(
        &self,
        import: ImportId,
        outcome: Option<Outcome>,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SettledRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT position, line, outcome, address, provider, account_id, awaits_owner, remark FROM import_rows \
             WHERE import_id = $1 AND outcome IS NOT NULL AND ($2 = '' OR outcome = $2) AND position > $3 \
             ORDER BY position LIMIT $4",
        )
        .bind(import.get())
        .bind(outcome.map_or("", Outcome::as_str))
        .bind(number(after))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(settled).collect()
    }

    /// A page of the rows that have their outcome, in the file's order: one outcome's, or all.
    pub async fn import_page(
        &self,
        import: ImportId,
        outcome: Option<Outcome>,
        skip: u64,
        limit: u32,
    ) -> Result<Vec<SettledRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT position, line, outcome, address, provider, account_id, awaits_owner, remark FROM import_rows \
             WHERE import_id = $1 AND outcome IS NOT NULL AND ($2 = '' OR outcome = $2) \
             ORDER BY position LIMIT $3 OFFSET $4",
        )
        .bind(import.get())
        .bind(outcome.map_or("", Outcome::as_str))
        .bind(i64::from(limit))
        .bind(number(skip))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(settled).collect()
    }

    /// The accounts whose owners must sign in at their providers.
    pub async fn import_awaiting(&self, import: ImportId) -> Result<Vec<AccountId>, StoreError> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT account_id FROM import_rows WHERE import_id = $1 AND awaits_owner = 1 AND account_id IS NOT NULL \
             ORDER BY position",
        )
        .bind(import.get())
        .fetch_all(self.reader())
        .await?;
        Ok(ids.into_iter().map(AccountId::new).collect())
    }
}

fn settled(row: &AnyRow) -> Result<SettledRow, StoreError> {
    let account: Option<i64> = row.try_get("account_id")?;
    let awaits: i64 = row.try_get("awaits_owner")?;
    let remark: Option<String> = row.try_get("remark")?;
    Ok(SettledRow {
        position: unsigned(row, "position")?,
        line: unsigned(row, "line")?,
        outcome: outcome(row)?,
        address: row.try_get("address")?,
        provider: row.try_get("provider")?,
        account: account.map(AccountId::new),
        awaits_owner: awaits == 1,
        remark: remark.as_deref().map(serde_json::from_str).transpose()?,
    })
}

fn outcome(row: &AnyRow) -> Result<Outcome, StoreError> {
    let word: String = row.try_get("outcome")?;
    word.parse()
        .map_err(|error: UnknownWord| StoreError::Unreadable(error.to_string()))
}

fn unsigned(row: &AnyRow, column: &str) -> Result<u64, StoreError> {
    Ok(row.try_get::<i64, _>(column)?.unsigned_abs())
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
