//! Whom to connect to.

use tocsin_domain::provider::{ProviderKey, Server};

/// A mail server of an account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer<'a> {
    /// Host, port, security and, in `ca`, the PEM text of authorities to trust beside the public ones.
    pub(crate) server: &'a Server,
    /// The account's preset: some providers mean other things by the same words.
    pub(crate) provider: &'a ProviderKey,
}

impl<'a> Peer<'a> {
    /// The host without the brackets that an IPv6 address may be written in.
    pub(crate) fn host(self) -> &'a str {
        let host = self.server.host.trim();
        host.strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host)
    }
}
