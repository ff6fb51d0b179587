//! Starting, cancelling and looking at an import.

use super::RowName;
use super::columns::{Mapping, check, letters};
use super::error::ImportError;
use super::plan::OnExisting;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{ImportRecord, StoreError, WaitingRow};
use crate::time::now;
use crate::vault::VaultError;
use secrecy::ExposeSecret as _;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{Counts, ImportField, ImportState};

/// How many rows a preview shows.
const PREVIEW: u32 = 5;

/// How many imports are listed.
const LISTED: u32 = 20;

/// An import and how far it is.
#[derive(Debug, Clone)]
pub struct Import {
    /// What it is.
    pub record: ImportRecord,
    /// What became of its rows so far.
    pub counts: Counts,
    /// For how many of its accounts somebody must still sign in at the provider.
    pub awaiting: u64,
}

/// The first rows of a file, its passwords hidden.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The file.
    pub record: ImportRecord,
    /// Its first rows.
    pub rows: Vec<Vec<String>>,
}

impl Engine {
    /// One import.
    pub async fn import(&self, id: ImportId) -> Result<Import, ImportError> {
        let record = self.store.import(id).await?;
        Ok(Import {
            counts: self.store.import_counts(id).await?,
            awaiting: self.count_awaiting(id).await?,
            record,
        })
    }

    /// The latest imports, newest first.
    pub async fn imports(&self) -> Result<Vec<Import>, ImportError> {
        let mut imports = Vec::new();
        for record in self.store.imports(LISTED).await? {
            if record.state != ImportState::Reading {
                imports.push(self.import(record.id).await?);
            }
        }
        Ok(imports)
    }

    /// The first rows of a file that waits for somebody to say what its columns hold.
    pub async fn import_preview(&self, id: ImportId) -> Result<Preview, ImportError> {
        let record = self.store.import(id).await?;
        let hidden: Vec<bool> = record
            .header
            .iter()
            .zip(&record.mapping)
            .map(|(name, field)| *field == Some(ImportField::Password) || sounds_secret(name))
            .collect();
        let mut rows = Vec::new();
        for row in self.store.waiting_import_rows(id, 0, PREVIEW).await? {
            let cells = self.import_cells(id, &row).unwrap_or_default();
            let shown = cells.into_iter().enumerate().map(|(index, cell)| {
                if hidden.get(index) == Some(&true) && !cell.is_empty() {
                    "••••••".to_owned()
                } else {
                    cell.chars().take(60).collect()
                }
            });
            rows.push(shown.collect());
        }
        Ok(Preview { record, rows })
    }

    /// Starts trying the rows.
    pub async fn start_import(
        &self,
        id: ImportId,
        mapping: Mapping,
        on_existing: OnExisting,
        who: &Who,
    ) -> Result<(), ImportError> {
        let record = self.store.import(id).await?;
        check(&mapping, record.header.len())?;
        let mut transaction = self.store.begin().await?;
        let moved = self
            .store
            .move_import(&mut transaction, id, ImportState::Mapping, ImportState::Running)
            .await?;
        if !moved {
            return Err(ImportError::MovedOn(record.state));
        }
        let updates = on_existing == OnExisting::Update;
        self.store
            .set_import_terms(&mut transaction, id, &mapping, updates, now())
            .await?;
        let detail = record.rows.to_string();
        self.audit(
            &mut transaction,
            who,
            Action::AccountsImported,
            &record.file_name,
            &detail,
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.imports.wake.notify_one();
        self.live.changed();
        Ok(())
    }

    /// Ends an import early. Rows that have their outcome keep it; a file that was not started goes away.
    pub async fn cancel_import(&self, id: ImportId, who: &Who) -> Result<(), ImportError> {
        let record = self.store.import(id).await?;
        let mut transaction = self.store.begin().await?;
        match record.state {
            ImportState::Mapping => self.store.delete_import(&mut transaction, id).await?,
            ImportState::Running => {
                let moved = self
                    .store
                    .move_import(&mut transaction, id, ImportState::Running, ImportState::Cancelled)
                    .await?;
                if !moved {
                    return Err(ImportError::MovedOn(ImportState::Done));
                }
                self.audit(
                    &mut transaction,
                    who,
                    Action::ImportCancelled,
                    &record.file_name,
                    "",
                )
                .await?;
            }
            state => return Err(ImportError::MovedOn(state)),
        }
        transaction.commit().await.map_err(StoreError::from)?;
        self.imports.wake.notify_one();
        self.live.changed();
        Ok(())
    }

    /// A row's cells.
    pub(super) fn import_cells(&self, id: ImportId, row: &WaitingRow) -> Result<Vec<String>, VaultError> {
        let name = RowName::new(id, row.position);
        let opened = self.vault.open(name.place(), &row.cells)?;
        serde_json::from_str(opened.expose_secret()).map_err(|_| VaultError::Damaged)
    }
}

/// Whether a column that is not used as the password may hold one all the same.
fn sounds_secret(name: &str) -> bool {
    let name = letters(name);
    ["pass", "pwd", "secret", "token", "key"]
        .iter()
        .any(|word| name.contains(word))
}
