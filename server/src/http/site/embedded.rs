//! The site inside the program: a package then holds one file, and one version always serves its own pages.
//!
//! What is compressed is held only so (`build.rs`). Hardly anything asks for the plain files, and they are most of
//! the bytes: they are unpacked when they are asked for, once for all who ask at the same time.

use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::io::{Cursor, Error, ErrorKind, Read as _, Result, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata};

#[cfg(feature = "embedded-site")]
include!(concat!(env!("OUT_DIR"), "/embedded_site.rs"));

/// The files by their path below the site, such as `pkg/tocsin.0a1b.js.br`.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    files: &'static [(&'static str, &'static [u8])],
    built: SystemTime,
}

impl Embedded {
    /// Those of this program.
    #[cfg(feature = "embedded-site")]
    pub fn here() -> Self {
        Self::new(FILES, BUILT)
    }

    /// `built` is when their commit was made, in seconds since 1970: browsers ask whether files changed since.
    fn new(files: &'static [(&'static str, &'static [u8])], built: u64) -> Self {
        Self {
            files,
            built: SystemTime::UNIX_EPOCH + Duration::from_secs(built),
        }
    }

    /// A file's bytes; unpacked, if only its gzip is held.
    pub fn read(self, name: &str) -> Result<Content> {
        if let Some(bytes) = self.held(name) {
            return Ok(Content::Held(bytes));
        }
        let packed = self
            .held(&format!("{name}.gz"))
            .ok_or_else(|| Error::from(ErrorKind::NotFound))?;
        let mut unpacked = UNPACKED.lock().unwrap_or_else(PoisonError::into_inner);
        unpacked.retain(|_, plain| plain.strong_count() > 0);
        if let Some(plain) = unpacked.get(&packed.as_ptr().addr()).and_then(Weak::upgrade) {
            return Ok(Content::Unpacked(plain));
        }
        let mut plain = Vec::new();
        GzDecoder::new(packed).read_to_end(&mut plain)?;
        let plain = Arc::from(plain);
        unpacked.insert(packed.as_ptr().addr(), Arc::downgrade(&plain));
        Ok(Content::Unpacked(plain))
    }

    fn held(self, name: &str) -> Option<&'static [u8]> {
        self.files
            .iter()
            .find(|(each, _)| *each == name)
            .map(|(_, bytes)| *bytes)
    }

    fn open_file(self, path: &Path) -> Result<OpenFile> {
        // `ServeDir` asks for `./pkg/…`.
        let name = path.strip_prefix(".").unwrap_or(path).to_string_lossy();
        Ok(OpenFile {
            content: Cursor::new(self.read(&name)?),
            built: self.built,
        })
    }
}

/// The files that somebody reads now, by where their packed form is held.
static UNPACKED: Mutex<BTreeMap<usize, Weak<[u8]>>> = Mutex::new(BTreeMap::new());

/// A file's bytes.
#[derive(Debug)]
pub enum Content {
    /// Part of the program.
    Held(&'static [u8]),
    /// In memory for as long as somebody reads them.
    Unpacked(Arc<[u8]>),
}

impl AsRef<[u8]> for Content {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Held(bytes) => bytes,
            Self::Unpacked(bytes) => bytes,
        }
    }
}

impl Backend for Embedded {
    type File = OpenFile;
    type Metadata = About;
    type OpenFuture = Ready<Result<OpenFile>>;
    type MetadataFuture = Ready<Result<About>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(self.open_file(&path))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(self.open_file(&path).map(|file| file.about()))
    }
}

/// A file that is being sent.
pub struct OpenFile {
    content: Cursor<Content>,
    built: SystemTime,
}

impl OpenFile {
    fn about(&self) -> About {
        About {
            bytes: self.content.get_ref().as_ref().len() as u64,
            built: self.built,
        }
    }
}

impl File for OpenFile {
    type Metadata = About;
    type MetadataFuture<'a> = Ready<Result<About>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.about()))
    }
}

impl AsyncRead for OpenFile {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.content).poll_read(cx, into)
    }
}

impl AsyncSeek for OpenFile {
    fn start_seek(mut self: Pin<&mut Self>, to: SeekFrom) -> Result<()> {
        Pin::new(&mut self.content).start_seek(to)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<u64>> {
        Pin::new(&mut self.content).poll_complete(cx)
    }
}

/// How long a file is, and when it was made.
pub struct About {
    bytes: u64,
    built: SystemTime,
}

impl Metadata for About {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> Result<SystemTime> {
        Ok(self.built)
    }

    fn len(&self) -> u64 {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{assets, serve};
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::http::StatusCode;
    use axum::http::header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, ETAG, IF_NONE_MATCH,
    };
    use axum::response::{IntoResponse as _, Response};
    use flate2::{Compression, read::GzEncoder};
    use std::convert::Infallible;
    use tower::{ServiceExt as _, service_fn};
    use tower_http::services::ServeDir;

    const SCRIPT: &str = "/pkg/tocsin.0a1b.js";
    const PLAIN: &[u8] = b"let it = 'be served';";

    fn embedded() -> Embedded {
        let mut packed = Vec::new();
        GzEncoder::new(PLAIN, Compression::best())
            .read_to_end(&mut packed)
            .unwrap();
        let files = vec![
            ("hash.txt", b"js: 0a1b\nwasm: 1b\ncss: 2c\n".as_slice()),
            ("pkg/tocsin.0a1b.js.br", b"shortest".as_slice()),
            ("pkg/tocsin.0a1b.js.gz", packed.leak()),
            ("robots.txt", b"nobody".as_slice()),
        ];
        Embedded::new(files.leak(), 1_700_000_000)
    }

    async fn answer(method: &str, path: &str, headers: &[(axum::http::HeaderName, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let otherwise = service_fn(|_: Request| async {
            Ok::<_, Infallible>((StatusCode::NOT_FOUND, "none").into_response())
        });
        serve(ServeDir::with_backend("", embedded()), otherwise)
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    fn said(answer: &Response, name: &axum::http::HeaderName) -> String {
        answer
            .headers()
            .get(name)
            .map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    async fn body(answer: Response) -> Vec<u8> {
        to_bytes(answer.into_body(), 1024).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn each_browser_gets_the_shortest_form_that_it_understands() {
        let best = answer("GET", SCRIPT, &[(ACCEPT_ENCODING, "gzip, deflate, br")]).await;
        assert_eq!(said(&best, &CONTENT_ENCODING), "br");
        assert_eq!(said(&best, &CACHE_CONTROL), "public, max-age=31536000, immutable");
        assert_eq!(body(best).await, b"shortest");

        let insecure = answer("GET", SCRIPT, &[(ACCEPT_ENCODING, "gzip, deflate")]).await;
        assert_eq!(said(&insecure, &CONTENT_ENCODING), "gzip");

        let refused = answer("GET", SCRIPT, &[(ACCEPT_ENCODING, "br;q=0, gzip;q=0")]).await;
        assert_eq!(said(&refused, &CONTENT_ENCODING), "");
        assert_eq!(body(refused).await, PLAIN);
    }

    #[tokio::test]
    async fn who_understands_no_compression_gets_the_plain_file() {
        let plain = answer("GET", SCRIPT, &[]).await;
        assert_eq!(plain.status(), StatusCode::OK);
        assert_eq!(said(&plain, &CONTENT_LENGTH), PLAIN.len().to_string());
        assert_eq!(body(plain).await, PLAIN);

        let head = answer("HEAD", SCRIPT, &[]).await;
        assert_eq!(said(&head, &CONTENT_LENGTH), PLAIN.len().to_string());
        assert!(body(head).await.is_empty());
    }

    #[tokio::test]
    async fn what_did_not_change_is_not_sent_again() {
        let first = answer("GET", "/robots.txt", &[]).await;
        assert_eq!(said(&first, &CACHE_CONTROL), "no-cache");
        let tag = said(&first, &ETAG);
        assert!(!tag.is_empty());
        let again = answer("GET", "/robots.txt", &[(IF_NONE_MATCH, &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn what_is_no_file_goes_on() {
        for path in ["/", "/pkg", "/pkg/", "/pkg/tocsin.ffff.js", "/../robots.txt"] {
            let answer = answer("GET", path, &[]).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[test]
    fn all_who_read_a_packed_file_at_the_same_time_share_it() {
        let embedded = embedded();
        let of = |content: &Content| content.as_ref().as_ptr();
        let [one, other] = [0, 1].map(|_| embedded.read("pkg/tocsin.0a1b.js").unwrap());
        assert_eq!(of(&one), of(&other));
    }

    #[test]
    fn a_file_that_is_held_packed_reads_as_it_was() {
        assert_eq!(embedded().read("pkg/tocsin.0a1b.js").unwrap().as_ref(), PLAIN);
        let hashes = String::from_utf8_lossy(embedded().read("hash.txt").unwrap().as_ref()).into_owned();
        assert_eq!(assets(&hashes).js, SCRIPT);
        assert_eq!(
            embedded().read("favicon.svg").unwrap_err().kind(),
            ErrorKind::NotFound
        );
    }
}
