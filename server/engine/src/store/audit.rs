//! The audit log's lines.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::id::AuditId;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// From which network address.
    pub origin: String,
    /// What was done, as the key of an `Action`.
    pub action: String,
    /// To what: an address, a name or an id.
    pub subject: String,
    /// Further words; may be empty.
    pub detail: String,
}

impl Store {
    /// Writes a line.
    pub async fn insert_audit_entry(
        &self,
        connection: &mut AnyConnection,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO audit_log (id, at, who, origin, action, subject, detail) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(entry.id.get())
        .bind(to_millis(entry.at))
        .bind(entry.who.as_str())
        .bind(entry.origin.as_str())
        .bind(entry.action.as_str())
        .bind(entry.subject.as_str())
        .bind(entry.detail.as_str())
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The latest lines, newest first.
    pub async fn audit_entries(&self, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, at, who, origin, action, subject, detail FROM audit_log ORDER BY at DESC, id DESC LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AuditEntry {
                    id: AuditId::new(row.try_get("id")?),
                    at: from_millis(row.try_get("at")?),
                    who: row.try_get("who")?,
                    origin: row.try_get("origin")?,
                    action: row.try_get("action")?,
                    subject: row.try_get("subject")?,
                    detail: row.try_get("detail")?,
                })
            })
            .collect()
    }
}
