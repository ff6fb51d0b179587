//! `POST /sign-out`: ends the session, here and in the browser.

use super::{Web, cookies};
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use tocsin_app::api::cookie;

pub async fn sign_out(State(web): State<Web>, headers: HeaderMap) -> Response {
    // By the cookie: it may be a session that the NAS says nothing of now.
    for secret in cookie::NAMES
        .iter()
        .filter_map(|name| cookies::named(&headers, name))
    {
        if let Err(error) = web.engine.sign_out(secret).await {
            // The browser forgets the session all the same.
            tracing::warn!(%error, "a session could not be ended in the database");
        }
    }
    let to = [(LOCATION, HeaderValue::from_static("/sign-in"))];
    let forget = AppendHeaders(cookie::forget().map(|cookie| (SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, to, forget).into_response()
}
