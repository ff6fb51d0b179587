//! From which machine a request came, for the audit log and the sign-in's throttle.

use super::forwarded::Came;
use axum::http::request::Parts;

/// The machine's address.
pub fn of(request: &Parts) -> String {
    let came = request.extensions.get::<Came>();
    came.and_then(|came| came.from)
        .map_or_else(|| "unknown".into(), |address| address.to_string())
}
