//! The files that browsers load, as `package/site.sh` lays them out: the app's with their content's hash in
//! their names, each with a brotli twin.

use axum::Router;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use std::convert::Infallible;
use std::path::Path;
use tocsin_app::shell::Assets;
use tower::Service;
use tower_http::services::ServeDir;

/// The names of the app's files, from `hash.txt`; without one, the names without hash.
pub fn assets(site: &Path) -> Assets {
    let Ok(hashes) = std::fs::read_to_string(site.join("hash.txt")) else {
        tracing::warn!(site = %site.display(), "nothing is built there: pages come without style and script");
        return Assets::default();
    };
    let url = |extension: &str| {
        let hash = hashes
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(of, _)| *of == extension)
            .map(|(_, hash)| hash.trim());
        hash.map_or_else(
            || format!("/pkg/tocsin.{extension}"),
            |hash| format!("/pkg/tocsin.{hash}.{extension}"),
        )
    };
    Assets {
        js: url("js"),
        wasm: url("wasm"),
        css: url("css"),
    }
}

/// The files; what is none goes to `otherwise`.
pub fn files<F>(root: &str, otherwise: F) -> Router
where
    F: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    F::Future: Send,
{
    let files = ServeDir::new(root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(otherwise);
    Router::new().fallback_service(files).layer(from_fn(cache))
}

/// A name with a hash stays what it is; any other file is asked for again each time.
async fn cache(request: Request, next: Next) -> Response {
    let is_hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let value = match response.status() {
        StatusCode::OK if is_hashed => "public, max-age=31536000, immutable",
        _ => "no-cache",
    };
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static(value));
    response
}

fn is_hashed(path: &str) -> bool {
    path.strip_prefix("/pkg/")
        .is_some_and(|name| name.split('.').count() == 3)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_names_of_the_apps_files_carry_the_hashes_of_the_build() {
        let site = tempfile::tempdir().unwrap();
        std::fs::write(site.path().join("hash.txt"), "js: 0a\nwasm: 1b\ncss: 2c\n").unwrap();
        let assets = assets(site.path());
        assert_eq!(assets.wasm, "/pkg/tocsin.1b.wasm");
        assert!(is_hashed(&assets.css));
    }

    #[test]
    fn without_a_build_the_names_are_plain_and_not_kept() {
        let site = tempfile::tempdir().unwrap();
        let assets = assets(site.path());
        assert_eq!(assets, Assets::default());
        assert!(!is_hashed(&assets.js));
    }
}
