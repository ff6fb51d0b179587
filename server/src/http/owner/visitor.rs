//! Who asks for the owner's page: from where, by which address, in which language, with which cookie.
//!
//! The cookie holds a random secret and the link's token: by its hash a sign-in at a provider, and the use of the
//! link, are bound to this browser; by the token the way back from the provider finds the page again. It goes to
//! this page and to that way back only.

use super::super::{Web, base, cookies, origin};
use super::PLACE;
use axum::http::HeaderValue;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use secrecy::ExposeSecret as _;
use tocsin_app::api::sign_ins::CALLBACK;
use tocsin_app::pages::owner::{Document, Locale, accepted, named};
use tocsin_app::shell;
use tocsin_domain::id::LinkId;
use tocsin_engine::links::browser_secret;
use tocsin_engine::oauth::SessionHash;
use tocsin_engine::store::StoreError;
use url::Url;

/// Followed by the link's id, so that two links can be open in one browser.
const COOKIE: &str = "tocsin_owner_";

/// Holds the language that the reader chose.
const LANGUAGE: &str = "tocsin_language";

/// Who asks.
#[derive(Debug)]
pub struct Visitor {
    /// The address of the machine that asks.
    pub origin: String,
    /// The address by which the reader came; none for a `Host` that is none.
    pub came_by: Option<Url>,
    /// The language.
    pub locale: Locale,
    theme: Option<&'static str>,
    /// The values of the cookies of links, by their names.
    links: Vec<(String, String)>,
}

impl Visitor {
    pub fn of(request: &Parts) -> Self {
        let headers = &request.headers;
        let accepted = || {
            let header = headers.get(ACCEPT_LANGUAGE);
            accepted(header.and_then(|value| value.to_str().ok()).unwrap_or_default())
        };
        let of_link = |(name, value): (&str, &str)| {
            let id = name.strip_prefix(COOKIE)?;
            Some((id.to_owned(), value.to_owned()))
        };
        Self {
            origin: origin::of(request),
            came_by: base::came_by(request),
            locale: cookies::named(headers, LANGUAGE)
                .and_then(named)
                .unwrap_or_else(accepted),
            theme: shell::theme(headers),
            links: cookies::of(headers).filter_map(of_link).collect(),
        }
    }

    /// By which address people and providers reach Tocsin.
    pub async fn base(&self, web: &Web) -> Result<Option<Url>, StoreError> {
        match &self.came_by {
            Some(came_by) => base::reached_by(web, came_by).await.map(Some),
            None => Ok(None),
        }
    }

    /// The cookie's value for the link of a token.
    pub fn cookie(&self, token: &str) -> Option<&str> {
        let is_its = |value: &&str| value.split_once('.').is_some_and(|(_, of)| of == token);
        self.links.iter().map(|(_, value)| value.as_str()).find(is_its)
    }

    /// This browser, as it is known to the link of a token.
    pub fn session(&self, token: &str) -> Option<SessionHash> {
        self.cookie(token).map(SessionHash::of)
    }

    /// The token and the cookie's value of a link.
    pub fn of_link(&self, link: LinkId) -> Option<(&str, &str)> {
        let id = link.to_string();
        let (_, value) = self.links.iter().find(|(found, _)| *found == id)?;
        let (_, token) = value.split_once('.')?;
        Some((token, value))
    }

    /// The headers that make the browser known to a link; none where it is already.
    pub fn introduce(&self, link: LinkId, token: &str) -> Vec<HeaderValue> {
        if self.cookie(token).is_some() {
            return Vec::new();
        }
        let value = format!("{}.{token}", browser_secret().expose_secret());
        self.set(&format!("{COOKIE}{link}"), &value)
    }

    /// The headers that keep a language.
    pub fn keep_language(&self, locale: Locale) -> Vec<HeaderValue> {
        self.set(LANGUAGE, locale.as_ref())
    }

    /// `Lax`, since the provider sends the browser back from another site.
    fn set(&self, name: &str, value: &str) -> Vec<HeaderValue> {
        let is_https = self.came_by.as_ref().is_some_and(|url| url.scheme() == "https");
        let secure = if is_https { "; Secure" } else { "" };
        let header = |path: &str| {
            let cookie = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}");
            let mut header = HeaderValue::from_str(&cookie).ok()?;
            header.set_sensitive(true);
            Some(header)
        };
        [PLACE, CALLBACK].into_iter().filter_map(header).collect()
    }

    /// What the page is made with; `token` of a link that is known.
    pub fn document(&self, web: &Web, token: Option<&str>) -> Document {
        Document {
            base: web.base_path().clone(),
            assets: web.assets.clone(),
            theme: self.theme,
            locale: self.locale,
            path: token.map(|token| format!("{PLACE}/{token}")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::super::forwarded::{Came, Scheme};
    use super::*;
    use axum::http::Request;

    fn visitor(headers: &[(&str, &str)]) -> Visitor {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Visitor::of(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn the_browser_is_known_to_its_own_link_only() {
        let visitor = visitor(&[("cookie", "tocsin_owner_7=secret.token; tocsin_session=x")]);
        assert_eq!(visitor.cookie("token"), Some("secret.token"));
        assert_eq!(visitor.cookie("other"), None);
        assert_eq!(visitor.of_link(LinkId::new(7)), Some(("token", "secret.token")));
        assert!(visitor.introduce(LinkId::new(7), "token").is_empty());
    }

    #[test]
    fn the_cookie_goes_to_the_page_and_the_way_back_from_the_provider_only() {
        let mut request = Request::builder().header("host", "nas.example.com");
        let came = Came {
            from: None,
            scheme: Scheme::Https,
        };
        request.extensions_mut().unwrap().insert(came);
        let visitor = Visitor::of(&request.body(()).unwrap().into_parts().0);
        let set = visitor.introduce(LinkId::new(7), "token");
        let set: Vec<_> = set.iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(set.len(), 2);
        for (value, path) in set.iter().zip(["/reauthorize", "/oauth/callback"]) {
            let end = format!(".token; Path={path}; HttpOnly; SameSite=Lax; Secure");
            assert!(
                value.starts_with("tocsin_owner_7=") && value.ends_with(&end),
                "{value}"
            );
        }
    }

    #[test]
    fn the_chosen_language_wins_over_the_browsers() {
        assert_eq!(visitor(&[("accept-language", "fr")]).locale, Locale::fr);
        let chosen = visitor(&[("accept-language", "fr"), ("cookie", "tocsin_language=ja")]);
        assert_eq!(chosen.locale, Locale::ja);
    }
}
