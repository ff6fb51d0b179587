//! The `OpenAPI` document.

use super::{accounts, events, problem};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use tocsin_engine::Engine;
use utoipa::openapi::Server;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "Tocsin", description = "Programs report events; Tocsin delivers them, and loses none."),
    paths(
        events::report,
        accounts::import,
        accounts::one,
        accounts::rows,
        accounts::report,
        accounts::export
    ),
    components(schemas(events::EventBody, events::EventsBody, events::AcceptedBody, accounts::StartedBody,
        accounts::ImportBody, accounts::RowBody, problem::Problem)),
    modifiers(&MachineToken)
)]
struct Document;

struct MachineToken;

impl Modify for MachineToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("tocsin_…")
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("machine-token", SecurityScheme::Http(bearer));
    }
}

/// Serves the document, to everybody: it holds no data.
pub async fn serve(State(engine): State<Arc<Engine>>) -> Json<utoipa::openapi::OpenApi> {
    let mut document = Document::openapi();
    let base = engine.base_path().as_str();
    if !base.is_empty() {
        document.servers = Some(vec![Server::new(base)]);
    }
    Json(document)
}
