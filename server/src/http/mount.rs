//! Below a base path: what comes in is understood with it or without it, what goes out carries it. Everything behind
//! works as if it had the root for itself.
//!
//! Nothing is redirected to another spelling of its address: a web server in front that writes it in its own way would
//! send the browser in a circle. The addresses in pages are the app's (`tocsin_app::base`).

use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Request, Response, Uri};
use tocsin_domain::base_path::BasePath;

/// A cookie's part that says where it goes, as all of Tocsin's write it.
const COOKIE_PATH: &str = "; Path=/";

/// A request as it is meant.
pub fn inward<B>(base: &BasePath, mut request: Request<B>) -> Request<B> {
    if let Some(uri) = inside(base, request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn inside(base: &BasePath, uri: &Uri) -> Option<Uri> {
    let path = base.inside(uri.path());
    if path == uri.path() {
        return None;
    }
    let path_and_query: PathAndQuery = match uri.query() {
        Some(query) => format!("{path}?{query}").parse().ok()?,
        None => path.parse().ok()?,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query);
    Uri::from_parts(parts).ok()
}

/// An answer as it is understood outside.
pub fn outward<B>(base: &BasePath, mut response: Response<B>) -> Response<B> {
    if base.as_str().is_empty() {
        return response;
    }
    let headers = response.headers_mut();
    if let Some(to) = headers.get(LOCATION).and_then(|to| to.to_str().ok())
        && let Ok(to) = HeaderValue::from_str(&base.at(to))
    {
        headers.insert(LOCATION, to);
    }
    let cookies: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for cookie in cookies {
        headers.append(SET_COOKIE, for_outside(base, &cookie).unwrap_or(cookie));
    }
    response
}

/// `Path=/` becomes the base path without a slash at its end: browsers send such a cookie to `/tocsin` too (RFC 6265
/// section 5.1.4).
fn for_outside(base: &BasePath, cookie: &HeaderValue) -> Option<HeaderValue> {
    let text = cookie.to_str().ok()?;
    let (before, after) = text.split_once(COOKIE_PATH)?;
    let slash = if after.is_empty() || after.starts_with(';') {
        ""
    } else {
        "/"
    };
    let mut outside = HeaderValue::from_str(&format!("{before}; Path={base}{slash}{after}")).ok()?;
    outside.set_sensitive(cookie.is_sensitive());
    Some(outside)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn base() -> BasePath {
        "/tocsin".parse().unwrap()
    }

    #[test]
    fn a_request_keeps_all_but_the_base_path() {
        for (uri, meant) in [
            (
                "/tocsin//accounts//7?to=//x&a=%2Ftocsin",
                "/accounts/7?to=//x&a=%2Ftocsin",
            ),
            ("/tocsin?x", "/?x"),
            ("/live?seen=7", "/live?seen=7"),
            ("http://nas:8725/tocsin/rules", "http://nas:8725/rules"),
            ("*", "*"),
        ] {
            let request = Request::get(uri).body(()).unwrap();
            assert_eq!(inward(&base(), request).uri(), meant, "{uri}");
        }
    }

    #[test]
    fn redirects_and_cookies_carry_it() {
        let answer = || {
            Response::builder()
                .header("location", "/accounts/7?done=saved#x")
                .header("set-cookie", "a=b; Path=/; HttpOnly")
                .header("set-cookie", "c=d; Path=/reauthorize; HttpOnly")
                .header("set-cookie", "e=f; HttpOnly; Path=/")
                .body(())
                .unwrap()
        };
        let outside = outward(&base(), answer());
        assert_eq!(outside.headers()["location"], "/tocsin/accounts/7?done=saved#x");
        let cookies: Vec<_> = outside.headers().get_all("set-cookie").iter().collect();
        assert_eq!(
            cookies,
            [
                "a=b; Path=/tocsin; HttpOnly",
                "c=d; Path=/tocsin/reauthorize; HttpOnly",
                "e=f; HttpOnly; Path=/tocsin"
            ]
        );
        assert_eq!(
            outward(&BasePath::default(), answer()).headers(),
            answer().headers()
        );
    }

    #[test]
    fn a_redirect_to_another_site_stays_and_a_secret_stays_one() {
        let mut secret = HeaderValue::from_static("s=x; Path=/; HttpOnly");
        secret.set_sensitive(true);
        let answer = Response::builder()
            .header("location", "https://accounts.example/o?x=/y")
            .header("set-cookie", secret)
            .body(())
            .unwrap();
        let outside = outward(&base(), answer);
        assert_eq!(outside.headers()["location"], "https://accounts.example/o?x=/y");
        assert!(outside.headers()["set-cookie"].is_sensitive());
    }
}
