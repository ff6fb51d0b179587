//! The owner's page, as the link and the account stand.

use super::super::Web;
use super::PLACE;
use super::answer::{self, Told};
use super::visitor::Visitor;
use axum::extract::{Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use tocsin_app::pages::owner::{
    Asked, Closed, DeviceStep, Encryption, Page, PasteStep, Problem, Step, named,
};
use tocsin_domain::account::SignIn;
use tocsin_domain::provider::Provider;
use tocsin_engine::links::{Look, OpenedLink};
use tocsin_engine::oauth::{PasteId, SessionHash, ways};
use tocsin_engine::{DeviceProgress, FinishError};
use url::{Host, Url};

/// Where in a sign-in the reader is.
#[derive(Debug, Default, Deserialize)]
pub struct Place {
    /// A sign-in by device code.
    pub device: Option<String>,
    /// A sign-in whose end is pasted.
    pub paste: Option<String>,
    /// The language to keep from now on.
    pub lang: Option<String>,
}

/// Shows the page.
pub async fn look(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(place): Query<Place>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let visitor = Visitor::of(&parts);
    if let Some(lang) = &place.lang {
        let kept = named(lang).map(|locale| visitor.keep_language(locale));
        return answer::go(&here(&token), kept.unwrap_or_default());
    }
    show(&web, &visitor, &token, &place, looks(&parts), None).await
}

/// The page's own address. What is no token is not repeated.
pub fn here(token: &str) -> String {
    let is_safe = token
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    format!("{PLACE}/{}", if is_safe { token } else { "-" })
}

/// A browser that asks ahead of a click says so (<https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose>).
fn looks(request: &Parts) -> Look {
    let is_ahead = request.method == Method::HEAD
        || ["sec-purpose", "purpose"].into_iter().any(|name| {
            let value = request.headers.get(name).and_then(|value| value.to_str().ok());
            value.is_some_and(|value| value.contains("prefetch"))
        });
    if is_ahead { Look::Ahead } else { Look::Page }
}

/// The page, with why the last try changed nothing.
pub async fn show(
    web: &Web,
    visitor: &Visitor,
    token: &str,
    place: &Place,
    look: Look,
    problem: Option<Problem>,
) -> Response {
    let session = visitor.session(token);
    let opened = web
        .engine
        .open_link(token, session.as_ref(), &visitor.origin, look)
        .await;
    let link = match opened.map_err(Told::from) {
        Ok(link) => link,
        Err(Told::Closed(Closed::NotValid)) => {
            return answer::closed(web, visitor.document(web, None), Closed::NotValid);
        }
        Err(Told::Closed(closed)) => {
            return answer::closed(web, visitor.document(web, Some(token)), closed);
        }
        Err(Told::Problem(Problem::Wait(seconds))) => {
            return answer::closed(web, visitor.document(web, None), Closed::Wait(seconds));
        }
        Err(Told::Problem(_)) => return answer::closed(web, visitor.document(web, None), Closed::Failed),
    };
    let status = match &problem {
        None => StatusCode::OK,
        Some(Problem::Wait(_)) => StatusCode::TOO_MANY_REQUESTS,
        Some(Problem::Failed) => StatusCode::INTERNAL_SERVER_ERROR,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let cookies = visitor.introduce(link.id, token);
    let asked = asked(web, visitor, place, session, link, problem).await;
    let document = visitor.document(web, Some(token));
    let mut response = answer::page(web, status, document, Page::Asked(Box::new(asked)));
    answer::set(&mut response, cookies);
    response
}

async fn asked(
    web: &Web,
    visitor: &Visitor,
    place: &Place,
    session: Option<SessionHash>,
    link: OpenedLink,
    problem: Option<Problem>,
) -> Asked {
    let settings = &link.account.settings;
    let provider = web.engine.providers.get(&settings.provider).cloned();
    let provider = provider.unwrap_or_else(|| Provider::unknown(settings.provider.clone()));
    let (step, outcome) = match (&settings.sign_in, session) {
        (SignIn::Grant, session) => {
            let began = match session {
                Some(session) => under_way(web, place, &session).await,
                None => UnderWay::Nothing,
            };
            match began {
                UnderWay::Step(step) => (step, None),
                UnderWay::Over(problem) => (grant(web, visitor, &provider).await, Some(problem)),
                UnderWay::Nothing => (grant(web, visitor, &provider).await, None),
            }
        }
        _ => (Step::Password(encryption(visitor.came_by.as_ref())), None),
    };
    Asked {
        address: settings.address.clone(),
        authorization: link.account.authorization.clone(),
        provider,
        expires_at: link.expires_at,
        step,
        problem: problem.or(outcome),
    }
}

/// How far a sign-in is that needs a second step.
enum UnderWay {
    /// The step.
    Step(Step),
    /// It came to nothing.
    Over(Problem),
    /// There is none.
    Nothing,
}

async fn under_way(web: &Web, place: &Place, session: &SessionHash) -> UnderWay {
    let id = place.device.as_ref().and_then(|id| id.parse().ok());
    if let Some(id) = id {
        return device(web, id, session).await;
    }
    let Some(id) = place.paste.as_ref().and_then(|id| id.parse::<PasteId>().ok()) else {
        return UnderWay::Nothing;
    };
    match web.engine.oauth.pasting(&id, session).await {
        Ok(pasting) => UnderWay::Step(Step::Paste(PasteStep {
            id: id.to_string(),
            sign_in_url: pasting.sign_in_url.into(),
            begins: pasting.redirect_uri,
        })),
        Err(error) => UnderWay::Over(answer::of_oauth(&error)),
    }
}

async fn device(web: &Web, id: tocsin_domain::id::DeviceSignInId, session: &SessionHash) -> UnderWay {
    let sign_in = match web.engine.device_sign_in(id, session).await {
        Ok(sign_in) => sign_in,
        Err(FinishError::OAuth(error)) => return UnderWay::Over(answer::of_oauth(&error)),
        Err(error) => {
            tracing::error!(%error, "a sign-in by a re-authorization link could not be looked up");
            return UnderWay::Over(Problem::Failed);
        }
    };
    match sign_in.progress {
        DeviceProgress::Waiting(_) => UnderWay::Step(Step::Device(DeviceStep {
            id: id.to_string(),
            user_code: sign_in.user_code,
            verification_uri: sign_in.verification_uri,
            expires_at: sign_in.expires_at,
        })),
        // The link is used up then: what is shown says so.
        DeviceProgress::Finished(_) => UnderWay::Nothing,
        DeviceProgress::Failed(failed) => UnderWay::Over(match failed.other {
            Some((_, signed_in)) => Problem::OtherMailbox(signed_in),
            None if sign_in.expires_at <= tocsin_engine::time::now() => Problem::CodeOver,
            None => Problem::Unfinished,
        }),
    }
}

async fn grant(web: &Web, visitor: &Visitor, provider: &Provider) -> Step {
    let base = visitor.base(web).await.unwrap_or_else(|error| {
        tracing::error!(%error, "by which address the pages are reached could not be read");
        None
    });
    Step::Grant(match (&provider.oauth, base) {
        (Some(oauth), Some(base)) => ways(&base, oauth),
        _ => Vec::new(),
    })
}

fn encryption(came_by: Option<&Url>) -> Encryption {
    let stays_here = came_by.is_some_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    });
    if stays_here || came_by.is_some_and(|url| url.scheme() == "https") {
        Encryption::Yes
    } else {
        Encryption::No
    }
}
