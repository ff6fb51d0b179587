//! *Detect*: where the mail server of an address is, and how it is spoken to, found by trying.
//!
//! It is no port scanner: a few hosts that follow from the address or the host that was typed, the four ports on
//! which mail is handed in, and the one that was typed; by an administrator, so many times a minute. Nothing
//! secret is sent.

mod places;
mod throttle;

use crate::engine::Engine;
use crate::smtp::{Endpoint, HelloName, SmtpError, Timeouts, probe};
use std::time::Duration;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::detection::{Detection, Found, Place};
use tocsin_domain::failure::Meaning;
use tocsin_domain::provider::{ProviderKey, Security, Server};

pub(crate) use throttle::Throttle;

/// Somebody waits for the answer, and most places do not answer.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(4),
    command: Duration::from_secs(5),
    data_end: Duration::from_secs(5),
};

/// The longest that one place is looked at, whatever its server does.
const PER_PLACE: Duration = Duration::from_secs(12);

/// What is known before anything is tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clues {
    /// The mailbox.
    pub address: Option<EmailAddress>,
    /// A host that was typed.
    pub host: Option<String>,
    /// A port that was typed.
    pub port: Option<u16>,
    /// The PEM text of authorities to trust beside the public ones.
    pub ca: Option<String>,
}

/// Why nothing was tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetectError {
    /// Neither an address nor a host.
    #[error("enter the e-mail address or the host first: what to try follows from it")]
    NoClue,
    /// What was typed is no host.
    #[error("enter the mail server's name alone, such as smtp.example.com, without https://, port or spaces")]
    Host,
    /// Too many in a short time.
    #[error("detecting is limited to {per_minute} times a minute: wait a moment, then try again", per_minute = throttle::PER_MINUTE)]
    TooOften,
}

impl Engine {
    /// Tries the likely places in parallel and says what was found at each, the best first.
    pub async fn detect(&self, clues: &Clues) -> Result<Detection, DetectError> {
        let places = places::likely(clues, &self.providers)?;
        self.detecting.begin()?;
        let looks = places.into_iter().map(|(host, port, security)| {
            let server = Server {
                host,
                port,
                security,
                ca: clues.ca.clone(),
            };
            look(server)
        });
        Ok(Detection::of(futures::future::join_all(looks).await))
    }
}

async fn look(server: Server) -> Place {
    let endpoint = Endpoint {
        server,
        provider: ProviderKey::new(ProviderKey::CUSTOM),
        hello: HelloName::default(),
    };
    let looked = tokio::time::timeout(PER_PLACE, probe(&endpoint, &TIMEOUTS)).await;
    let Server {
        host,
        port,
        mut security,
        ..
    } = endpoint.server;
    let found = match looked {
        Ok(Ok(probed)) => {
            security = probed.security;
            Found::Server {
                sign_in: probed.sign_in,
            }
        }
        Ok(Err(error)) => failed(&error),
        Err(_) => Found::Nothing {
            meaning: Meaning::TimedOut,
            words: format!("timed out: the server took longer than {PER_PLACE:?}"),
        },
    };
    Place {
        host,
        port,
        security,
        found,
    }
}

fn failed(error: &SmtpError) -> Found {
    let words = error.to_string();
    let meaning = error.verdict.meaning;
    match meaning {
        Meaning::CertificateNotTrusted
        | Meaning::CertificateExpired
        | Meaning::CertificateNameMismatch
        | Meaning::CertificateRefused => Found::Certificate { meaning, words },
        _ => Found::Nothing { meaning, words },
    }
}

/// The ways in which a port is tried: each of the usual ports has one (RFC 8314 section 3.3, RFC 6409
/// section 3.1), any other may have both. Whether STARTTLS is offered is seen on the way.
fn ways(port: u16) -> &'static [Security] {
    match port {
        465 => &[Security::Tls],
        25 | 587 | 2525 => &[Security::Starttls],
        _ => &[Security::Tls, Security::Starttls],
    }
}
