//! What a session signs in with.

use secrecy::{ExposeSecret, SecretString};

/// What a session signs in with. `Debug` hides the secret.
#[derive(Debug, Clone)]
pub enum Credential {
    /// PLAIN (RFC 4616) or LOGIN, whichever the server offers.
    Password {
        /// The user name, often the mailbox's address.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// XOAUTH2 (<https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>).
    Token {
        /// The mailbox's address.
        user: String,
        /// An access token that has not run out.
        access_token: SecretString,
    },
    /// No sign-in: a relay that trusts the network.
    Nothing,
}

impl Credential {
    pub(super) fn secret(&self) -> Option<&str> {
        match self {
            Self::Password { password: secret, .. }
            | Self::Token {
                access_token: secret, ..
            } => Some(secret.expose_secret()),
            Self::Nothing => None,
        }
    }
}
