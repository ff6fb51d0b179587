//! The gate: finds the session of a request, and lets nobody in without one, but to sign in and to set up.
//! Whoever is not let in is sent to the page for that; a script is told by a status instead.

use super::{Web, base, cookies, origin};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::server_fn::error::{FromServerFnError as _, SERVER_FN_ERROR_HEADER};
use std::sync::Arc;
use tocsin_app::api::cookie;
use tocsin_app::api::error::{ApiError, Kind};
use tocsin_app::api::sign_ins::CALLBACK;
use tocsin_app::api::visit::{Session, Visit};
use url::Url;

const SET_UP: &str = "/setup";
const SIGN_IN: &str = "/sign-in";

/// What is answered without a session: the two pages, their server functions, and the way back from a provider,
/// which looks at the session itself.
const OPEN: [&str; 5] = [SET_UP, SIGN_IN, "/api/set-up", "/api/sign-in", CALLBACK];

/// Lets in who may come in.
pub async fn let_in(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut request, body) = request.into_parts();
    let response = match visit(&web, &request).await {
        Ok(visit) => {
            if let Some(response) = turned_away(&web, &request, &visit).await {
                response
            } else {
                request.extensions.insert(visit);
                forget_former_error(&mut request.headers);
                next.run(Request::from_parts(request, body)).await
            }
        }
        Err(error) => refuse(&request, &error),
    };
    private(response)
}

async fn visit(web: &Web, request: &Parts) -> Result<Visit, ApiError> {
    let failed = |error: &dyn std::fmt::Display| ApiError::new(Kind::Failed, error);
    let came_by =
        base::came_by(request).ok_or_else(|| ApiError::input("the Host of the request is not an address"))?;
    let base = base::reached_by(web, &came_by)
        .await
        .map_err(|error| failed(&error))?;
    let session = match session_cookie(&request.headers) {
        Some(secret) => web
            .engine
            .session(secret)
            .await
            .map_err(|error| failed(&error))?
            .map(|admin| Session {
                admin,
                secret: secret.to_owned(),
            }),
        None => None,
    };
    if session.is_some() {
        web.engine.note_reached_by(&base).await;
    }
    Ok(Visit {
        session,
        origin: origin::of(request),
        base,
        came_by,
        shown: Arc::default(),
    })
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    cookies::named(headers, cookie::NAME)
}

/// The answer to who may not come in, or need not.
async fn turned_away(web: &Web, request: &Parts, visit: &Visit) -> Option<Response> {
    let path = request.uri.path();
    let wants_page = request.method == Method::GET;
    if visit.session.is_some() {
        let is_past = wants_page && matches!(path, SET_UP | SIGN_IN);
        return is_past.then(|| Redirect::to("/").into_response());
    }
    let setup_needed = match web.engine.setup_needed().await {
        Ok(needed) => needed,
        Err(error) => return Some(refuse(request, &ApiError::new(Kind::Failed, error))),
    };
    let door = if setup_needed { SET_UP } else { SIGN_IN };
    if OPEN.contains(&path) {
        let is_other = wants_page && matches!(path, SET_UP | SIGN_IN) && path != door;
        return is_other.then(|| Redirect::to(door).into_response());
    }
    Some(if accepts_html(request) {
        Redirect::to(&way_to(door, request)).into_response()
    } else {
        refuse(request, &ApiError::signed_out())
    })
}

/// The door, and where to go from there.
fn way_to(door: &str, request: &Parts) -> String {
    match request.uri.path_and_query() {
        Some(to) if request.method == Method::GET && door == SIGN_IN && to.as_str() != "/" => {
            let to: String = url::form_urlencoded::byte_serialize(to.as_str().as_bytes()).collect();
            format!("{door}?to={to}")
        }
        _ => door.to_owned(),
    }
}

fn accepts_html(request: &Parts) -> bool {
    let accept = request
        .headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// An answer that the scripts of the pages understand as that of a server function.
fn refuse(request: &Parts, error: &ApiError) -> Response {
    let status = match error.kind {
        Kind::SignedOut => StatusCode::UNAUTHORIZED,
        Kind::Input => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let path = request.uri.path().to_owned();
    (status, [(SERVER_FN_ERROR_HEADER, path)], error.ser()).into_response()
}

/// A form that was refused once comes from a page whose URL holds the answer; the next answer replaces it
/// rather than being added.
fn forget_former_error(headers: &mut HeaderMap) {
    let Some(referer) = headers.get(REFERER).and_then(|referer| referer.to_str().ok()) else {
        return;
    };
    let Ok(mut url) = Url::parse(referer) else { return };
    if !url.query_pairs().any(|(name, _)| name == "__err") {
        return;
    }
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "__err" && name != "__path")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if kept.is_empty() {
        url.set_query(None);
    } else {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    if let Ok(value) = HeaderValue::from_str(url.as_str()) {
        headers.insert(REFERER, value);
    }
}

/// Nobody on the way keeps what only who is signed in may see.
fn private(mut response: Response) -> Response {
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::body::Body;
    use axum::http::header::COOKIE;

    #[test]
    fn a_new_answer_replaces_the_former_in_the_url() {
        let mut headers = HeaderMap::new();
        let referer = "http://nas/accounts/add?provider=custom&__path=%2Fapi%2Fx&__err=abc";
        headers.insert(REFERER, referer.parse().unwrap());
        forget_former_error(&mut headers);
        assert_eq!(headers[REFERER], "http://nas/accounts/add?provider=custom");
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            format!("a=b; {}=s3cret; c=d", cookie::NAME).parse().unwrap(),
        );
        assert_eq!(session_cookie(&headers), Some("s3cret"));
    }

    #[test]
    fn who_signs_in_comes_back_to_the_page_that_was_asked_for() {
        let request = |uri: &str| Request::get(uri).body(Body::empty()).unwrap().into_parts().0;
        assert_eq!(
            way_to(SIGN_IN, &request("/accounts/7?a=b")),
            "/sign-in?to=%2Faccounts%2F7%3Fa%3Db"
        );
        assert_eq!(way_to(SIGN_IN, &request("/")), "/sign-in");
    }
}
