//! By which address a request came, and by which people and providers reach Tocsin. It matters for redirect URIs, for
//! links in mails, and for the `Secure` of the session cookie.

use super::Web;
use super::forwarded::Came;
use axum::http::header::HOST;
use axum::http::request::Parts;
use tocsin_engine::store::StoreError;
use url::Url;

/// The address by which people and providers reach Tocsin: what was set, else the one that the request came by; with
/// the base path.
pub async fn reached_by(web: &Web, came_by: &Url) -> Result<Url, StoreError> {
    let set = match &web.public_url {
        Some(url) => Some(url.clone()),
        None => web.engine.public_url().await?,
    };
    Ok(web.engine.below(set.unwrap_or_else(|| came_by.clone())))
}

/// The address, with the path `/`; none for a `Host` that is none.
pub fn came_by(request: &Parts) -> Option<Url> {
    let host = request.headers.get(HOST)?.to_str().ok()?;
    let scheme = request
        .extensions
        .get::<Came>()
        .map_or("http", |came| came.scheme.as_str());
    let url: Url = format!("{scheme}://{host}/").parse().ok()?;
    // Anything more than a host and a port would show up elsewhere in the URL.
    let is_plain =
        url.path() == "/" && url.username().is_empty() && url.password().is_none() && url.query().is_none();
    (is_plain && !host.contains(['/', '@', '?', '#', '\\'])).then_some(url)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::forwarded::Scheme;
    use super::*;
    use axum::http::Request;

    fn request(host: &str, scheme: Scheme) -> Parts {
        let mut request = Request::builder()
            .header(HOST, host)
            .body(())
            .unwrap()
            .into_parts()
            .0;
        request.extensions.insert(Came { from: None, scheme });
        request
    }

    #[test]
    fn the_host_and_the_scheme_make_the_address() {
        let plain = came_by(&request("127.0.0.1:8725", Scheme::Http)).unwrap();
        assert_eq!(plain.as_str(), "http://127.0.0.1:8725/");
        let secure = came_by(&request("nas.example.com", Scheme::Https)).unwrap();
        assert_eq!(secure.as_str(), "https://nas.example.com/");
    }

    #[test]
    fn a_host_that_smuggles_a_path_or_user_is_none() {
        for host in ["a/b", "a@b", "a?b", "a#b", "a b", ""] {
            assert_eq!(came_by(&request(host, Scheme::Http)), None, "{host:?}");
        }
    }
}
