//! Errors as the owner's page tells them, and the headers of every answer.

use super::super::Web;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tocsin_app::pages::owner::{Closed, Document, Page, Problem, render};
use tocsin_domain::failure::{FailureClass, Meaning};
use tocsin_engine::FinishError;
use tocsin_engine::links::{Ended, OwnerError, UsedBy};
use tocsin_engine::oauth::OAuthError;

/// What an error leaves to show.
#[derive(Debug)]
pub enum Told {
    /// The link is of no use: a page on which there is nothing to do.
    Closed(Closed),
    /// The link works; the try changed nothing.
    Problem(Problem),
}

impl From<OwnerError> for Told {
    fn from(error: OwnerError) -> Self {
        Self::Problem(match error {
            OwnerError::NotValid => return Self::Closed(Closed::NotValid),
            OwnerError::Ended { ended, ask } => return Self::Closed(Closed::Ended { ended, ask }),
            OwnerError::Wait { seconds } => Problem::Wait(seconds),
            OwnerError::OtherWay | OwnerError::Changed => Problem::Changed,
            OwnerError::PasswordMissing => Problem::PasswordMissing,
            OwnerError::NotAccepted(error) => match (error.verdict.meaning, error.verdict.class) {
                (Meaning::AppPasswordRequired, _) => Problem::AppPasswordNeeded,
                (_, FailureClass::Reauthorize) => Problem::PasswordRefused,
                (_, FailureClass::Temporary) => Problem::ServerSilent,
                _ => Problem::ServerSettings,
            },
            OwnerError::OAuth(error) => of_oauth(&error),
            OwnerError::Finish(error) => match *error {
                FinishError::OtherMailbox { signed_in, .. } => Problem::OtherMailbox(signed_in),
                FinishError::NotProven(_) => Problem::NotProven,
                _ => Problem::Changed,
            },
            OwnerError::Store(error) => {
                tracing::error!(%error, "the page of a re-authorization link could not be answered");
                Problem::Failed
            }
        })
    }
}

/// Why a sign-in at the provider came to nothing.
pub fn of_oauth(error: &OAuthError) -> Problem {
    match error {
        OAuthError::ConsentDenied => Problem::Denied,
        OAuthError::ScopesMissing(_) => Problem::ScopesMissing,
        OAuthError::UnknownState | OAuthError::Used | OAuthError::Expired | OAuthError::OtherSession => {
            Problem::Over
        }
        OAuthError::CodeExpired => Problem::CodeOver,
        OAuthError::Pasted(_) => Problem::NotPasted,
        OAuthError::Temporary(_) => Problem::ProviderSilent,
        OAuthError::NotOffered(_)
        | OAuthError::NoApplication(_)
        | OAuthError::NoDeviceCodes(_)
        | OAuthError::Application(_)
        | OAuthError::NoRefreshToken
        | OAuthError::NoIdentity(_) => Problem::Application,
        OAuthError::Refused(_) => Problem::Over,
        OAuthError::Store(error) => {
            tracing::error!(%error, "a sign-in by a re-authorization link failed");
            Problem::Failed
        }
        OAuthError::Vault(error) => {
            tracing::error!(%error, "a sign-in by a re-authorization link failed");
            Problem::Failed
        }
    }
}

/// A page on which there is nothing to do.
pub fn closed(web: &Web, document: Document, closed: Closed) -> Response {
    let status = match &closed {
        Closed::Ended {
            ended: Ended::Used(UsedBy::ThisBrowser),
            ..
        } => StatusCode::OK,
        Closed::Ended { .. } => StatusCode::GONE,
        Closed::NotValid => StatusCode::NOT_FOUND,
        Closed::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        Closed::Over => StatusCode::UNPROCESSABLE_ENTITY,
        Closed::Failed => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let wait = match closed {
        Closed::Wait(seconds) => Some(HeaderValue::from(seconds)),
        _ => None,
    };
    let mut response = page(web, status, document, Page::Closed(closed));
    if let Some(wait) = wait {
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    response
}

/// A page. `same-origin` rather than `no-referrer`: under the latter a form says `Origin: null`, which is refused as
/// another site's where the browser does not send `Sec-Fetch-Site`, as over plain HTTP. No other site learns the
/// address under either.
pub fn page(web: &Web, status: StatusCode, document: Document, page: Page) -> Response {
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; \
         form-action {}",
        web.form_targets
    );
    let mut headers = kept_by_nobody();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    (status, headers, render(document, page)).into_response()
}

/// Somewhere else, by `GET`.
pub fn go(to: &str, cookies: Vec<HeaderValue>) -> Response {
    let mut headers = kept_by_nobody();
    let Ok(to) = HeaderValue::from_str(to) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    headers.insert(LOCATION, to);
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    set(&mut response, cookies);
    response
}

/// Sets cookies.
pub fn set(response: &mut Response, cookies: Vec<HeaderValue>) {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

fn kept_by_nobody() -> HeaderMap {
    [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (
            axum::http::HeaderName::from_static("x-robots-tag"),
            HeaderValue::from_static("noindex, nofollow"),
        ),
    ]
    .into_iter()
    .collect()
}
