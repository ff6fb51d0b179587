//! Providers of mailboxes: presets for the settings of an account. They are data (`providers.toml`), not code;
//! here is their shape and what follows from a name or address.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The key of a preset: `gmail`, `outlook`, `custom`, …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderKey(String);

impl ProviderKey {
    /// The key of the preset without settings of its own.
    pub const CUSTOM: &'static str = "custom";

    /// Takes a key as it stands in `providers.toml`.
    pub fn new(key: &str) -> Self {
        Self(key.to_ascii_lowercase())
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the account's settings are the admin's own.
    pub fn is_custom(&self) -> bool {
        self.0 == Self::CUSTOM
    }
}

impl fmt::Display for ProviderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (RFC 8314 section 3).
    #[default]
    Tls,
    /// Plain until STARTTLS, which must succeed (RFC 3207).
    Starttls,
    /// Plain text: whoever listens on the network reads everything.
    None,
}

impl Security {
    /// The word that travels and is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::Starttls => "starttls",
            Self::None => "none",
        }
    }
}

/// The text names no way to secure a connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown security: use tls, starttls or none")]
pub struct UnknownSecurity;

impl std::str::FromStr for Security {
    type Err = UnknownSecurity;

    fn from_str(text: &str) -> Result<Self, UnknownSecurity> {
        [Self::Tls, Self::Starttls, Self::None]
            .into_iter()
            .find(|security| security.as_str() == text)
            .ok_or(UnknownSecurity)
    }
}

/// Where a server is and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// PEM certificates of a private authority to trust beside the public ones: in a preset the path of a
    /// file, in an account the text itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
}

/// Where a provider's authorization server answers (RFC 6749 section 3, RFC 7009, RFC 8628).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuthEndpoints {
    /// Authorization endpoint, where the mailbox's owner signs in.
    pub authorize: String,
    /// Token endpoint.
    pub token: String,
    /// Revocation endpoint, where the provider has one.
    #[serde(default)]
    pub revoke: Option<String>,
    /// Device authorization endpoint, where mail scopes are allowed there.
    #[serde(default)]
    pub device: Option<String>,
}

/// Whose sign-in page it is: what the button says and how scopes and parameters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OAuthFamily {
    /// <https://developers.google.com/identity/protocols/oauth2/web-server>
    Google,
    /// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>
    Microsoft,
}

/// What an account of a provider signs in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// A grant by OAuth.
    Oauth,
    /// The mailbox's own password.
    Password,
    /// A password made for one program.
    AppPassword,
    /// What QQ, 163 and 126 call an authorization code.
    AuthorizationCode,
    /// A key or credential made in the provider's console.
    ApiKey,
}

/// A preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its key.
    pub key: ProviderKey,
    /// Its name as people know it.
    pub name: String,
    /// Two letters that stand for it where a logo would.
    pub monogram: String,
    /// The domains of its addresses.
    pub domains: Vec<String>,
    /// Where mail is handed in; none for Custom.
    pub smtp: Option<Server>,
    /// Where mail is read; none where the provider has no mailboxes.
    pub imap: Option<Server>,
    /// What it signs in with.
    pub credential: Credential,
    /// Its authorization server, for [`Credential::Oauth`].
    pub oauth: Option<OAuth>,
    /// How many connections it takes from one account at the same time.
    pub connections: u8,
    /// The provider's page on where to get the credential.
    pub help: Option<String>,
}

/// How a preset's grants are obtained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuth {
    /// Whose page.
    pub family: OAuthFamily,
    /// Where.
    pub endpoints: OAuthEndpoints,
    /// What is asked for: sending, reading, and who it is.
    pub scopes: Vec<String>,
    /// Those of `scopes` without which no mail can be sent.
    pub required: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_security_is_found_by_its_word() {
        for security in [Security::Tls, Security::Starttls, Security::None] {
            assert_eq!(security.as_str().parse(), Ok(security));
        }
        assert_eq!("ssl".parse::<Security>(), Err(UnknownSecurity));
    }
}
