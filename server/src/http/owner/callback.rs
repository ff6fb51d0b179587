//! The way back from the provider, for sign-ins that a link began: an administrator's session, if there is one in
//! the same browser, has no part in them.

use super::super::Web;
use super::super::oauth_callback::Parameters;
use super::answer::{self, Told};
use super::page::{self, Place, here};
use super::visitor::Visitor;
use axum::extract::{Query, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tocsin_app::api::sign_ins::CALLBACK;
use tocsin_app::pages::owner::Closed;
use tocsin_domain::id::LinkId;
use tocsin_engine::FinishError;
use tocsin_engine::links::{Look, OwnerError};
use tocsin_engine::oauth::SessionHash;

/// Finishes the sign-in if a link began it.
pub async fn finish(State(web): State<Web>, request: Request, next: Next) -> Response {
    if request.uri().path() != CALLBACK || request.method() != Method::GET {
        return next.run(request).await;
    }
    let Ok(Query(parameters)) = Query::<Parameters>::try_from_uri(request.uri()) else {
        return next.run(request).await;
    };
    match web.engine.link_of_state(&parameters.state).await {
        Ok(Some(link)) => {
            let (parts, _) = request.into_parts();
            carry_out(&web, &Visitor::of(&parts), link, parameters).await
        }
        // An administrator's, or nobody's: the same error is met and told there.
        Ok(None) | Err(_) => next.run(request).await,
    }
}

async fn carry_out(web: &Web, visitor: &Visitor, link: LinkId, parameters: Parameters) -> Response {
    let over = || answer::closed(web, visitor.document(web, None), Closed::Over);
    let Some((token, cookie)) = visitor.of_link(link) else {
        return over();
    };
    let state = parameters.state.clone();
    let Some(returned) = parameters.returned() else {
        return over();
    };
    let session = SessionHash::of(cookie);
    let finished = web
        .engine
        .finish_by_link(link, &state, returned, &session, &visitor.origin)
        .await;
    match finished {
        // Thanks, or that it was used, revoked or has expired meanwhile.
        Ok(()) => answer::go(&here(token), Vec::new()),
        Err(OwnerError::Finish(error)) if matches!(*error, FinishError::LinkEnded(_)) => {
            answer::go(&here(token), Vec::new())
        }
        Err(error) => match Told::from(error) {
            Told::Closed(closed) => answer::closed(web, visitor.document(web, Some(token)), closed),
            Told::Problem(problem) => {
                page::show(web, visitor, token, &Place::default(), Look::Ahead, Some(problem)).await
            }
        },
    }
}
