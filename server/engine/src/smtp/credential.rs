//! What a session signs in with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
    fn secret(&self) -> Option<&str> {
        match self {
            Self::Password { password: secret, .. }
            | Self::Token {
                access_token: secret, ..
            } => Some(secret.expose_secret()),
            Self::Nothing => None,
        }
    }

    /// Replaces the secret in a server's words, in clear or as it was sent, whole or in pieces.
    pub(crate) fn hide(&self, words: &str) -> String {
        let Some(secret) = self.secret().filter(|secret| !secret.is_empty()) else {
            return words.to_owned();
        };
        let sent = match self {
            Self::Password { user, .. } => {
                [format!("\0{user}\0{secret}"), secret.to_owned()].map(|text| STANDARD.encode(text))
            }
            Self::Token { user, .. } => [
                format!("user={user}\x01auth=Bearer {secret}\x01\x01"),
                secret.to_owned(),
            ]
            .map(|text| STANDARD.encode(text)),
            Self::Nothing => Default::default(),
        };
        let is_piece = |word: &str| {
            word.len() >= 8 && (secret.contains(word) || sent.iter().any(|line| line.contains(word)))
        };
        let mut hidden = words.replace(secret, "[hidden]");
        for word in words.split(|c: char| c.is_whitespace() || "<>()[]{}\"',:;".contains(c)) {
            if is_piece(word) {
                hidden = hidden.replace(word, "[hidden]");
            }
        }
        hidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_the_server_repeats_is_hidden_whole_and_in_pieces() {
        let password = Credential::Password {
            user: "nas@example.com".to_owned(),
            password: "hunter2-canary".into(),
        };
        let sent = STANDARD.encode("\0nas@example.com\0hunter2-canary");
        let piece = &sent[..24];

        for words in [
            format!("500 unrecognized: AUTH PLAIN {sent}"),
            format!("line too long <{piece}>"),
            "bad password hunter2-canary".to_owned(),
        ] {
            let hidden = password.hide(&words);
            assert!(hidden.contains("[hidden]"), "{hidden}");
            assert!(!hidden.contains("canary") && !hidden.contains(piece), "{hidden}");
        }
        assert_eq!(password.hide("5.7.8 no"), "5.7.8 no");
    }
}
