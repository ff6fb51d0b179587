//! The gate: finds the session of a request, and lets nobody in without one, but to sign in and to set up.
//! Whoever is not let in is sent to the page for that; a script is told by a status instead.

use super::need::need;
use super::{FORM_BYTES, Web, base, cookies, origin};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http_body_util::LengthLimitError;
use leptos::server_fn::error::{FromServerFnError as _, SERVER_FN_ERROR_HEADER};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tocsin_app::api::error::{ApiError, Kind};
use tocsin_app::api::import::UPLOAD;
use tocsin_app::api::session;
use tocsin_app::api::sign_ins::CALLBACK;
use tocsin_app::api::visit::{Session, Visit};
use tocsin_engine::admins::By;
use tocsin_engine::nas::{Brought, Need, Silence, Visitor};
use url::Url;

const SET_UP: &str = "/setup";
const SIGN_IN: &str = "/sign-in";

/// What is answered without a session, beside the server functions of the two pages: these, and the way back from a
/// provider, which looks at the session itself.
const OPEN: [&str; 3] = [SET_UP, SIGN_IN, CALLBACK];

const INCOMPLETE: &str = "Nothing was changed: what you sent did not arrive whole. Send it again.\n";

/// Lets the page for signing in say that a form was not carried out, also to somebody who is still signed in.
const UNDONE: &str = "undone";

/// Ends a session, also one of somebody of whom the NAS says nothing now.
const SIGN_OUT: &str = "/sign-out";

/// How long a form may take to arrive until it is none of a moment ago, and its sender is asked about again.
const FRESH: Duration = Duration::from_secs(1);

/// Lets in who may come in.
pub async fn let_in(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut request, body) = request.into_parts();
    let mut came = visit(&web, &request).await;
    let body = match came {
        // Nothing is read of somebody who is not let in, nor here of a file, which may be large.
        Ok(ref known) if known.visit.session.is_some() && changes_by_a_form(&request) => {
            let began = Instant::now();
            let form = match to_bytes(body, FORM_BYTES).await {
                Ok(form) => Body::from(form),
                Err(error) => return incomplete(&error),
            };
            if began.elapsed() > FRESH {
                came = visit(&web, &request).await;
            }
            form
        }
        _ => body,
    };
    let response = match came {
        Ok(Came {
            silence: Some(silence),
            ..
        }) if !goes_without_session(request.uri.path()) => unconfirmed(&request, &silence),
        Ok(Came { visit, .. }) => {
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

fn changes_by_a_form(request: &Parts) -> bool {
    request.method == Method::POST && need(request) == Need::Change && request.uri.path() != UPLOAD
}

/// The answer to a form that did not come whole.
fn incomplete(error: &axum::Error) -> Response {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        }
        cause = error.source();
    }
    (StatusCode::REQUEST_TIMEOUT, INCOMPLETE).into_response()
}

/// Who comes. With a reason why the NAS does not say whether its administrator still is one: then the visit has no
/// session.
struct Came {
    visit: Visit,
    silence: Option<Silence>,
}

async fn visit(web: &Web, request: &Parts) -> Result<Came, ApiError> {
    let failed = |error: &dyn std::fmt::Display| ApiError::new(Kind::Failed, error);
    let came_by =
        base::came_by(request).ok_or_else(|| ApiError::input("the Host of the request is not an address"))?;
    let base = base::reached_by(web, &came_by)
        .await
        .map_err(|error| failed(&error))?;
    let cookies = cookies::of(&request.headers);
    let brought = match web.engine.nas() {
        Some(nas) => Brought::by_cookies(nas.system(), cookies),
        None => Brought::default(),
    };
    let need = need(request);
    let (session, silence) = match cookies::session(&request.headers) {
        Some(secret) => match web.engine.visitor(secret, &brought, need).await {
            Ok(Visitor::SignedIn(admin)) => {
                let good_for = match admin.by {
                    By::Tocsin => Need::Change,
                    By::Nas => need,
                };
                let secret = secret.to_owned();
                (
                    Some(Session {
                        admin,
                        secret,
                        good_for,
                    }),
                    None,
                )
            }
            Ok(Visitor::Nobody) => (None, None),
            Ok(Visitor::Unconfirmed(silence)) => (None, Some(silence)),
            Err(error) => return Err(failed(&error)),
        },
        None => (None, None),
    };
    if session.is_some() {
        web.engine.note_reached_by(&base).await;
    }
    let visit = Visit {
        session,
        brought,
        origin: origin::of(request),
        base,
        came_by,
        shown: Arc::default(),
    };
    Ok(Came { visit, silence })
}

fn is_open(path: &str) -> bool {
    OPEN.contains(&path) || session::OPEN.contains(&path) || path == SIGN_OUT
}

/// Whether it can be answered as if nobody had signed in. Who comes back from a provider does not lose that way back: it
/// leads on as soon as the NAS says again who that is.
fn goes_without_session(path: &str) -> bool {
    is_open(path) && path != CALLBACK
}

/// The answer to an administrator of the NAS of whom it says nothing now. A page leads to signing in, which says so.
fn unconfirmed(request: &Parts, silence: &Silence) -> Response {
    if !accepts_html(request) {
        let words = format!(
            "the NAS does not say whether you are still its administrator: {silence}. Nothing was changed; try again \
             in a moment"
        );
        let mut response = refuse(request, &ApiError::new(Kind::Failed, words));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return response;
    }
    let place = if request.method == Method::GET {
        way_to(SIGN_IN, request)
    } else {
        format!("{SIGN_IN}?{UNDONE}")
    };
    Redirect::to(&place).into_response()
}

/// The answer to who may not come in, or need not.
async fn turned_away(web: &Web, request: &Parts, visit: &Visit) -> Option<Response> {
    let path = request.uri.path();
    let wants_page = request.method == Method::GET;
    if visit.session.is_some() {
        let is_told = request.uri.query() == Some(UNDONE);
        let is_past = wants_page && matches!(path, SET_UP | SIGN_IN) && !is_told;
        return is_past.then(|| Redirect::to(&on_from(request)).into_response());
    }
    let setup_needed = match web.engine.setup_needed().await {
        Ok(needed) => needed,
        Err(error) => return Some(refuse(request, &ApiError::new(Kind::Failed, error))),
    };
    // Administrators of the NAS sign in without having been set up; the set-up code stays another way.
    let by_nas = web.engine.nas().is_some();
    let door = if setup_needed && !by_nas { SET_UP } else { SIGN_IN };
    if is_open(path) {
        let is_either = path == door || (path == SET_UP && setup_needed && by_nas);
        let is_other = wants_page && matches!(path, SET_UP | SIGN_IN) && !is_either;
        return is_other.then(|| Redirect::to(door).into_response());
    }
    Some(if accepts_html(request) {
        Redirect::to(&way_to(door, request)).into_response()
    } else {
        refuse(request, &ApiError::signed_out())
    })
}

/// Where the door for signing in leads who is signed in already: behind a base path, the cookie does not come along to an
/// address without it, only to the door.
fn on_from(request: &Parts) -> String {
    let query = request.uri.query().unwrap_or_default().as_bytes();
    let to = url::form_urlencoded::parse(query).find(|(key, _)| key == "to");
    to.map_or_else(|| "/".to_owned(), |(_, to)| session::local(&to).to_owned())
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

    #[test]
    fn a_new_answer_replaces_the_former_in_the_url() {
        let mut headers = HeaderMap::new();
        let referer = "http://nas/accounts/add?provider=custom&__path=%2Fapi%2Fx&__err=abc";
        headers.insert(REFERER, referer.parse().unwrap());
        forget_former_error(&mut headers);
        assert_eq!(headers[REFERER], "http://nas/accounts/add?provider=custom");
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

    #[test]
    fn who_is_signed_in_already_goes_on_from_the_door() {
        let from = |uri: &str| on_from(&Request::get(uri).body(Body::empty()).unwrap().into_parts().0);
        assert_eq!(from("/sign-in?to=%2Faccounts%2F7%3Fa%3Db"), "/accounts/7?a=b");
        for elsewhere in ["/sign-in", "/sign-in?to=%2F%2Fevil.example", "/setup?to=x"] {
            assert_eq!(from(elsewhere), "/", "{elsewhere}");
        }
    }
}
