//! From a file to stored rows. It is parsed off the async threads and stored row by row, so that a large file takes
//! no more memory than its own size.

use super::RowName;
use super::columns::guess;
use super::error::ImportError;
use super::table::Table;
use super::text::{Charset, to_text};
use crate::audit::Who;
use crate::engine::Engine;
use crate::store::{ImportRecord, StoreError, WaitingRow};
use crate::time::now;
use crate::vault::Vault;
use jiff::SignedDuration;
use secrecy::SecretString;
use std::sync::Arc;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{FileProblem, ImportState};
use tokio::sync::mpsc;

/// How many rows are stored in one transaction.
const BATCH: usize = 256;

/// How long a file waits for somebody to say what its columns hold. Passwords are in it, if sealed.
const WAITS: SignedDuration = SignedDuration::from_hours(24);

/// A file that somebody brought.
pub struct Upload {
    /// Its name, for people.
    pub file_name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// How it is read.
    pub charset: Charset,
    /// Who gets the report.
    pub report_to: Vec<EmailAddress>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("file_name", &self.file_name)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// What the parsing thread hands over.
enum Piece {
    Head { header: Vec<String>, rows: usize },
    Rows(Vec<WaitingRow>),
}

impl Engine {
    /// Takes a file in: its rows wait, sealed, until somebody says what its columns hold.
    pub async fn upload_import(&self, upload: Upload, who: &Who) -> Result<ImportId, ImportError> {
        self.forget_unused_imports().await?;
        let id = ImportId::new(self.store.next_id());
        let mut record = ImportRecord {
            id,
            file_name: shown_name(&upload.file_name),
            state: ImportState::Reading,
            who: who.name.clone(),
            origin: who.origin.clone(),
            report_to: upload.report_to,
            header: Vec::new(),
            mapping: Vec::new(),
            updates: false,
            rows: 0,
            created_at: now(),
            started_at: None,
            ended_at: None,
        };
        let (pieces, mut parsed) = mpsc::channel(4);
        let (vault, bytes, charset) = (Arc::clone(&self.vault), upload.bytes, upload.charset);
        let parser = tokio::task::spawn_blocking(move || parse(&vault, id, &bytes, charset, &pieces));
        let mut stored = Ok(());
        while let (Ok(()), Some(piece)) = (&stored, parsed.recv().await) {
            stored = self.store_piece(&mut record, piece).await;
        }
        drop(parsed);
        let parsed = parser.await.map_err(|_| ImportError::Stopping)?;
        let done = match (parsed, stored) {
            (Err(problem), _) => Err(problem.into()),
            (_, Err(error)) => Err(error.into()),
            (Ok(()), Ok(())) => self.finish_upload(id).await,
        };
        if done.is_err() {
            self.forget_import(id).await;
        }
        self.live.changed();
        done.map(|()| id)
    }

    async fn store_piece(&self, record: &mut ImportRecord, piece: Piece) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        match piece {
            Piece::Head { header, rows } => {
                record.mapping = guess(&header);
                record.header = header;
                record.rows = rows as u64;
                self.store.insert_import(&mut transaction, record).await?;
            }
            Piece::Rows(rows) => {
                self.store
                    .insert_import_rows(&mut transaction, record.id, &rows)
                    .await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    async fn finish_upload(&self, id: ImportId) -> Result<(), ImportError> {
        let mut transaction = self.store.begin().await?;
        self.store
            .move_import(&mut transaction, id, ImportState::Reading, ImportState::Mapping)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    async fn forget_import(&self, id: ImportId) {
        let forget = async {
            let mut transaction = self.store.begin().await?;
            self.store.delete_import(&mut transaction, id).await?;
            transaction.commit().await.map_err(StoreError::from)
        };
        if let Err(error) = forget.await {
            tracing::error!(%error, "a file that was not taken could not be removed; the next start removes it");
        }
    }

    /// Removes files that nobody went on with.
    pub(super) async fn forget_unused_imports(&self) -> Result<(), StoreError> {
        let before = now() - WAITS;
        for unused in self.store.imports_in(ImportState::Mapping).await? {
            if unused.created_at < before {
                self.forget_import(unused.id).await;
            }
        }
        Ok(())
    }

    /// Removes files whose rows were being stored when the last process ended. Before anything else is brought.
    pub(crate) async fn forget_broken_uploads(&self) -> Result<(), StoreError> {
        for broken in self.store.imports_in(ImportState::Reading).await? {
            self.forget_import(broken.id).await;
        }
        self.forget_unused_imports().await
    }
}

fn parse(
    vault: &Vault,
    id: ImportId,
    bytes: &[u8],
    charset: Charset,
    pieces: &mpsc::Sender<Piece>,
) -> Result<(), FileProblem> {
    let text = to_text(bytes, charset)?;
    let table = Table::open(&text)?;
    let head = Piece::Head {
        header: table.header.clone(),
        rows: table.rows,
    };
    // Nobody listens any more where storing has failed: that error is told.
    if pieces.blocking_send(head).is_err() {
        return Ok(());
    }
    let mut batch = Vec::with_capacity(BATCH);
    for (index, record) in table.rows().enumerate() {
        let position = index as u64 + 1;
        let cells = SecretString::from(serde_json::Value::from(record.cells).to_string());
        batch.push(WaitingRow {
            position,
            line: record.line,
            cells: vault.seal(RowName::new(id, position).place(), &cells),
        });
        if batch.len() == BATCH
            && pieces
                .blocking_send(Piece::Rows(std::mem::take(&mut batch)))
                .is_err()
        {
            return Ok(());
        }
    }
    let _ = pieces.blocking_send(Piece::Rows(batch));
    Ok(())
}

/// A file's name without folders and control characters, at most 100 characters.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_is_shown_without_folders() {
        assert_eq!(shown_name("C:\\temp\\a\nb.csv"), "ab.csv");
        assert_eq!(shown_name("/home/me/accounts.csv"), "accounts.csv");
    }
}
