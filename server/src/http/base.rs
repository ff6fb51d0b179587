//! By which address a request came: its `Host`, with `X-Forwarded-Proto` for the scheme where a proxy ends TLS.
//! It matters for redirect URIs and for the `Secure` of the session cookie, where a forged one harms only who
//! forges it.

use super::Web;
use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderValue};
use tocsin_engine::store::StoreError;
use url::Url;

/// The address by which people and providers reach Tocsin: what was set, else the one that the request came by.
pub async fn reached_by(web: &Web, came_by: &Url) -> Result<Url, StoreError> {
    if let Some(url) = &web.public_url {
        return Ok(url.clone());
    }
    let set = web.engine.public_url().await?;
    Ok(set.unwrap_or_else(|| came_by.clone()))
}

/// The address, with the path `/`; none for a `Host` that is none.
pub fn came_by(headers: &HeaderMap) -> Option<Url> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let host = text(HOST.as_str())?;
    let scheme = match text("x-forwarded-proto") {
        Some("https") => "https",
        _ => "http",
    };
    let url: Url = format!("{scheme}://{host}/").parse().ok()?;
    // Anything more than a host and a port would show up elsewhere in the URL.
    let is_plain =
        url.path() == "/" && url.username().is_empty() && url.password().is_none() && url.query().is_none();
    (is_plain && !host.contains(['/', '@', '?', '#', '\\'])).then_some(url)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_host_and_the_proxys_scheme_make_the_address() {
        let plain = came_by(&headers(&[("host", "127.0.0.1:8725")])).unwrap();
        assert_eq!(plain.as_str(), "http://127.0.0.1:8725/");
        let secure = came_by(&headers(&[
            ("host", "nas.example.com"),
            ("x-forwarded-proto", "https"),
        ]));
        assert_eq!(secure.unwrap().as_str(), "https://nas.example.com/");
    }

    #[test]
    fn a_host_that_smuggles_a_path_or_user_is_none() {
        for host in ["a/b", "a@b", "a?b", "a#b", "a b", ""] {
            assert_eq!(came_by(&headers(&[("host", host)])), None, "{host:?}");
        }
    }
}
