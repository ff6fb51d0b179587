//! Accepted events.

use super::rows::{CHUNK, insert, list};
use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use std::collections::HashMap;
use tocsin_domain::event::{Event, Report};
use tocsin_domain::id::EventId;
use tocsin_domain::severity::Severity;
use tocsin_domain::text::Line;

const COLUMNS: [&str; 9] = [
    "id",
    "at",
    "received_at",
    "application",
    "category",
    "severity",
    "text",
    "host",
    "fields",
];

impl Store {
    /// Writes accepted events.
    pub async fn insert_events(
        &self,
        connection: &mut AnyConnection,
        events: &[Event],
    ) -> Result<(), StoreError> {
        for chunk in events.chunks(CHUNK) {
            let mut query = sqlx::query(insert("events", &COLUMNS, chunk.len()))
                .persistent(chunk.len() == 1 || chunk.len() == CHUNK);
            for event in chunk {
                let report = &event.report;
                query = query
                    .bind(event.id.get())
                    .bind(to_millis(report.at))
                    .bind(to_millis(event.received_at))
                    .bind(report.application.as_str())
                    .bind(report.category.as_str())
                    .bind(report.severity.rank())
                    .bind(report.text.as_str())
                    .bind(report.host.as_str())
                    .bind(serde_json::to_string(&report.fields)?);
            }
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// One event.
    pub async fn event(&self, id: EventId) -> Result<Event, StoreError> {
        self.events_by_id([id]).await?.remove(&id).ok_or(StoreError::Gone)
    }

    /// Events by their ids.
    pub async fn events_by_id(
        &self,
        ids: impl IntoIterator<Item = EventId>,
    ) -> Result<HashMap<EventId, Event>, StoreError> {
        let ids = list(ids.into_iter().map(EventId::get));
        let sql = AssertSqlSafe(format!(
            "SELECT {} FROM events WHERE id IN ({ids})",
            COLUMNS.join(", ")
        ));
        let rows = sqlx::query(sql)
            .persistent(false)
            .fetch_all(self.reader())
            .await?;
        rows.iter()
            .map(|row| read(row).map(|event| (event.id, event)))
            .collect()
    }

    /// The latest events, newest first.
    pub async fn recent_events(&self, limit: u32) -> Result<Vec<Event>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "SELECT {} FROM events ORDER BY received_at DESC, id DESC LIMIT $1",
            COLUMNS.join(", ")
        ));
        let rows = sqlx::query(sql)
            .bind(i64::from(limit))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &AnyRow) -> Result<Event, StoreError> {
    let line = |text: String| Line::parse(&text).map_err(|error| StoreError::Unreadable(error.to_string()));
    let severity = Severity::from_rank(row.try_get("severity")?);
    Ok(Event {
        id: EventId::new(row.try_get("id")?),
        received_at: from_millis(row.try_get("received_at")?),
        report: Report {
            application: line(row.try_get("application")?)?,
            category: line(row.try_get("category")?)?,
            severity: severity.ok_or_else(|| StoreError::Unreadable("severity".to_owned()))?,
            text: row.try_get("text")?,
            host: line(row.try_get("host")?)?,
            at: from_millis(row.try_get("at")?),
            fields: serde_json::from_str(row.try_get("fields")?)?,
        },
    })
}
