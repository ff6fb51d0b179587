//! What an account's settings must be, before any server is asked.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::fmt;
use tocsin_domain::account::{AccountSettings, SignIn};
use tocsin_domain::provider::Server;

/// Which of an account's two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The one that mail is handed to.
    Sending,
    /// The one that mail is read from.
    Receiving,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sending => "sending settings",
            Self::Receiving => "receiving settings",
        })
    }
}

/// What is wrong with an account's settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// No host.
    #[error("{0}: enter the mail server's name, such as smtp.example.com")]
    HostMissing(Direction),
    /// More or other than a host: `https://…`, `name:port`, two words.
    #[error(
        "{0}: enter the mail server's name alone, such as smtp.example.com, without https://, port or spaces"
    )]
    Host(Direction),
    /// Port zero.
    #[error("{0}: enter a port from 1 to 65535; mail servers usually take mail on 465 or 587")]
    Port(Direction),
    /// The certificates of an own authority cannot be read.
    #[error(
        "{0}: the certificate cannot be read. Paste it as PEM text, with its lines BEGIN CERTIFICATE and END \
         CERTIFICATE"
    )]
    Certificate(Direction),
    /// Mail is read with a sign-in only.
    #[error(
        "a mailbox is opened only after a sign-in, and this account sends without one: enter a user name and a \
         password in its sending settings first, or leave receiving off"
    )]
    ReceivingNeedsPassword,
    /// Receiving signs in with the password that sending does.
    #[error(
        "this is not the password that the account sends with, and receiving uses the same one: enter that, or \
         change it under Re-authorization first; nothing was changed"
    )]
    OtherPassword,
    /// An access token goes to the provider it comes from.
    #[error(
        "this account is authorized at its provider, and its mail is read there: another mail server cannot be set; \
         nothing was changed"
    )]
    ReceivingElsewhere,
    /// No user name, or one with a line break.
    #[error("enter the user name that the mail server expects, often the address, as one line")]
    User,
}

/// Checks what types alone do not.
pub(super) fn check(settings: &AccountSettings) -> Result<(), InvalidSettings> {
    check_server(&settings.smtp, Direction::Sending)?;
    if let Some(imap) = &settings.imap {
        check_server(imap, Direction::Receiving)?;
    }
    match &settings.sign_in {
        SignIn::Password { user } if user.trim().is_empty() || user.chars().any(char::is_control) => {
            Err(InvalidSettings::User)
        }
        _ => Ok(()),
    }
}

/// Checks where mail is to be read.
pub(crate) fn check_receiving(server: &Server) -> Result<(), InvalidSettings> {
    check_server(server, Direction::Receiving)
}

fn check_server(server: &Server, direction: Direction) -> Result<(), InvalidSettings> {
    let host = server.host.as_str();
    if host.is_empty() {
        return Err(InvalidSettings::HostMissing(direction));
    }
    if !is_host(host) {
        return Err(InvalidSettings::Host(direction));
    }
    if server.port == 0 {
        return Err(InvalidSettings::Port(direction));
    }
    match &server.ca {
        Some(pem) if !is_certificate(pem) => Err(InvalidSettings::Certificate(direction)),
        _ => Ok(()),
    }
}

/// A name, an IPv4 address, or an IPv6 address with or without brackets.
pub(crate) fn is_host(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    let is_address = bare.parse::<std::net::IpAddr>().is_ok();
    let is_name = host.len() <= 253
        && host.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        });
    is_address || is_name
}

/// Whether a text holds certificates in PEM, and nothing that only looks like one.
pub(crate) fn is_certificate(pem: &str) -> bool {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    certificates.is_ok_and(|certificates| {
        !certificates.is_empty()
            && certificates
                .iter()
                .all(|certificate| rustls::server::ParsedCertificate::try_from(certificate).is_ok())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tocsin_domain::provider::Security;

    fn server(host: &str, port: u16, ca: Option<&str>) -> Result<(), InvalidSettings> {
        let server = Server {
            host: host.to_owned(),
            port,
            security: Security::Tls,
            ca: ca.map(str::to_owned),
        };
        check_server(&server, Direction::Sending)
    }

    #[test]
    fn names_and_addresses_are_hosts() {
        for host in [
            "smtp.example.com",
            "nas",
            "mail_1.lan",
            "192.0.2.7",
            "2001:db8::7",
            "[2001:db8::7]",
            "mäil.de",
        ] {
            assert_eq!(server(host, 465, None), Ok(()), "{host}");
        }
    }

    #[test]
    fn a_url_a_port_or_a_space_is_no_part_of_a_host() {
        assert_eq!(
            server("", 465, None),
            Err(InvalidSettings::HostMissing(Direction::Sending))
        );
        for host in [
            "https://smtp.example.com",
            "smtp.example.com:465",
            "smtp example",
            "a..b",
            "a\r\nb",
            " a",
        ] {
            assert_eq!(
                server(host, 465, None),
                Err(InvalidSettings::Host(Direction::Sending)),
                "{host:?}"
            );
        }
    }

    #[test]
    fn port_zero_is_no_port() {
        assert_eq!(
            server("a.org", 0, None),
            Err(InvalidSettings::Port(Direction::Sending))
        );
    }

    #[test]
    fn a_certificate_must_be_one() {
        let pem = rcgen::generate_simple_self_signed(vec!["nas".to_owned()])
            .unwrap()
            .cert
            .pem();
        assert_eq!(server("a.org", 465, Some(&pem)), Ok(()));
        let rubbish = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for text in ["", "/etc/ssl/ca.pem", rubbish] {
            assert_eq!(
                server("a.org", 465, Some(text)),
                Err(InvalidSettings::Certificate(Direction::Sending)),
                "{text:?}"
            );
        }
    }
}
