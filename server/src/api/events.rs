//! `POST /api/v1/events`: programs report events, one or many. What is answered with 202 is on disk.

use super::bearer::Reporter;
use super::problem::Problem;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use tocsin_domain::event::{Draft, Report};
use tocsin_domain::id::EventId;
use tocsin_engine::store::IdempotencyKey;
use tocsin_engine::{AcceptError, Accepted, Engine, Novelty};
use utoipa::ToSchema;

/// The most events in one request.
const MOST: usize = 1000;

/// The longest `Idempotency-Key`.
const LONGEST_KEY: usize = 200;

/// An event as a program reports it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventBody {
    /// The program that reports; one line, at most 250 characters.
    #[schema(example = "Storage & Snapshots")]
    pub application: String,
    /// The kind of event within the program; one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schema(example = "Disk")]
    pub category: String,
    /// `information`, `warning` or `error`.
    #[schema(example = "error")]
    pub severity: String,
    /// What happened; the first line becomes the mail's subject. At most 64 KiB.
    #[schema(example = "Disk 2 failed")]
    pub text: String,
    /// The machine it happened on; one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub host: String,
    /// When it happened (RFC 3339); now, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "2026-11-20T02:14:00Z")]
    pub at: Option<Timestamp>,
    /// Further values, shown as a table; at most 64.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
}

/// One event, or a list of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(
    dead_code,
    reason = "only the document's schema: what is read is told apart by its first character"
)]
pub enum EventsBody {
    /// One.
    One(EventBody),
    /// Up to 1,000; all are accepted, or none.
    Many(Vec<EventBody>),
}

/// What was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedBody {
    /// The events' ids, in the order of the request.
    #[schema(value_type = Vec<String>)]
    pub events: Vec<EventId>,
    /// Whether the request repeats one that was answered before under the same `Idempotency-Key`.
    pub repeated: bool,
}

impl From<EventBody> for Draft {
    fn from(body: EventBody) -> Self {
        Self {
            application: body.application,
            category: body.category,
            severity: body.severity,
            text: body.text,
            host: body.host,
            at: body.at,
            fields: body.fields,
        }
    }
}

/// What tells two requests under the same `Idempotency-Key` apart.
pub fn body_hash(body: &[u8]) -> Vec<u8> {
    Sha256::digest(body).to_vec()
}

/// Reports events. Whether the client says that it sends JSON is not asked: shell scripts rarely do.
#[utoipa::path(
    post,
    path = "/api/v1/events",
    request_body = EventsBody,
    params(("Idempotency-Key" = Option<String>, Header,
        description = "Repeating a request with the same key and body makes no second event; kept for 7 days")),
    responses(
        (status = 202, description = "Accepted: on disk, will be delivered", body = AcceptedBody),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The token may not report", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "The Idempotency-Key was used for another body", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "Larger than 1 MiB", body = Problem,
            content_type = "application/problem+json"),
        (status = 422, description = "A value is wrong; nothing was accepted", body = Problem,
            content_type = "application/problem+json"),
        (status = 503, description = "Stopping, or the database failed; try again", body = Problem,
            content_type = "application/problem+json"),
        (status = 507, description = "The disk is full; try again later", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("machine-token" = [])),
)]
pub async fn report(
    State(engine): State<Arc<Engine>>,
    Reporter(token): Reporter,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<AcceptedBody>), Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the request is larger than 1 MiB: shorten the texts, or send fewer events at once",
        ),
        status => Problem::new(status, "the request's body could not be read: send it again"),
    })?;
    let key = idempotency_key(&headers)?.map(|key| IdempotencyKey {
        token,
        key,
        body_hash: body_hash(&body),
    });
    let Accepted { events, novelty } = engine
        .accept(read(&body)?, key)
        .await
        .map_err(|error| refused(&error))?;
    Ok((
        StatusCode::ACCEPTED,
        Json(AcceptedBody {
            events,
            repeated: novelty == Novelty::Repeated,
        }),
    ))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= LONGEST_KEY => Ok(Some(key.to_owned())),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            format!("the Idempotency-Key must be 1 to {LONGEST_KEY} characters of ASCII"),
        )),
    }
}

/// Reads and checks all events before any is accepted.
pub fn read(body: &[u8]) -> Result<Vec<Report>, Problem> {
    let not_json = |error: serde_json::Error| {
        let status = if error.is_data() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::BAD_REQUEST
        };
        let what = if error.is_data() {
            "the JSON is not an event"
        } else {
            "the body is not JSON"
        };
        Problem::new(status, format!("{what}: {error}"))
    };
    let is_list = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let bodies: Vec<EventBody> = if is_list {
        serde_json::from_slice(body).map_err(not_json)?
    } else {
        vec![serde_json::from_slice(body).map_err(not_json)?]
    };
    if bodies.is_empty() || bodies.len() > MOST {
        let detail = format!("the list holds {} events: send 1 to {MOST}", bodies.len());
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let now = Timestamp::now();
    let check = |(index, body): (usize, EventBody)| {
        Draft::from(body).check(now).map_err(|error| {
            let place = if is_list {
                format!("events[{index}].")
            } else {
                String::new()
            };
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{place}{error}"))
        })
    };
    bodies.into_iter().enumerate().map(check).collect()
}

fn refused(error: &AcceptError) -> Problem {
    let status = match error {
        AcceptError::Full => StatusCode::INSUFFICIENT_STORAGE,
        AcceptError::KeyReused => StatusCode::CONFLICT,
        AcceptError::Stopping | AcceptError::Failed => StatusCode::SERVICE_UNAVAILABLE,
    };
    Problem::new(status, error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn status(body: &str) -> (u16, String) {
        let problem = read(body.as_bytes()).unwrap_err();
        (problem.status, problem.detail)
    }

    #[test]
    fn one_event_or_many_are_taken() {
        let one = r#"{"application":"Storage","severity":"error","text":"Disk 2 failed"}"#;
        assert_eq!(read(one.as_bytes()).unwrap().len(), 1);
        assert_eq!(read(format!(" [{one},{one}]").as_bytes()).unwrap().len(), 2);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        assert_eq!(status("hello").0, 400);
        assert_eq!(status("[]").0, 422);
        let (code, detail) = status(r#"[{"application":"a","severity":"loud","text":"x"}]"#);
        assert_eq!(code, 422);
        assert!(detail.starts_with("events[0].severity"), "{detail}");
        let (code, detail) = status(r#"{"application":"a","severity":"error","text":"x","colour":"red"}"#);
        assert_eq!(code, 422);
        assert!(detail.contains("colour"), "{detail}");
        let (_, detail) = status(r#"{"application":"a\r\nBcc: x@y.z","severity":"error","text":"x"}"#);
        assert!(detail.starts_with("application: "), "{detail}");
    }
}
