//! The machine API, for programs: JSON over HTTP with a bearer token (RFC 6750), described by an `OpenAPI`
//! document at `/api/v1/openapi.json`.
//!
//! | file | what |
//! |---|---|
//! | [`accounts`] | `/api/v1/accounts/…`: importing and exporting accounts |
//! | [`bearer`] | which program asks, and whether it may |
//! | [`events`] | `POST /api/v1/events` |
//! | [`problem`] | how errors are told (RFC 9457) |
//! | [`document`] | the `OpenAPI` document |

mod accounts;
mod bearer;
mod document;
mod events;
mod problem;

pub use accounts::{
    ImportBody, ImportQuery, RowBody, StartedBody, import_body, row_body, start as start_import,
};
pub use events::{EventBody, body_hash, read as read_events};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use std::sync::Arc;
use tocsin_domain::import::MOST_BYTES;
use tocsin_engine::Engine;

/// The largest request: some hundred events with long texts.
const BODY_BYTES: usize = 1024 * 1024;

/// Everything under `/api/v1`.
pub fn router<S: Clone + Send + Sync + 'static>(engine: Arc<Engine>) -> Router<S> {
    Router::new()
        .route("/events", post(events::report))
        .route("/accounts/export", get(accounts::export))
        .route("/accounts/imports/{id}", get(accounts::one))
        .route("/accounts/imports/{id}/rows", get(accounts::rows))
        .route("/accounts/imports/{id}/report", get(accounts::report))
        .route("/openapi.json", get(document::serve))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        // One file, far larger than any other request.
        .merge(
            Router::new()
                .route("/accounts/imports", post(accounts::import))
                .layer(DefaultBodyLimit::max(MOST_BYTES + 1)),
        )
        .with_state(engine)
}
