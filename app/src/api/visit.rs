//! The request that a server function or page answers: the engine, who asks, from where, by which address.
//!
//! The server puts a [`Visit`] into each request's extensions and the engine into the context.

use std::sync::{Arc, OnceLock};

use http::{StatusCode, header::ACCEPT, request::Parts};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;
use tocsin_engine::{
    Engine,
    admins::{Role, SignedIn},
    audit::Who,
    nas::{Brought, Need},
};
use url::Url;

use super::error::{ApiError, Kind};

/// Who asks, from where, and by which address.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who is signed in, and by which session.
    pub session: Option<Session>,
    /// What the browser brought along that the NAS would let it in by.
    pub brought: Brought,
    /// The address of the machine that asks.
    pub origin: String,
    /// The address by which the reader came: scheme, host and port.
    pub came_by: Url,
    /// The address by which people and providers reach Tocsin: what was set, else the one above.
    pub base: Url,
    /// The secret that this answer shows, once it was taken: a page may be rendered more than once for it.
    pub shown: Arc<OnceLock<Option<String>>>,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub admin: SignedIn,
    /// The cookie's value.
    pub secret: String,
    /// What was made sure of: an administrator of the NAS may change something only if the NAS was asked for this.
    pub good_for: Need,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("admin", &self.admin.name)
            .finish_non_exhaustive()
    }
}

/// The engine.
pub fn engine() -> Arc<Engine> {
    expect_context()
}

/// The request's [`Visit`].
pub fn visit() -> Result<Visit, ApiError> {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Visit>().cloned())
        .ok_or_else(ApiError::signed_out)
}

/// Who is signed in, else an error. Every server function but sign-in and set-up begins with it or with [`who`].
pub fn signed_in() -> Result<Session, ApiError> {
    visit()?.session.ok_or_else(ApiError::signed_out)
}

/// Who changes something, as the audit log names them; a viewer may not.
pub fn who() -> Result<Who, ApiError> {
    let visit = visit()?;
    let Session { admin, good_for, .. } = visit.session.ok_or_else(ApiError::signed_out)?;
    if good_for != Need::Change {
        return Err(ApiError::new(
            Kind::Failed,
            "the NAS was not asked whether you are still its administrator. Nothing was changed",
        ));
    }
    match admin.role {
        Role::Administrator => Ok(Who {
            name: admin.name,
            origin: visit.origin,
        }),
        Role::Viewer => Err(ApiError::new(
            Kind::Forbidden,
            "you may look at everything and change nothing. Ask an administrator",
        )),
    }
}

/// Whether the request is a form that was sent without a script.
pub fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        parts.method == http::Method::POST && accept.is_some_and(|accept| accept.contains("text/html"))
    })
}

/// Gives an answer the status that fits it. A plain form goes back to its page instead.
pub fn answer<T>(result: Result<T, ApiError>) -> Result<T, ApiError> {
    let Err(error) = &result else { return result };
    if let Some(response) = use_context::<ResponseOptions>()
        && !is_plain_form()
    {
        response.set_status(match error.kind {
            Kind::Input => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::SignedOut => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Gone => StatusCode::NOT_FOUND,
            Kind::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        });
    }
    result
}
