//! `GET /oauth/callback`: where a provider sends the browser back after a sign-in.
//!
//! What the sign-in was for is carried out before anything is shown. If that succeeds, the account's page
//! follows; if not, the page at this path is rendered and says why. The session is checked by the engine: the
//! sign-in must end in the one that began it.

use super::Web;
use axum::extract::{Query, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tocsin_app::api::sign_ins::{CALLBACK, SignInFailed, place_of};
use tocsin_app::api::visit::Visit;
use tocsin_engine::audit::Who;
use tocsin_engine::oauth::{OAuthError, Returned, SessionHash};
use tocsin_engine::{FinishError, Finished};

/// RFC 6749 sections 4.1.2 and 4.1.2.1.
#[derive(Deserialize)]
pub struct Parameters {
    /// Which sign-in comes back.
    #[serde(default)]
    pub state: String,
    code: Option<String>,
    error: Option<String>,
    #[serde(default)]
    error_description: String,
}

impl Parameters {
    /// With what the browser comes back, if that is an answer at all.
    pub fn returned(self) -> Option<Returned> {
        match (self.error, self.code) {
            (Some(error), _) => Some(Returned::Error {
                error,
                description: self.error_description,
            }),
            (None, Some(code)) => Some(Returned::Code(code.into())),
            (None, None) => None,
        }
    }
}

/// Finishes the sign-in if it is one that comes back.
pub async fn finish(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.uri().path() != CALLBACK || request.method() != Method::GET {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match carry_out(&web, &parts).await {
        Ok(finished) => Redirect::to(&place_of(&finished)).into_response(),
        Err(error) => {
            parts.extensions.insert(SignInFailed::from(error));
            next.run(Request::from_parts(parts, body)).await
        }
    }
}

async fn carry_out(web: &Web, request: &Parts) -> Result<Finished, FinishError> {
    let visit = request.extensions.get::<Visit>();
    let Some((visit, session)) = visit.and_then(|visit| Some((visit, visit.session.as_ref()?))) else {
        return Err(OAuthError::OtherSession.into());
    };
    let Ok(Query(parameters)) = Query::<Parameters>::try_from_uri(&request.uri) else {
        return Err(OAuthError::UnknownState.into());
    };
    let state = parameters.state.clone();
    let returned = parameters.returned().ok_or(OAuthError::UnknownState)?;
    let who = Who {
        name: session.admin.name.clone(),
        origin: visit.origin.clone(),
    };
    let session = SessionHash::of(&session.secret);
    web.engine.finish_sign_in(&state, returned, &session, &who).await
}
