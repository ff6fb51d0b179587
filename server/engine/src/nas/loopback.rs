//! One question to the NAS's web service on this machine.
//!
//! Passwords and sessions of the NAS go out here, so that where to is no matter of settings or requests: an address is
//! a port of 127.0.0.1 and cannot be anything else. No redirect is followed and no proxy asked. That alone makes it
//! right not to look at the certificate, which a NAS makes for itself and for other names: nobody stands between two
//! programs on one machine.

use super::error::Silence;
use crate::net::bounded;
use reqwest::header::{HeaderMap, LOCATION};
use rustls::ClientConfig;
use rustls::DigitallySignedStruct;
use rustls::SignatureScheme;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

/// How many questions are asked at the same time: who floods Tocsin must not flood the NAS.
const AT_ONCE: usize = 4;

/// How many of those for people who are not signed in.
const STRANGERS: usize = 2;

/// Where the web service listens on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Door {
    scheme: Scheme,
    port: NonZeroU16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Door {
    pub(super) const fn http(port: NonZeroU16) -> Self {
        Self {
            scheme: Scheme::Http,
            port,
        }
    }

    pub(super) const fn https(port: NonZeroU16) -> Self {
        Self {
            scheme: Scheme::Https,
            port,
        }
    }

    fn url(self, question: &Question<'_>) -> Result<Url, Silence> {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let mut url = Url::parse(&format!("{scheme}://127.0.0.1:{}", self.port))
            .map_err(|error| Silence::Unexpected(error.to_string()))?;
        url.set_path(question.path);
        if !question.query.is_empty() {
            url.query_pairs_mut().extend_pairs(question.query);
        }
        Ok(url)
    }
}

/// What is asked. With a form it is a POST.
pub(super) struct Question<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) form: &'a [(&'a str, &'a str)],
    pub(super) headers: HeaderMap,
    /// The longest answer that is read, in bytes.
    pub(super) at_most: usize,
}

/// What came back.
pub(super) enum Reply {
    /// The text of an answer.
    Text(String),
    /// "Force HTTPS" is on: the question is to be asked there; on a port that was not said where none.
    Moved(Option<NonZeroU16>),
}

/// What asks.
#[derive(Debug)]
pub(super) struct Loopback {
    client: reqwest::Client,
    turns: Semaphore,
    strangers: Semaphore,
    patience: Duration,
}

impl Loopback {
    pub(super) fn new(patience: Duration) -> Result<Self, reqwest::Error> {
        let provider = Arc::new(ring::default_provider());
        let tls = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider has TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(OnThisMachine(provider)))
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(patience)
            .build()?;
        Ok(Self {
            client,
            turns: Semaphore::new(AT_ONCE),
            strangers: Semaphore::new(STRANGERS),
            patience,
        })
    }

    /// A turn to ask; to be held until the answer is there.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, Silence> {
        self.within_patience(&self.turns).await
    }

    /// A turn of somebody who is not signed in, beside those to ask.
    pub(super) async fn strangers_turn(&self) -> Result<SemaphorePermit<'_>, Silence> {
        self.within_patience(&self.strangers).await
    }

    async fn within_patience<'a>(&self, turns: &'a Semaphore) -> Result<SemaphorePermit<'a>, Silence> {
        match tokio::time::timeout(self.patience, turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Silence::TimedOut),
        }
    }

    pub(super) async fn ask(&self, door: Door, question: &Question<'_>) -> Result<Reply, Silence> {
        let url = door.url(question)?;
        let request = if question.form.is_empty() {
            self.client.get(url)
        } else {
            self.client.post(url).form(question.form)
        };
        let mut answer = request.headers(question.headers.clone()).send().await?;
        let status = answer.status();
        if status.is_redirection() {
            return moved(answer.headers());
        }
        if !status.is_success() {
            return Err(Silence::Unexpected(format!("HTTP status {}", status.as_u16())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > question.at_most {
                return Err(Silence::Unexpected("far too much".to_owned()));
            }
        }
        Ok(Reply::Text(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// Only the port of where it leads is of interest; the host stays this machine.
fn moved(headers: &HeaderMap) -> Result<Reply, Silence> {
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    match location.map(Url::parse) {
        Some(Ok(url)) if url.scheme() == "https" => Ok(Reply::Moved(
            url.port_or_known_default().and_then(NonZeroU16::new),
        )),
        None | Some(Err(_)) => Ok(Reply::Moved(None)),
        Some(Ok(_)) => Err(Silence::Unexpected("a redirect to no HTTPS".to_owned())),
    }
}

impl From<reqwest::Error> for Silence {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::TimedOut;
        }
        // The address holds a session's id.
        let error = error.without_url();
        let mut innermost: &dyn std::error::Error = &error;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        Self::NotConnected(bounded(&innermost.to_string()))
    }
}

/// Takes whatever certificate is shown: see the top of this file.
#[derive(Debug)]
struct OnThisMachine(Arc<CryptoProvider>);

impl ServerCertVerifier for OnThisMachine {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn location(text: &str) -> Result<Option<u16>, Silence> {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, text.parse().unwrap());
        match moved(&headers)? {
            Reply::Moved(port) => Ok(port.map(NonZeroU16::get)),
            Reply::Text(_) => panic!("that is no answer"),
        }
    }

    #[test]
    fn of_a_redirect_only_the_port_counts() {
        assert_eq!(location("https://evil.example:8443/cgi-bin/"), Ok(Some(8443)));
        assert_eq!(location("https://nas.local/"), Ok(Some(443)));
        assert_eq!(location("/cgi-bin/"), Ok(None));
        assert!(location("http://evil.example/").is_err());
    }

    #[test]
    fn a_question_stays_on_this_machine_whatever_it_holds() {
        let question = Question {
            path: "//evil.example/x",
            query: &[("sid", "a&b=c#d@evil.example")],
            form: &[],
            headers: HeaderMap::new(),
            at_most: 1,
        };
        let url = Door::https(NonZeroU16::MAX).url(&question).unwrap();
        assert_eq!(url.host_str(), Some("127.0.0.1"));
        assert_eq!(url.query(), Some("sid=a%26b%3Dc%23d%40evil.example"));
    }
}
