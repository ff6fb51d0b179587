//! A certificate authority for one test, and the certificates that it signs.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::fmt;
use std::sync::Arc;

/// Which certificate a server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Identity {
    /// Valid, for `localhost` and 127.0.0.1.
    #[default]
    Good,
    /// As good, but ran out long ago.
    Expired,
    /// Valid, but for another host.
    ForeignName,
    /// The authority's own, as `openssl req -x509` makes it for a single server.
    SelfSigned,
}

pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::new(names(Identity::SelfSigned)).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    pub(super) fn pem(&self) -> String {
        self.issuer.pem()
    }

    pub(super) fn server(&self, identity: Identity) -> Arc<ServerConfig> {
        let (certificate, key) = match identity {
            Identity::SelfSigned => (self.issuer.der().clone(), self.issuer.key().serialize_der()),
            _ => self.sign(identity),
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Arc::new(config)
    }

    fn sign(&self, identity: Identity) -> (CertificateDer<'static>, Vec<u8>) {
        let mut params = CertificateParams::new(names(identity)).unwrap();
        if identity == Identity::Expired {
            params.not_before = date_time_ymd(2001, 1, 1);
            params.not_after = date_time_ymd(2002, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.der().clone(), key.serialize_der())
    }
}

fn names(identity: Identity) -> Vec<String> {
    let names: &[&str] = match identity {
        Identity::ForeignName => &["mail.elsewhere.test"],
        Identity::Good | Identity::Expired | Identity::SelfSigned => &["localhost", "127.0.0.1"],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}
