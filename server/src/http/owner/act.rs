//! What the forms of the owner's page do. After what succeeded the page is loaded anew, so that loading it once
//! more sends nothing twice; what did not is answered at once, with nothing of it in a URL.

use super::super::Web;
use super::answer::{self, Told};
use super::page::{self, Place, here};
use super::visitor::Visitor;
use axum::Form;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::response::Response;
use secrecy::SecretString;
use serde::Deserialize;
use tocsin_app::pages::owner::{Closed, Problem};
use tocsin_domain::provider::Provider;
use tocsin_engine::Begun;
use tocsin_engine::links::{Look, OwnerError};
use tocsin_engine::oauth::{PasteId, SessionHash};

/// What was sent: one of the three.
#[derive(Default, Deserialize)]
struct Sent {
    /// The way to sign in at the provider.
    way: Option<String>,
    /// The new password.
    password: Option<String>,
    /// The sign-in whose end is pasted, and what was pasted.
    paste: Option<String>,
    pasted: Option<String>,
}

/// Does what was sent.
pub async fn act(State(web): State<Web>, Path(token): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let visitor = Visitor::of(&parts);
    let request = Request::from_parts(parts, body);
    let Form(sent) = Form::<Sent>::from_request(request, &()).await.unwrap_or_default();
    let Some(session) = visitor.session(&token) else {
        return unknown_browser(&web, &visitor, &token).await;
    };
    let place = Place {
        paste: sent.paste.clone(),
        ..Place::default()
    };
    match carry_out(&web, &visitor, &token, &session, sent).await {
        Ok(to) => answer::go(&to, Vec::new()),
        Err(error) => match Told::from(error) {
            Told::Closed(Closed::NotValid) => {
                answer::closed(&web, visitor.document(&web, None), Closed::NotValid)
            }
            Told::Closed(closed) => answer::closed(&web, visitor.document(&web, Some(&token)), closed),
            Told::Problem(problem) => {
                page::show(&web, &visitor, &token, &place, Look::Ahead, Some(problem)).await
            }
        },
    }
}

/// A browser that sends a form without having kept the page's cookie is given one, and asked to send it again.
async fn unknown_browser(web: &Web, visitor: &Visitor, token: &str) -> Response {
    page::show(
        web,
        visitor,
        token,
        &Place::default(),
        Look::Ahead,
        Some(Problem::Over),
    )
    .await
}

async fn carry_out(
    web: &Web,
    visitor: &Visitor,
    token: &str,
    session: &SessionHash,
    sent: Sent,
) -> Result<String, OwnerError> {
    let (engine, origin) = (&web.engine, visitor.origin.as_str());
    if let Some(password) = sent.password {
        let password = tidied(web, visitor, token, session, &password).await?;
        engine
            .use_link_with_password(token, &password, session, origin)
            .await?;
        return Ok(here(token));
    }
    if let (Some(id), Some(pasted)) = (sent.paste, sent.pasted) {
        let id: PasteId = id.parse()?;
        engine
            .finish_link_pasted(token, &id, &pasted, session, origin)
            .await?;
        return Ok(here(token));
    }
    let Some(way) = sent.way.and_then(|way| way.parse().ok()) else {
        return Ok(here(token));
    };
    let Some(base) = visitor.base(web).await? else {
        return Ok(here(token));
    };
    let begun = engine.begin_by_link(token, way, &base, session, origin).await?;
    Ok(match begun {
        Begun::Redirect(url) => url.into(),
        Begun::DeviceCode(id) => format!("{}?device={id}", here(token)),
        Begun::Paste(id) => format!("{}?paste={id}", here(token)),
    })
}

/// What was typed, without the spaces that the provider prints in it.
async fn tidied(
    web: &Web,
    visitor: &Visitor,
    token: &str,
    session: &SessionHash,
    typed: &str,
) -> Result<SecretString, OwnerError> {
    let engine = &web.engine;
    let link = engine
        .open_link(token, Some(session), &visitor.origin, Look::Ahead)
        .await?;
    let key = &link.account.settings.provider;
    let provider = engine.providers.get(key).cloned();
    let provider = provider.unwrap_or_else(|| Provider::unknown(key.clone()));
    Ok(provider.tidied(typed).into())
}
