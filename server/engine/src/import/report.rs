//! The report: what became of each row, and why. No password is in it.

use super::error::ImportError;
use super::sheet::Sheet;
use crate::engine::Engine;
use crate::store::SettledRow;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{Outcome, Remark};

/// How many rows are read at a time.
const BATCH: u32 = 500;

/// How many rows a page of the report shows.
const PAGE: u32 = 50;

const HEADER: [&str; 8] = [
    "line",
    "email",
    "provider",
    "outcome",
    "class",
    "reason",
    "next step",
    "the server said",
];

/// A page of the report.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Its rows, in the file's order.
    pub rows: Vec<SettledRow>,
    /// How many there are in all.
    pub total: u64,
}

impl Page {
    /// How many rows a page shows.
    pub const ROWS: u32 = PAGE;
}

impl Engine {
    /// A page of the report, from 1: rows with one outcome, or all.
    pub async fn import_page(
        &self,
        id: ImportId,
        outcome: Option<Outcome>,
        page: u32,
    ) -> Result<Page, ImportError> {
        let counts = self.store.import_counts(id).await?;
        let skip = u64::from(page.saturating_sub(1)) * u64::from(PAGE);
        Ok(Page {
            rows: self.store.import_page(id, outcome, skip, PAGE).await?,
            total: outcome.map_or(counts.done(), |outcome| counts.of(outcome)),
        })
    }

    /// The rows that have their outcome, in the file's order: one outcome's, or all, behind a position.
    pub async fn import_rows(
        &self,
        id: ImportId,
        outcome: Option<Outcome>,
        after: u64,
        limit: u32,
    ) -> Result<Vec<SettledRow>, ImportError> {
        Ok(self.store.settled_import_rows(id, outcome, after, limit).await?)
    }

    /// The report as a CSV file.
    pub async fn import_report(&self, id: ImportId) -> Result<Vec<u8>, ImportError> {
        self.store.import(id).await?;
        let mut sheet = Sheet::new(HEADER);
        let mut after = 0;
        loop {
            let rows = self.store.settled_import_rows(id, None, after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = last.position;
            for row in &rows {
                write(&mut sheet, row);
            }
        }
        Ok(sheet.finish())
    }
}

fn write(sheet: &mut Sheet, row: &SettledRow) {
    let line = row.line.to_string();
    let remark = row.remark.as_ref();
    let meaning = remark.and_then(Remark::meaning);
    let class = meaning
        .map(|meaning| meaning.class().to_string())
        .unwrap_or_default();
    let reason = match (meaning, remark) {
        (Some(meaning), _) => meaning.to_string(),
        (None, Some(remark)) => remark.to_string(),
        (None, None) => String::new(),
    };
    let next = meaning
        .map(|meaning| meaning.next_step().to_string())
        .unwrap_or_default();
    let words = remark.and_then(Remark::words).unwrap_or_default();
    sheet.row([
        line.as_str(),
        &row.address,
        &row.provider,
        row.outcome.as_str(),
        &class,
        &reason,
        &next,
        words,
    ]);
}
