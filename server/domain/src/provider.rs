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

impl Server {
    /// Whether a secret that was entered for another server may be sent to this one without asking for it
    /// again: it is the same host, and the connection is still encrypted if it was. Otherwise whoever changes
    /// the host could have a password sent to a server of their own.
    pub fn may_get_secret_of(&self, before: &Self) -> bool {
        let name = |server: &Self| server.host.trim().trim_end_matches('.').to_ascii_lowercase();
        let loses_encryption = self.security == Security::None && before.security != Security::None;
        name(self) == name(before) && !loses_encryption
    }
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

/// How a provider's secret looks, where all of them look alike: what is typed instead can be noticed before the
/// provider refuses it. Only a hint, since providers change it without a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretShape {
    /// So many letters, whatever hyphens stand between them.
    Letters(u8),
    /// So many letters and digits, whatever hyphens stand between them.
    LettersAndDigits(u8),
    /// It begins like this.
    Prefix(String),
}

impl SecretShape {
    /// Whether a secret looks like this; spaces do not count.
    pub fn fits(&self, secret: &str) -> bool {
        let is_part = |c: &char| !c.is_whitespace() && *c != '-';
        let all = |count: u8, belongs: fn(&char) -> bool| {
            let mut letters = secret.chars().filter(is_part);
            secret.chars().filter(is_part).count() == usize::from(count) && letters.all(|c| belongs(&c))
        };
        match self {
            Self::Letters(count) => all(*count, char::is_ascii_alphabetic),
            Self::LettersAndDigits(count) => all(*count, char::is_ascii_alphanumeric),
            Self::Prefix(prefix) => secret.trim().starts_with(prefix.as_str()),
        }
    }
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
    /// Public mail servers of the provider: a Custom account on one of them is recognised as this provider's.
    pub hosts: Vec<String>,
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
    /// The user name of all its accounts, where it is not the address.
    pub user: Option<String>,
    /// Where at the provider the credential is made.
    pub credential_page: Option<String>,
    /// How the credential looks; for a provider that signs in by OAuth, how its app passwords look.
    pub secret: Option<SecretShape>,
    /// How to get the credential, step by step, in the words of who wrote the preset. Those that come with
    /// Tocsin have theirs among the translations.
    pub steps: Vec<String>,
}

impl Provider {
    /// A preset that says nothing: what an account has whose preset was removed.
    pub fn unknown(key: ProviderKey) -> Self {
        Self {
            name: key.to_string(),
            monogram: key.as_str().chars().take(2).collect(),
            key,
            domains: Vec::new(),
            hosts: Vec::new(),
            smtp: None,
            imap: None,
            credential: Credential::Password,
            oauth: None,
            connections: 1,
            help: None,
            user: None,
            credential_page: None,
            secret: None,
            steps: Vec::new(),
        }
    }

    /// A secret as it was pasted, without what providers print between its parts: spaces are no part of a
    /// secret that a provider made.
    pub fn tidied(&self, secret: &str) -> String {
        match self.credential {
            Credential::AppPassword | Credential::AuthorizationCode | Credential::ApiKey => {
                secret.split_whitespace().collect()
            }
            Credential::Password | Credential::Oauth => secret.to_owned(),
        }
    }
}

/// The preset whose addresses have this domain, or one above it; a later preset counts before an earlier one, as
/// those that an admin adds come last.
pub fn by_domain<'a>(providers: &'a [Provider], domain: &str) -> Option<&'a Provider> {
    let mut rest = Some(domain);
    while let Some(part) = rest {
        let owns = |provider: &&Provider| provider.domains.iter().any(|own| own.eq_ignore_ascii_case(part));
        if let Some(found) = providers.iter().rev().find(owns) {
            return Some(found);
        }
        rest = part.split_once('.').map(|(_, parent)| parent);
    }
    None
}

impl Provider {
    /// Whether a mail server is one of the provider's public ones.
    pub fn is_at(&self, host: &str) -> bool {
        let host = host.trim().trim_end_matches('.');
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
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

    fn server(host: &str, port: u16, security: Security) -> Server {
        Server {
            host: host.to_owned(),
            port,
            security,
            ca: None,
        }
    }

    #[test]
    fn a_stored_secret_stays_with_its_host_and_its_encryption() {
        let before = server("mail.example.com", 465, Security::Tls);
        for same in [
            server("MAIL.example.com.", 587, Security::Starttls),
            before.clone(),
        ] {
            assert!(same.may_get_secret_of(&before), "{same:?}");
        }
        for other in [
            server("mail.example.org", 465, Security::Tls),
            server("mail.example.com", 25, Security::None),
        ] {
            assert!(!other.may_get_secret_of(&before), "{other:?}");
        }
    }

    #[test]
    fn a_secret_is_known_by_its_shape_whatever_stands_between_its_parts() {
        for (shape, secret) in [
            (SecretShape::Letters(16), "abcd efgh ijkl mnop"),
            (SecretShape::Letters(16), " abcd-efgh-ijkl-mnop\n"),
            (SecretShape::LettersAndDigits(12), "Ab3dEf6hIj9l"),
            (SecretShape::Prefix("SG.".to_owned()), "SG.x"),
        ] {
            assert!(shape.fits(secret), "{secret}");
        }
        for (shape, secret) in [
            (SecretShape::Letters(16), "abcd efgh ijkl mno"),
            (SecretShape::Letters(16), "Summer-2026!"),
            (SecretShape::Letters(2), "äö"),
            (SecretShape::Letters(4), ""),
            (SecretShape::Prefix("SG.".to_owned()), "hunter2"),
        ] {
            assert!(!shape.fits(secret), "{secret}");
        }
    }

    #[test]
    fn an_address_finds_its_preset_by_domain_and_by_a_domain_within_it() {
        let with = |key: &str, domain: &str| Provider {
            domains: vec![domain.to_owned()],
            ..Provider::unknown(ProviderKey::new(key))
        };
        let providers = [
            with("gmail", "gmail.com"),
            with("microsoft365", "onmicrosoft.com"),
            with("ours", "gmail.com"),
        ];
        let key = |domain| by_domain(&providers, domain).map(|found| found.key.as_str());

        assert_eq!(key("Gmail.com"), Some("ours"), "what an admin adds counts");
        assert_eq!(key("contoso.onmicrosoft.com"), Some("microsoft365"));
        assert_eq!(key("notgmail.com"), None);
        assert_eq!(key("example.com"), None);
    }
}
