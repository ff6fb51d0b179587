//! HTTP to token endpoints: one request, no redirects (a redirected POST would carry secrets to wherever the
//! answer says), a time limit, and a bounded answer.

use reqwest::redirect::Policy;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;

/// How long a provider may take for an answer. Google and Microsoft take well below a second.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// The longest answer that is read, in bytes. Microsoft's tokens make about 8 kB.
const LONGEST: usize = 256 * 1024;

/// An HTTP client that trusts the public authorities and those of the system.
///
/// # Panics
/// Where the TLS library has neither TLS 1.2 nor 1.3, which its features rule out.
pub fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    builder(timeout).build()
}

/// The same to a server on this machine: no proxy that the environment names is told what is said there.
///
/// # Panics
/// As [`client`].
pub fn local_client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    builder(timeout).no_proxy().build()
}

fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .timeout(timeout)
        .connect_timeout(timeout / 2)
        .user_agent(concat!("Tocsin/", env!("CARGO_PKG_VERSION")))
}

/// What an endpoint answered.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// In seconds (RFC 9110 section 10.2.3).
    pub(super) retry_after: Option<u64>,
    pub(super) body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("no answer in time")]
    TimedOut,
    #[error("the name of the provider's server could not be looked up")]
    NameUnknown,
    #[error("no connection to the provider: {0}")]
    NotConnected(String),
    #[error("the connection to the provider broke off: {0}")]
    Broken(String),
    #[error("the answer was far too long")]
    TooLong,
}

impl From<reqwest::Error> for Unanswered {
    fn from(error: reqwest::Error) -> Self {
        let mut innermost: &dyn std::error::Error = &error;
        let mut chain = String::new();
        while let Some(source) = innermost.source() {
            innermost = source;
            chain.push_str(&source.to_string());
        }
        let words = innermost.to_string();
        if error.is_timeout() {
            Self::TimedOut
        } else if chain.contains("dns error") {
            Self::NameUnknown
        } else if error.is_connect() {
            Self::NotConnected(words)
        } else {
            Self::Broken(words)
        }
    }
}

/// Sends one request.
pub(super) async fn send(client: &reqwest::Client, request: reqwest::Request) -> Result<Answer, Unanswered> {
    let mut response = client.execute(request).await?;
    let retry_after = response
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return Err(Unanswered::TooLong);
        }
    }
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after,
        body,
    })
}
