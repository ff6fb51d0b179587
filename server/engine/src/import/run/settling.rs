//! Rows that have their outcome are written in batches; with the last of them the import ends.

use super::Run;
use crate::engine::Engine;
use crate::import::write::Change;
use crate::store::{ImportRecord, SettledRow, StoreError};
use crate::time::now;
use std::time::{Duration, Instant};
use tocsin_domain::import::{ImportState, Outcome, Remark};

/// How long a finished row waits for others to be written with it.
pub(super) const FLUSH: Duration = Duration::from_millis(300);

/// At least so long between two looks at who can send now, and twenty times as long as one takes.
pub(super) const REROUTE: Duration = Duration::from_secs(1);

/// A row that has its outcome, and what it changes.
#[derive(Debug)]
pub(in crate::import) struct Finished {
    pub(in crate::import) row: SettledRow,
    pub(in crate::import) change: Option<Change>,
}

impl Run<'_> {
    pub(super) fn settle(&mut self, row: SettledRow, change: Option<Change>) {
        self.changed |= change.is_some();
        self.finished_since.get_or_insert_with(Instant::now);
        self.finished.push(Finished { row, change });
    }

    pub(super) fn is_flush_due(&self) -> bool {
        self.finished_since.is_some_and(|since| since.elapsed() >= FLUSH)
            || (self.exhausted && self.waiting.is_empty() && self.tests.is_empty())
    }

    pub(super) async fn flush(&mut self) -> Result<(), StoreError> {
        if self.finished.is_empty() {
            return Ok(());
        }
        self.engine.write_rows(&self.import, &self.finished).await?;
        self.finished.clear();
        self.finished_since = None;
        if self.rerouted.elapsed() >= self.reroute_pace {
            let began = Instant::now();
            // Marks of accounts that work again clear, and what they held is sent.
            if std::mem::take(&mut self.changed) {
                self.engine.routing_changed().await;
            } else {
                self.engine.live.changed();
            }
            self.reroute_pace = REROUTE.max(began.elapsed() * 20);
            self.rerouted = Instant::now();
        }
        Ok(())
    }
}

impl Engine {
    pub(super) async fn finish_import(&self, import: &ImportRecord) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        if import.state == ImportState::Cancelled {
            self.store
                .settle_waiting_import_rows(&mut transaction, import.id, Outcome::Skipped, &Remark::Cancelled)
                .await?;
        } else {
            self.store
                .move_import(
                    &mut transaction,
                    import.id,
                    ImportState::Running,
                    ImportState::Done,
                )
                .await?;
        }
        self.store
            .set_import_ended(&mut transaction, import.id, now())
            .await?;
        transaction.commit().await?;
        // The mail counts what is written. Killed in between, the report is still on its page.
        if let Err(error) = self.mail_report(import).await {
            tracing::error!(%error, "the report of an import could not be mailed; it is on its page");
        }
        self.routing_changed().await;
        Ok(())
    }
}
