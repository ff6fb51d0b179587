//! The file of accounts that somebody adds in bulk, and files to take away: the template, the accounts, a report.
//!
//! The upload is a plain form with a file in it (RFC 7578), which no server function takes. It is answered by the page
//! that goes on, or by the one that says why not.

use super::Web;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use tocsin_app::api::import::{EXPORT, TEMPLATE, UPLOAD, UploadProblem};
use tocsin_app::api::visit::{Session, Visit};
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{FileProblem, MOST_BYTES};
use tocsin_engine::admins::Role;
use tocsin_engine::audit::Who;
use tocsin_engine::import::{Charset, ImportError, Upload, template};
use tocsin_engine::nas::{Need, Visitor};

/// What is read of a file that is too large, so that the browser hears the answer instead of a broken connection.
pub const READ_AT_MOST: usize = 4 * MOST_BYTES;

/// The upload: behind the gate like all pages, but larger than any other form.
pub fn upload_router() -> Router<Web> {
    Router::new()
        .route(UPLOAD, post(upload))
        .layer(DefaultBodyLimit::disable())
}

/// The files to take away.
pub fn files_router() -> Router<Web> {
    Router::new()
        .route(TEMPLATE, get(give_template))
        .route(EXPORT, get(export))
        .route("/accounts/import/{id}/report.csv", get(report))
}

async fn upload(
    State(web): State<Web>,
    Extension(visit): Extension<Visit>,
    form: Result<Multipart, MultipartRejection>,
) -> Redirect {
    match take(&web, &visit, form).await {
        Ok(id) => Redirect::to(&format!("/accounts/import/{id}")),
        Err(problem) => Redirect::to(&problem.address()),
    }
}

async fn take(
    web: &Web,
    visit: &Visit,
    form: Result<Multipart, MultipartRejection>,
) -> Result<ImportId, UploadProblem> {
    let session = administrator(visit).ok_or(UploadProblem::Forbidden)?;
    let incomplete = |_: MultipartError| UploadProblem::Incomplete;
    let mut form = form.map_err(|_| UploadProblem::Incomplete)?;
    let mut upload = Upload {
        file_name: String::new(),
        bytes: Vec::new(),
        charset: Charset::Unicode,
        report_to: session.admin.address.iter().cloned().collect(),
    };
    while let Some(field) = form.next_field().await.map_err(incomplete)? {
        match field.name() {
            Some("file") => {
                upload.file_name = field.file_name().unwrap_or_default().to_owned();
                upload.bytes = bytes(field).await?;
            }
            Some("latin1") => upload.charset = Charset::Latin1,
            _ => {}
        }
    }
    // The file took its time: who sent it may have been signed out meanwhile.
    let still = web
        .engine
        .visitor(&session.secret, &visit.brought, Need::Change)
        .await;
    match still {
        Ok(Visitor::SignedIn(_)) => {}
        Ok(Visitor::Nobody) => return Err(UploadProblem::Forbidden),
        Ok(Visitor::Unconfirmed(silence)) => {
            tracing::warn!(%silence, "a file of accounts was not taken: the NAS does not say who brings it");
            return Err(UploadProblem::Failed);
        }
        Err(error) => {
            tracing::error!(%error, "a file of accounts was not taken: its sender cannot be looked up");
            return Err(UploadProblem::Failed);
        }
    }
    web.engine
        .upload_import(upload, &who(visit, session))
        .await
        .map_err(|error| match error {
            ImportError::File(problem) => UploadProblem::File(problem),
            error => {
                tracing::error!(%error, "a file of accounts could not be stored");
                UploadProblem::Failed
            }
        })
}

async fn bytes(mut field: Field<'_>) -> Result<Vec<u8>, UploadProblem> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(chunk) = field.chunk().await.map_err(|_| UploadProblem::Incomplete)? {
        length += chunk.len();
        if length <= MOST_BYTES {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > MOST_BYTES {
        Err(UploadProblem::File(FileProblem::TooLarge))
    } else {
        Ok(bytes)
    }
}

fn administrator(visit: &Visit) -> Option<&Session> {
    let session = visit.session.as_ref()?;
    (session.admin.role == Role::Administrator).then_some(session)
}

fn who(visit: &Visit, session: &Session) -> Who {
    Who {
        name: session.admin.name.clone(),
        origin: visit.origin.clone(),
    }
}

async fn give_template() -> Response {
    csv("tocsin-accounts-template.csv", template())
}

async fn export(State(web): State<Web>, Extension(visit): Extension<Visit>) -> Response {
    let Some(session) = administrator(&visit) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    answer(
        "tocsin-accounts.csv",
        web.engine.export_accounts(&who(&visit, session)).await,
    )
}

async fn report(State(web): State<Web>, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<ImportId>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    answer("tocsin-import-report.csv", web.engine.import_report(id).await)
}

fn answer(name: &str, file: Result<Vec<u8>, ImportError>) -> Response {
    match file {
        Ok(file) => csv(name, file),
        Err(ImportError::Gone) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a file could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A file that browsers save (RFC 6266), and never show as a page.
pub fn csv(name: &str, file: Vec<u8>) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (
            CONTENT_DISPOSITION,
            disposition.unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    (headers, file).into_response()
}
