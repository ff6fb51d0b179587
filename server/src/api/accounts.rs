//! `/api/v1/accounts/…`: accounts from a CSV file, what became of its rows, and the accounts as such a file.

use super::bearer::Administrator;
use super::problem::Problem;
use crate::http::csv;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{FileProblem, ImportField, MOST_BYTES, Remark};
use tocsin_engine::Engine;
use tocsin_engine::import::{Charset, Import, ImportError, Mapping, OnExisting, Upload, guess};
use tocsin_engine::store::SettledRow;
use utoipa::{IntoParams, ToSchema};

/// How many rows one answer holds.
const ROWS: u32 = 500;

/// How a file is taken.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(default)]
pub struct ImportQuery {
    /// Change accounts that exist; else their rows are skipped.
    pub update: bool,
    /// The file is Latin-1 (Windows-1252).
    pub latin1: bool,
    /// The file's name, for people.
    pub name: String,
    /// What columns hold, where their names do not say it: `Column=field`, separated by line feeds. An empty field
    /// leaves a column out.
    pub map: String,
}

/// An import that has started.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct StartedBody {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ImportId,
    /// The columns that are not used.
    pub unused: Vec<String>,
}

/// An import and how far it is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ImportBody {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ImportId,
    /// `running`, `done` or `cancelled`.
    pub state: String,
    /// Whether each row has its outcome.
    pub over: bool,
    /// How many rows it has.
    pub rows: u64,
    /// Rows with a new account.
    pub created: u64,
    /// Rows that changed an account.
    pub updated: u64,
    /// Rows whose account is so already.
    pub unchanged: u64,
    /// Rows left out on purpose.
    pub skipped: u64,
    /// Rows with which something is wrong.
    pub failed: u64,
    /// Mailboxes whose owners must sign in at their providers.
    pub awaiting_owners: u64,
}

/// A row that has its outcome.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RowBody {
    /// Its place in the file, from 1.
    pub position: u64,
    /// The line in which it begins, from 1.
    pub line: u64,
    /// The mailbox; empty where the row names none.
    pub email: String,
    /// The preset.
    pub provider: String,
    /// `created`, `updated`, `unchanged`, `skipped` or `failed`.
    pub outcome: String,
    /// The failure's class, where a server or the way to it failed.
    pub class: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What mends it.
    pub next_step: Option<String>,
    /// The server's words.
    pub server_said: Option<String>,
}

/// Which rows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub struct RowsQuery {
    /// Behind this position.
    after: u64,
}

/// How an import reads in an answer.
pub fn import_body(import: &Import) -> ImportBody {
    let counts = import.counts;
    ImportBody {
        id: import.record.id,
        state: import.record.state.to_string(),
        over: import.record.ended_at.is_some(),
        rows: import.record.rows,
        created: counts.created,
        updated: counts.updated,
        unchanged: counts.unchanged,
        skipped: counts.skipped,
        failed: counts.failed,
        awaiting_owners: import.awaiting,
    }
}

/// How a row reads in an answer.
pub fn row_body(row: SettledRow) -> RowBody {
    let meaning = row.remark.as_ref().and_then(Remark::meaning);
    let reason = row.remark.as_ref().map(|remark| match meaning {
        Some(meaning) => meaning.to_string(),
        None => remark.to_string(),
    });
    RowBody {
        position: row.position,
        line: row.line,
        email: row.address,
        provider: row.provider,
        outcome: row.outcome.to_string(),
        class: meaning.map(|meaning| meaning.class().to_string()),
        reason,
        next_step: meaning.map(|meaning| meaning.next_step().to_string()),
        server_said: row.remark.as_ref().and_then(Remark::words).map(ToOwned::to_owned),
    }
}

/// Takes a file in and starts trying its rows.
pub async fn start(
    engine: &Engine,
    query: &ImportQuery,
    bytes: Vec<u8>,
    who: &tocsin_engine::audit::Who,
) -> Result<StartedBody, ImportError> {
    let upload = Upload {
        file_name: query.name.clone(),
        bytes,
        charset: if query.latin1 {
            Charset::Latin1
        } else {
            Charset::Unicode
        },
        report_to: engine.store.admin_addresses().await?,
    };
    let id = engine.upload_import(upload, who).await?;
    let header = engine.import(id).await?.record.header;
    let on_existing = if query.update {
        OnExisting::Update
    } else {
        OnExisting::Skip
    };
    let started = match mapping(&header, &query.map) {
        Ok(mapping) => {
            let unused = header.iter().zip(&mapping).filter(|(_, field)| field.is_none());
            let unused = unused.map(|(name, _)| name.clone()).collect();
            let started = engine.start_import(id, mapping, on_existing, who).await;
            started.map(|()| StartedBody { id, unused })
        }
        Err(error) => Err(error),
    };
    if started.is_err() {
        // Nobody will say now what the columns hold.
        engine.cancel_import(id, who).await?;
    }
    started
}

/// What the columns' names say, and what was said otherwise.
fn mapping(header: &[String], said: &str) -> Result<Mapping, ImportError> {
    let mut mapping = guess(header);
    for line in said.lines().filter(|line| !line.trim().is_empty()) {
        let wrong =
            || ImportError::Columns(format!("write {line} as COLUMN=FIELD, with a column of the file"));
        let (column, field) = line.rsplit_once('=').ok_or_else(wrong)?;
        let index = header
            .iter()
            .position(|name| name == column.trim())
            .ok_or_else(wrong)?;
        mapping[index] = match field.trim() {
            "" => None,
            field => Some(
                field
                    .parse::<ImportField>()
                    .map_err(|error| ImportError::Columns(error.to_string()))?,
            ),
        };
    }
    Ok(mapping)
}

/// Imports accounts from a CSV file: the rows are tried by real sign-ins, one after the other and in parallel.
#[utoipa::path(
    post,
    path = "/api/v1/accounts/imports",
    params(ImportQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 202, description = "Started", body = StartedBody),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token may not", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Larger than 16 MB", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The file cannot be read; nothing was changed", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("machine-token" = [])),
)]
pub async fn import(
    State(engine): State<Arc<Engine>>,
    Administrator(who): Administrator,
    Query(query): Query<ImportQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<StartedBody>), Problem> {
    let too_large = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("{}; nothing was changed", FileProblem::TooLarge),
        )
    };
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        status => Problem::new(status, "the request's body could not be read: send it again"),
    })?;
    if body.len() > MOST_BYTES {
        return Err(too_large());
    }
    let started = start(&engine, &query, body.to_vec(), &who).await?;
    Ok((StatusCode::ACCEPTED, Json(started)))
}

/// How far an import is.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/imports/{id}",
    responses(
        (status = 200, body = ImportBody),
        (status = 404, description = "There is none", body = Problem, content_type = "application/problem+json"),
    ),
    security(("machine-token" = [])),
)]
pub async fn one(
    State(engine): State<Arc<Engine>>,
    _: Administrator,
    Path(id): Path<String>,
) -> Result<Json<ImportBody>, Problem> {
    Ok(Json(import_body(&engine.import(parse(&id)?).await?)))
}

/// The rows that have their outcome, in the file's order, at most 500 at a time.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/imports/{id}/rows",
    params(RowsQuery),
    responses((status = 200, body = Vec<RowBody>)),
    security(("machine-token" = [])),
)]
pub async fn rows(
    State(engine): State<Arc<Engine>>,
    _: Administrator,
    Path(id): Path<String>,
    Query(query): Query<RowsQuery>,
) -> Result<Json<Vec<RowBody>>, Problem> {
    let rows = engine.import_rows(parse(&id)?, None, query.after, ROWS).await?;
    Ok(Json(rows.into_iter().map(row_body).collect()))
}

/// The report as a CSV file.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/imports/{id}/report",
    responses((status = 200, description = "CSV", body = String, content_type = "text/csv")),
    security(("machine-token" = [])),
)]
pub async fn report(
    State(engine): State<Arc<Engine>>,
    _: Administrator,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Ok(csv(
        "tocsin-import-report.csv",
        engine.import_report(parse(&id)?).await?,
    ))
}

/// All accounts as a CSV file, without secrets.
#[utoipa::path(
    get,
    path = "/api/v1/accounts/export",
    responses((status = 200, description = "CSV", body = String, content_type = "text/csv")),
    security(("machine-token" = [])),
)]
pub async fn export(
    State(engine): State<Arc<Engine>>,
    Administrator(who): Administrator,
) -> Result<Response, Problem> {
    Ok(csv("tocsin-accounts.csv", engine.export_accounts(&who).await?))
}

fn parse(id: &str) -> Result<ImportId, Problem> {
    id.parse()
        .map_err(|_| Problem::new(StatusCode::NOT_FOUND, ImportError::Gone.to_string()))
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        let status = match &error {
            ImportError::Gone => StatusCode::NOT_FOUND,
            ImportError::Store(_) | ImportError::Stopping => {
                tracing::error!(%error, "an import failed");
                StatusCode::SERVICE_UNAVAILABLE
            }
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.to_string())
    }
}
