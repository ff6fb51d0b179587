//! `POST /sign-out`: ends the session, here and in the browser.

use super::{Web, cookies};
use axum::Extension;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tocsin_app::api::cookie;
use tocsin_app::api::visit::Visit;

pub async fn sign_out(
    State(web): State<Web>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Response {
    // By the cookie: it may be a session that the NAS says nothing of now.
    if let Some(secret) = cookies::named(&headers, cookie::NAME)
        && let Err(error) = web.engine.sign_out(secret).await
    {
        // The browser forgets the session all the same.
        tracing::warn!(%error, "a session could not be ended in the database");
    }
    let headers = [
        (SET_COOKIE, cookie::forget(&visit.came_by)),
        (LOCATION, HeaderValue::from_static("/sign-in")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
