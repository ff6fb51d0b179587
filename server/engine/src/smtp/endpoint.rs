//! Where a mail server is, how it is greeted and how long it is waited for.

use crate::net::Peer;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;
use tocsin_domain::provider::{ProviderKey, Server};

/// A mail server as an account names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Host, port, security and, in `ca`, the PEM text of authorities to trust beside the public ones.
    pub server: Server,
    /// The account's preset: some providers mean other things by the same words.
    pub provider: ProviderKey,
    /// The name to introduce this machine by.
    pub hello: HelloName,
}

impl Endpoint {
    /// Whom to connect to.
    pub(super) fn peer(&self) -> Peer<'_> {
        Peer {
            server: &self.server,
            provider: &self.provider,
        }
    }
}

/// The argument of EHLO: a host name, or an address in brackets (RFC 5321 section 4.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelloName(String);

/// The text cannot stand behind EHLO.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name for EHLO must be a host name such as nas.example.com or an address such as [192.0.2.1]")]
pub struct InvalidHelloName;

impl HelloName {
    /// The name as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for HelloName {
    /// What a machine says that knows no name of its own.
    fn default() -> Self {
        Self("[127.0.0.1]".to_owned())
    }
}

impl From<IpAddr> for HelloName {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(address) => format!("[{address}]"),
            IpAddr::V6(address) => format!("[IPv6:{address}]"),
        })
    }
}

impl FromStr for HelloName {
    type Err = InvalidHelloName;

    fn from_str(text: &str) -> Result<Self, InvalidHelloName> {
        let text = text.trim();
        if let Some(literal) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let address = literal.strip_prefix("IPv6:").unwrap_or(literal);
            return address
                .parse::<IpAddr>()
                .map(Self::from)
                .map_err(|_| InvalidHelloName);
        }
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if text.len() <= 253 && text.split('.').all(label) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidHelloName)
        }
    }
}

impl fmt::Display for HelloName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long each step may take. Shorter than RFC 5321 section 4.5.3.2 allows, since another sender of the
/// list may be waiting to take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Looking the name up and opening the connection.
    pub connect: Duration,
    /// The greeting, the TLS handshake, and each command until its reply is complete.
    pub command: Duration,
    /// The mail's bytes, and what the server says after the last of them.
    pub data_end: Duration,
}

impl Timeouts {
    /// Shorter than usual: somebody sits before the page, and can try again.
    pub const fn while_somebody_waits() -> Self {
        Self {
            connect: Duration::from_secs(8),
            command: Duration::from_secs(12),
            data_end: Duration::from_secs(30),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            command: Duration::from_mins(1),
            data_end: Duration::from_mins(2),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_host_name_or_an_address_literal_introduces_this_machine() {
        for name in ["nas", "nas.example.com", "[127.0.0.1]", "[IPv6:::1]"] {
            assert_eq!(name.parse::<HelloName>().unwrap().as_str(), name);
        }
        assert_eq!(HelloName::default().as_str(), "[127.0.0.1]");
    }

    #[test]
    fn what_could_break_out_of_the_command_is_no_name() {
        for name in ["", "nas example", "nas\r\nMAIL", "-nas", "nas_1", "[nas]", "a..b"] {
            assert_eq!(name.parse::<HelloName>(), Err(InvalidHelloName), "{name:?}");
        }
    }
}
