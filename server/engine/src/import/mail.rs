//! The report's mail: the counts, the first rows that failed, and where the whole report is.

use crate::engine::Engine;
use crate::store::{ImportRecord, StoreError};
use crate::warnings::{About, Message};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tocsin_domain::import::{Counts, ImportState, Outcome};
use tocsin_domain::severity::Severity;
use tocsin_domain::told::Kind;

/// How many rows that failed stand in the mail.
const NAMED: u32 = 50;

impl Engine {
    /// Mails the report of an import that is over.
    pub(super) async fn mail_report(&self, import: &ImportRecord) -> Result<(), StoreError> {
        let counts = self.store.import_counts(import.id).await?;
        let text = self.report_text(import, &counts).await?;
        let message = Message {
            kind: Kind::ImportReport,
            severity: if counts.failed > 0 {
                Severity::Warning
            } else {
                Severity::Information
            },
            text,
            fields: BTreeMap::new(),
        };
        let mut transaction = self.store.begin().await?;
        self.tell(
            &mut transaction,
            message,
            &About::Nothing,
            import.report_to.clone(),
        )
        .await?;
        Ok(transaction.commit().await?)
    }

    async fn report_text(&self, import: &ImportRecord, counts: &Counts) -> Result<String, StoreError> {
        let name = &import.file_name;
        let mut text = format!("Import of {name}: {counts}\n\n");
        if import.state == ImportState::Cancelled {
            text.push_str("It was cancelled; the rows that were not tried are skipped.\n\n");
        }
        let awaiting = self.store.import_awaiting(import.id).await?.len();
        if awaiting > 0 {
            let _ = write!(
                text,
                "{awaiting} of its mailboxes are authorized by a sign-in at their provider: send their owners the \
                 re-authorization links, which are on the report's page.\n\n"
            );
        }
        let failed = self
            .store
            .settled_import_rows(import.id, Some(Outcome::Failed), 0, NAMED)
            .await?;
        for row in &failed {
            let address = if row.address.is_empty() {
                "no address"
            } else {
                &row.address
            };
            let remark = row.remark.as_ref().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "Line {}, {address}: {remark}", row.line);
        }
        let more = counts.failed.saturating_sub(failed.len() as u64);
        if more > 0 {
            let _ = writeln!(text, "And {more} more.");
        }
        if let Some(base) = self.reached_by().await?
            && let Ok(url) = base.join(&format!("accounts/import/{}", import.id))
        {
            let _ = write!(text, "\nThe whole report: {url}\n");
        }
        Ok(text)
    }
}
