//! Which program asks, by its bearer token, and whether it may.

use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use std::sync::Arc;
use tocsin_domain::id::TokenId;
use tocsin_engine::Engine;
use tocsin_engine::audit::Who;
use tocsin_engine::tokens::Scope;

/// A program that may report events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reporter(pub TokenId);

/// A program that may manage accounts, as the audit log names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Administrator(pub Who);

impl FromRequestParts<Arc<Engine>> for Reporter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, engine: &Arc<Engine>) -> Result<Self, Problem> {
        token(parts, engine, Scope::Report).await.map(Self)
    }
}

impl FromRequestParts<Arc<Engine>> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, engine: &Arc<Engine>) -> Result<Self, Problem> {
        let id = token(parts, engine, Scope::Administer).await?;
        let tokens = engine.tokens().await.map_err(|error| unchecked(&error))?;
        let name = tokens
            .into_iter()
            .find(|token| token.id == id)
            .map(|token| token.name);
        Ok(Self(Who {
            name: name.unwrap_or_default(),
            origin: "machine API".to_owned(),
        }))
    }
}

/// The token of a request, if it covers what is asked for.
async fn token(parts: &Parts, engine: &Engine, needed: Scope) -> Result<TokenId, Problem> {
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
    let known = engine
        .check_token(token)
        .await
        .map_err(|error| unchecked(&error))?;
    match known {
        Some((id, scope)) if scope.covers(needed) => Ok(id),
        Some(_) => Err(Problem::new(
            StatusCode::FORBIDDEN,
            match needed {
                Scope::Report => {
                    "this token may not report events: make one with the scope “report” in Settings"
                }
                _ => "this token may not manage accounts: make one with the scope “administer” in Settings",
            },
        )),
        None => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "the token is unknown or was revoked: make a new one in Settings",
        )),
    }
}

fn unchecked(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a token could not be checked");
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the token could not be checked now: try again later",
    )
}
