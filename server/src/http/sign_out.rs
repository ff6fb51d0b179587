//! `POST /sign-out`: ends the session, here and in the browser.

use super::Web;
use axum::Extension;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tocsin_app::api::cookie;
use tocsin_app::api::visit::Visit;

pub async fn sign_out(State(web): State<Web>, Extension(visit): Extension<Visit>) -> Response {
    if let Some(session) = &visit.session
        && let Err(error) = web.engine.sign_out(&session.secret).await
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
