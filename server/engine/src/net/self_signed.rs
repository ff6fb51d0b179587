//! Trust in certificates that vouch for themselves.
//!
//! `openssl req -x509`, and many a device, make a server's certificate that is its own authority. The usual
//! check refuses such a one even when it is listed as trusted, since an authority must not be a server
//! (RFC 5280 section 4.2.1.9). Here it passes if it is exactly the one that the account's settings hold.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;

/// The usual check, and beside it trust in some certificates themselves.
#[derive(Debug)]
pub(super) struct OrSelfSigned {
    pub(super) usual: Arc<WebPkiServerVerifier>,
    pub(super) trusted: Vec<CertificateDer<'static>>,
}

impl ServerCertVerifier for OrSelfSigned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.usual
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .or_else(|error| {
                if !is_authority(&error) || !self.trusted.contains(end_entity) {
                    return Err(error);
                }
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}

/// That the certificate is an authority's is found out after that its dates are good (rustls-webpki 0.103,
/// `check_issuer_independent_properties`), so an expired one has another error.
fn is_authority(error: &Error) -> bool {
    let Error::InvalidCertificate(CertificateError::Other(other)) = error else {
        return false;
    };
    other.0.to_string() == "CaUsedAsEndEntity"
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
    use rustls::RootCertStore;

    fn self_signed(change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
        let mut params = CertificateParams::new(["mail.nas.test".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        certificate.der().clone()
    }

    fn check(trusted: &CertificateDer<'static>, shown: &CertificateDer<'_>, name: &str) -> Result<(), Error> {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .unwrap();
        let trusted = vec![trusted.clone()];
        let name = ServerName::try_from(name).unwrap();
        OrSelfSigned { usual, trusted }
            .verify_server_cert(shown, &[], &name, &[], UnixTime::now())
            .map(|_| ())
    }

    #[test]
    fn a_listed_certificate_passes_for_its_own_name_only() {
        let certificate = self_signed(|_| {});

        assert_eq!(check(&certificate, &certificate, "mail.nas.test"), Ok(()));
        assert!(matches!(
            check(&certificate, &certificate, "mail.other.test"),
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForNameContext { .. }
            ))
        ));
    }

    #[test]
    fn a_look_alike_that_is_not_listed_does_not_pass() {
        let listed = self_signed(|_| {});
        let look_alike = self_signed(|_| {});

        assert!(check(&listed, &look_alike, "mail.nas.test").is_err());
    }

    #[test]
    fn a_listed_certificate_that_has_expired_does_not_pass() {
        let expired = self_signed(|params| params.not_after = date_time_ymd(2002, 1, 1));

        assert!(matches!(
            check(&expired, &expired, "mail.nas.test"),
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext { .. }))
        ));
    }
}
