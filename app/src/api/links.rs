//! Re-authorization links, as administrators make, look at and revoke them. The page that they open is in
//! `pages/owner`.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    id::{AccountId, LinkId},
    link::Link,
};

use super::error::ApiError;

/// An account's links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The latest, the newest first.
    pub links: Vec<Link>,
    /// One that was made just now without a script: its address is shown this once.
    pub new: Option<NewLink>,
}

/// A link that was made just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLink {
    /// The mailbox that it is for.
    pub address: String,
    /// Its address, which cannot be seen again.
    pub url: String,
}

/// The links of an account.
#[server(endpoint = "links/list")]
pub async fn account_links(account: AccountId) -> Result<Links, ApiError> {
    ssr::answer(ssr::links(account).await)
}

/// Makes a link that works for some hours.
#[server(endpoint = "links/make")]
pub async fn make_link(account: AccountId, hours: String) -> Result<NewLink, ApiError> {
    ssr::answer(ssr::make(account, &hours).await)
}

/// Revokes a link.
#[server(endpoint = "links/revoke")]
pub async fn revoke_link(id: LinkId) -> Result<(), ApiError> {
    ssr::answer(ssr::revoke(id).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use leptos::prelude::expect_context;
    use leptos_axum::redirect;
    use secrecy::SecretString;
    use tocsin_domain::id::{AccountId, LinkId};
    use tocsin_engine::links::{Life, LinkError, Maker, url};

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        error::ApiError,
        links::{Links, NewLink},
        shown_once::ShownOnce,
        visit::{engine, is_plain_form, signed_in, visit, who},
    };

    /// How many links are listed.
    const LISTED: usize = 20;

    pub(super) async fn links(account: AccountId) -> Result<Links, ApiError> {
        let session = signed_in()?;
        // Before anything is waited for: a page that is taken apart meanwhile takes its context along.
        let (engine, visit, waiting) = (engine(), visit()?, expect_context::<ShownOnce>());
        let mut links = engine.links(account).await?;
        links.truncate(LISTED);
        let place = waiting_place(&session.secret, account);
        let shown = visit.shown.get_or_init(|| waiting.take(&place)).clone();
        let address = engine.account(account).await?.settings.address.to_string();
        Ok(Links {
            links,
            new: shown.map(|url| NewLink { address, url }),
        })
    }

    pub(super) async fn make(account: AccountId, hours: &str) -> Result<NewLink, ApiError> {
        let who = who()?;
        let engine = engine();
        let life: Life = hours.parse().map_err(LinkError::Life)?;
        let (_, token) = engine.make_link(account, &Maker::Admin(who), life).await?;
        let url = url(&visit()?.base, &token).to_string();
        if is_plain_form() {
            let place = waiting_place(&signed_in()?.secret, account);
            expect_context::<ShownOnce>().keep(&place, SecretString::from(url.clone()));
            redirect(&format!("/accounts/{account}?done=link#links"));
        }
        let address = engine.account(account).await?.settings.address.to_string();
        Ok(NewLink { address, url })
    }

    pub(super) async fn revoke(id: LinkId) -> Result<(), ApiError> {
        let account = engine().revoke_link(id, &who()?).await?;
        redirect(&format!("/accounts/{account}?done=link-revoked#links"));
        Ok(())
    }

    /// Apart from other secrets that wait for the same session.
    fn waiting_place(session: &str, account: AccountId) -> String {
        format!("{session} link {account}")
    }
}
