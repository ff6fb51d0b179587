//! The files that browsers load, as `package/site.sh` lays them out: the app's with their content's hash in
//! their names, each with a brotli twin.

#[cfg(any(feature = "embedded-site", test))]
mod embedded;

use axum::Router;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use tocsin_app::shell::Assets;
use tower::Service;
use tower_http::services::ServeDir;
use tower_http::services::fs::{Backend, TokioBackend};

/// Where the files are.
#[derive(Clone, Debug)]
pub enum Site {
    /// In a folder.
    Folder(PathBuf),
    /// Inside the program.
    #[cfg(feature = "embedded-site")]
    Embedded(embedded::Embedded),
}

impl Default for Site {
    /// Those of this program.
    #[cfg(feature = "embedded-site")]
    fn default() -> Self {
        Self::Embedded(embedded::Embedded::here())
    }

    /// Beside the program, or beside its folder, as a build lays them out.
    #[cfg(not(feature = "embedded-site"))]
    fn default() -> Self {
        let program = std::env::current_exe().unwrap_or_default();
        let folder = program.parent().unwrap_or(std::path::Path::new("."));
        let beside = folder.join("site");
        Self::Folder(if beside.is_dir() {
            beside
        } else {
            folder.join("../site")
        })
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            #[cfg(feature = "embedded-site")]
            Self::Embedded(_) => f.write_str("inside the program"),
        }
    }
}

impl Site {
    /// The names of the app's files, from `hash.txt`; without one, the names without hash.
    pub fn assets(&self) -> Assets {
        match self.read("hash.txt") {
            Ok(hashes) => assets(&String::from_utf8_lossy(&hashes)),
            Err(_) => {
                tracing::warn!(site = %self, "nothing is built there: pages come without style and script");
                Assets::default()
            }
        }
    }

    /// The first of the app's files that is not there.
    pub fn missing(&self) -> Option<String> {
        let Assets { css, js, wasm } = self.assets();
        [css, js, wasm]
            .into_iter()
            .find(|url| self.read(url.trim_start_matches('/')).is_err())
    }

    fn read(&self, name: &str) -> std::io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Folder(folder) => std::fs::read(folder.join(name)).map(Cow::Owned),
            #[cfg(feature = "embedded-site")]
            Self::Embedded(embedded) => Ok(Cow::Owned(embedded.read(name)?.as_ref().to_vec())),
        }
    }

    /// The files; what is none goes to `otherwise`.
    pub fn files<F>(&self, otherwise: F) -> Router
    where
        F: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        F::Future: Send,
    {
        match self {
            Self::Folder(folder) => serve(ServeDir::with_backend(folder, TokioBackend), otherwise),
            #[cfg(feature = "embedded-site")]
            Self::Embedded(embedded) => serve(ServeDir::with_backend("", *embedded), otherwise),
        }
    }
}

fn assets(hashes: &str) -> Assets {
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

fn serve<B, F>(files: ServeDir<tower_http::services::fs::DefaultServeDirFallback, B>, otherwise: F) -> Router
where
    B: Backend,
    F: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    F::Future: Send,
{
    let files = files
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
        let assets = Site::Folder(site.path().to_owned()).assets();
        assert_eq!(assets.wasm, "/pkg/tocsin.1b.wasm");
        assert!(is_hashed(&assets.css));
    }

    #[test]
    fn without_a_build_the_names_are_plain_and_not_kept() {
        let site = tempfile::tempdir().unwrap();
        let assets = Site::Folder(site.path().to_owned()).assets();
        assert_eq!(assets, Assets::default());
        assert!(!is_hashed(&assets.js));
    }

    #[test]
    fn a_file_that_a_build_lacks_is_named() {
        let site = tempfile::tempdir().unwrap();
        let site_of = Site::Folder(site.path().to_owned());
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        for name in ["tocsin.css", "tocsin.js"] {
            std::fs::write(site.path().join("pkg").join(name), "").unwrap();
        }
        assert_eq!(site_of.missing().unwrap(), "/pkg/tocsin.wasm");
        std::fs::write(site.path().join("pkg/tocsin.wasm"), "").unwrap();
        assert_eq!(site_of.missing(), None);
    }
}
