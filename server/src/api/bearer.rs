//! Which program asks, by its bearer token, and whether it may.

use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use std::sync::Arc;
use tocsin_domain::id::TokenId;
use tocsin_engine::Engine;
use tocsin_engine::tokens::Scope;

/// A program that may report events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reporter(pub TokenId);

impl FromRequestParts<Arc<Engine>> for Reporter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, engine: &Arc<Engine>) -> Result<Self, Problem> {
        let text = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = text.and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let Some(token) = token else {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "send a machine token: “Authorization: Bearer tocsin_…”. An administrator makes one in Settings",
            ));
        };
        let known = engine.check_token(token).await.map_err(|error| {
            tracing::error!(%error, "a token could not be checked");
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the token could not be checked now: try again later",
            )
        })?;
        match known {
            Some((id, scope)) if scope.covers(Scope::Report) => Ok(Self(id)),
            Some(_) => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "this token may not report events: make one with the scope “report” in Settings",
            )),
            None => Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "the token is unknown or was revoked: make a new one in Settings",
            )),
        }
    }
}
