//! Encryption: whom to trust, the handshake, and what its failures mean.

use super::connect::connect;
use super::fault::Fault;
use super::peer::Peer;
use super::self_signed::OrSelfSigned;
use super::socket::Socket;
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tokio_rustls::TlsConnector;

/// Encrypts the connection; the server's certificate must be valid, trusted, and for the peer's host.
pub(crate) async fn encrypt(
    socket: Box<dyn Socket>,
    peer: Peer<'_>,
    limit: Duration,
) -> Result<Box<dyn Socket>, Fault> {
    let host = peer.host();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        let words = format!("{host} is neither a host name nor an address");
        Fault::known(Stage::Tls, Meaning::NameNotFound, &words)
    })?;
    let connector = TlsConnector::from(config(peer.server.ca.as_deref()).await?);
    match tokio::time::timeout(limit, connector.connect(name, socket)).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        Ok(Err(error)) => Err(failure(&error, peer)),
        Err(_) => {
            let words = format!("timed out: the TLS handshake was not over within {limit:?}");
            Err(Fault::known(Stage::Tls, Meaning::TimedOut, &words))
        }
    }
}

/// Whether a port speaks TLS from the first byte. A certificate that is not trusted is an answer too.
pub(crate) async fn answers_to_tls(peer: Peer<'_>, connecting: Duration, handshake: Duration) -> bool {
    let Ok(socket) = connect(peer, connecting).await else {
        return false;
    };
    match encrypt(Box::new(socket), peer, handshake).await {
        Ok(_) => true,
        Err(fault) => matches!(
            fault.verdict.meaning,
            Meaning::CertificateNotTrusted
                | Meaning::CertificateExpired
                | Meaning::CertificateNameMismatch
                | Meaning::CertificateRefused
        ),
    }
}

fn failure(error: &io::Error, peer: Peer<'_>) -> Fault {
    let meaning = meaning(error);
    let hint = match meaning {
        Some(Meaning::EncryptionMismatch) => "; TLS may begin by STARTTLS here, or not be spoken at all",
        _ => "",
    };
    let words = format!("the TLS handshake failed: {error}{hint}");
    match meaning {
        Some(meaning) => Fault::known(Stage::Tls, meaning, &words),
        None => Fault::said(Stage::Tls, &words, peer.provider),
    }
}

/// What rustls says, by its types rather than its words.
fn meaning(error: &io::Error) -> Option<Meaning> {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return Some(Meaning::ConnectionLost);
    }
    match error.get_ref()?.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(error) => Some(match error {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Meaning::CertificateExpired,
            CertificateError::UnknownIssuer => Meaning::CertificateNotTrusted,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Meaning::CertificateNameMismatch
            }
            _ => Meaning::CertificateRefused,
        }),
        rustls::Error::InvalidMessage(_)
        | rustls::Error::InappropriateMessage { .. }
        | rustls::Error::InappropriateHandshakeMessage { .. }
        | rustls::Error::PeerIncompatible(_)
        | rustls::Error::PeerMisbehaved(_)
        | rustls::Error::AlertReceived(_) => Some(Meaning::EncryptionMismatch),
        _ => None,
    }
}

async fn config(ca: Option<&str>) -> Result<Arc<ClientConfig>, Fault> {
    // One for all connections to public servers, so that TLS sessions are resumed.
    static PUBLIC: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(ca) = ca.filter(|ca| !ca.trim().is_empty()) {
        return trusting(public_roots().await.as_ref().clone(), ca).map(Arc::new);
    }
    if let Some(config) = PUBLIC.get() {
        return Ok(Arc::clone(config));
    }
    let config = builder()?.with_root_certificates(public_roots().await);
    let config = Arc::new(config.with_no_client_auth());
    Ok(Arc::clone(PUBLIC.get_or_init(|| config)))
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, Fault> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::known(Stage::Tls, Meaning::EncryptionMismatch, &error.to_string()))
}

fn provider() -> Arc<CryptoProvider> {
    static RING: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(RING.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider())))
}

/// The authorities that this machine trusts; where it has no list, those that Mozilla's browser does.
async fn public_roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    if let Some(roots) = ROOTS.get() {
        return Arc::clone(roots);
    }
    let read = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots
    };
    let mut roots = tokio::task::spawn_blocking(read)
        .await
        .unwrap_or_else(|_| RootCertStore::empty());
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    Arc::clone(ROOTS.get_or_init(|| Arc::new(roots)))
}

/// A configuration that trusts some certificates beside the public authorities.
fn trusting(mut roots: RootCertStore, pem: &str) -> Result<ClientConfig, Fault> {
    let unusable = |why: &str| {
        let words = format!("the certificate authority set for this account cannot be used: {why}");
        Fault::known(Stage::Tls, Meaning::CertificateNotTrusted, &words)
    };
    let trusted = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(&error.to_string()))?;
    if trusted.is_empty() {
        return Err(unusable("it holds no certificate in PEM form"));
    }
    for certificate in &trusted {
        roots
            .add(certificate.clone())
            .map_err(|error| unusable(&error.to_string()))?;
    }
    let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|error| unusable(&error.to_string()))?;
    // "Dangerous" is any check but the usual one; this one asks the usual one first.
    let config = builder()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(OrSelfSigned { usual, trusted }));
    Ok(config.with_no_client_auth())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_authority_that_is_no_certificate_is_named_as_the_fault() {
        for pem in [
            "not a certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let error = trusting(RootCertStore::empty(), pem).unwrap_err();
            assert!(
                error.words.starts_with("the certificate authority set"),
                "{error}"
            );
            assert_eq!(error.verdict.meaning, Meaning::CertificateNotTrusted);
        }
    }

    #[tokio::test]
    async fn some_public_authorities_are_always_trusted() {
        assert!(!public_roots().await.is_empty());
    }
}
