//! What was found where a mail server may be: how to reach it is tried out rather than asked for.

use crate::failure::Meaning;
use crate::provider::{Security, Server};
use serde::{Deserialize, Serialize};

/// What was found at each place that was tried, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Detection {
    /// The places.
    pub places: Vec<Place>,
}

/// A host and port that was tried in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection was, or would have been, secured.
    pub security: Security,
    /// What was found.
    pub found: Found,
}

/// What answers at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Found {
    /// A mail server.
    Server {
        /// The ways to sign in that it offers; none if it takes mail without, or only over another port.
        sign_in: Vec<String>,
    },
    /// A server whose certificate is not trusted: with a certificate of one's own, or another name, it may be.
    Certificate {
        /// What is wrong with it.
        meaning: Meaning,
        /// In the library's words.
        words: String,
    },
    /// No mail server that can be used in this way.
    Nothing {
        /// Why.
        meaning: Meaning,
        /// In the server's or the library's words.
        words: String,
    },
}

impl Place {
    /// How good it is to hand in mail there; less is better. Encryption from the first byte counts before
    /// STARTTLS (RFC 8314 section 3.3), and any of both before none.
    pub fn rank(&self) -> u8 {
        let way = match self.security {
            Security::Tls => 0,
            Security::Starttls => 1,
            Security::None => 2,
        };
        match &self.found {
            Found::Server { sign_in } if !sign_in.is_empty() => way,
            Found::Server { .. } => 10 + way,
            Found::Certificate { .. } => 20 + way,
            Found::Nothing { .. } => 30,
        }
    }
}

impl Detection {
    /// The places, the best first, else in the order in which they were tried.
    pub fn of(mut places: Vec<Place>) -> Self {
        places.sort_by_key(Place::rank);
        Self { places }
    }

    /// What to fill in: the best place where a server answers, even if its certificate has to be looked at.
    pub fn best(&self) -> Option<Server> {
        let best = self.places.first()?;
        let usable = !matches!(best.found, Found::Nothing { .. });
        usable.then(|| Server {
            host: best.host.clone(),
            port: best.port,
            security: best.security,
            ca: None,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn place(port: u16, security: Security, found: Found) -> Place {
        Place {
            host: "mail.example.com".to_owned(),
            port,
            security,
            found,
        }
    }

    fn server() -> Found {
        Found::Server {
            sign_in: vec!["PLAIN".to_owned()],
        }
    }

    #[test]
    fn encryption_from_the_first_byte_is_best_and_a_closed_port_worst() {
        let nothing = Found::Nothing {
            meaning: Meaning::ConnectionRefused,
            words: String::new(),
        };
        let relay = Found::Server { sign_in: Vec::new() };
        let detection = Detection::of(vec![
            place(2525, Security::None, nothing),
            place(25, Security::None, relay),
            place(587, Security::Starttls, server()),
            place(465, Security::Tls, server()),
        ]);

        let ports: Vec<_> = detection.places.iter().map(|place| place.port).collect();
        assert_eq!(ports, [465, 587, 25, 2525]);
        assert_eq!(detection.best().unwrap().port, 465);
    }

    #[test]
    fn a_server_with_a_strange_certificate_is_offered_and_silence_is_not() {
        let certificate = Found::Certificate {
            meaning: Meaning::CertificateNotTrusted,
            words: String::new(),
        };
        let detection = Detection::of(vec![place(465, Security::Tls, certificate)]);
        assert_eq!(detection.best().unwrap().security, Security::Tls);

        let nothing = Found::Nothing {
            meaning: Meaning::TimedOut,
            words: String::new(),
        };
        let detection = Detection::of(vec![place(465, Security::Tls, nothing)]);
        assert_eq!(detection.best(), None);
        assert_eq!(Detection::default().best(), None);
    }
}
