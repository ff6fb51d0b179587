//! The cookies of a request.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use tocsin_app::api::cookie;

/// Names and values, in their order.
pub fn of(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// The secret of the session, by either of its names.
pub fn session(headers: &HeaderMap) -> Option<&str> {
    cookie::NAMES.into_iter().find_map(|name| named(headers, name))
}

/// The value of one.
pub fn named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    of(headers)
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(cookies: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, cookies.parse().unwrap())])
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let found = |cookies: &str| session(&headers(cookies)).map(ToOwned::to_owned);
        assert_eq!(found("a=b; tocsin_session=s3cret; c=d"), Some("s3cret".into()));
        assert_eq!(found("tocsin_session2=x"), None);
    }

    #[test]
    fn the_session_by_https_comes_before_the_one_in_clear() {
        let both = headers("tocsin_session=plain; __Secure-tocsin_session=safe");
        assert_eq!(session(&both), Some("safe"));
    }
}
