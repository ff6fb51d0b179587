//! A sign-in at a provider: what it is begun with, and what it brings. How it runs is in `flow.rs`.

use super::NewGrant;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use tocsin_domain::account::IsDefault;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, LinkId};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::text::Line;
use url::Url;

/// What a sign-in is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To add the mailbox that signs in.
    Add(Draft),
    /// To authorize an account again.
    Reauthorize(AccountId),
    /// To let a Custom account sign in by this grant from now on, as one of the provider's.
    Convert(AccountId),
    /// To authorize an account again by the mailbox's owner, who has a link.
    Link(LinkId),
}

/// What the admin has set before the mailbox of a new account is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The name of the mails' `From`; may be empty.
    pub sender_name: Line,
    /// Who is asked to re-authorize; none means the mailbox itself.
    pub owner: Option<EmailAddress>,
    /// Whether it is to send for rules that have no sender.
    pub default: IsDefault,
}

/// Who begins a sign-in and must finish it: the hash of a session's secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionHash(pub(super) [u8; 32]);

impl SessionHash {
    /// The hash of a session's secret, the cookie's value.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret).into())
    }

    /// As a table keeps it.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The one that was stored; what was not is nobody's.
    pub(crate) fn stored(hash: &[u8]) -> Self {
        Self(hash.try_into().unwrap_or_default())
    }

    /// Whether it is the one that was stored.
    pub(crate) fn is(&self, stored: &[u8]) -> bool {
        self.0 == *stored
    }
}

impl fmt::Debug for SessionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionHash")
    }
}

/// A sign-in to begin.
#[derive(Debug)]
pub struct Begin<'a> {
    /// At which provider.
    pub provider: &'a ProviderKey,
    /// What for.
    pub purpose: Purpose,
    /// The address that is expected, to be offered on the sign-in page.
    pub hint: Option<&'a EmailAddress>,
    /// Who begins.
    pub session: &'a SessionHash,
    /// Where the provider sends the browser; it must be registered there.
    pub redirect_uri: Url,
}

/// With what the provider sent the browser back, beside the `state`.
#[derive(Debug)]
pub enum Returned {
    /// A code.
    Code(SecretString),
    /// An error (RFC 6749 section 4.1.2.1).
    Error {
        /// `error`.
        error: String,
        /// `error_description`; may be empty.
        description: String,
    },
}

/// What a sign-in brought.
#[derive(Debug)]
pub struct Granted {
    /// The provider.
    pub provider: ProviderKey,
    /// What the sign-in was for.
    pub purpose: Purpose,
    /// The mailbox that signed in.
    pub address: EmailAddress,
    /// What its owner gave, not stored yet.
    pub grant: NewGrant,
    /// When the sign-in was begun.
    pub begun_at: Timestamp,
}
