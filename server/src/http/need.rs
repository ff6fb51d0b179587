//! What a request is about to do: show something, or change something. Before a change the NAS is asked anew about
//! whoever it vouches for.

use axum::http::Method;
use axum::http::request::Parts;
use tocsin_app::api::import::EXPORT;
use tocsin_app::api::reads::READS;
use tocsin_app::api::sign_ins::CALLBACK;
use tocsin_engine::nas::Need;

/// Whatever is not known to show something only, changes something.
pub fn need(request: &Parts) -> Need {
    let path = request.uri.path();
    let shows = match request.method {
        Method::GET | Method::HEAD => path != CALLBACK && path != EXPORT,
        _ => READS.contains(&path),
    };
    if shows { Need::Look } else { Need::Change }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use axum::body::Body;
    use axum::http::Request;

    #[test]
    fn what_is_not_known_to_show_something_only_changes_something() {
        let need = |method: Method, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty());
            need(&request.unwrap().into_parts().0)
        };
        assert_eq!(need(Method::GET, "/accounts"), Need::Look);
        assert_eq!(need(Method::POST, "/api/accounts/list"), Need::Look);
        for path in [
            "/api/accounts/delete",
            "/accounts/import/upload",
            "/api/no-such-function",
        ] {
            assert_eq!(need(Method::POST, path), Need::Change, "{path}");
        }
        for path in [CALLBACK, EXPORT] {
            assert_eq!(need(Method::GET, path), Need::Change, "{path}");
        }
    }
}
