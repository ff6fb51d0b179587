//! One preset as it stands in a file, where every field may be missing; laid over another one; and checked.

use serde::Deserialize;
use std::collections::HashMap;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use tocsin_domain::provider::{
    Credential, OAuth, OAuthEndpoints, OAuthFamily, Provider, ProviderKey, SecretShape, Security, Server,
};
use toml::Spanned;
use url::{Host, Url};

/// How many connections an account has at most where a preset does not say.
const CONNECTIONS: u8 = 3;

/// The most letters of a monogram that fit its mark.
const LONGEST_MONOGRAM: usize = 3;

/// The most bytes of a file with certificates: hundreds of authorities.
const LARGEST_CA: u64 = 1024 * 1024;

/// What is wrong with a file, and where.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) line: usize,
    pub(super) reason: String,
}

/// The fields of a preset that a file sets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Preset {
    /// Where the preset, or the last change to it, begins.
    #[serde(skip)]
    line: usize,
    name: Option<String>,
    monogram: Option<String>,
    domains: Option<Vec<String>>,
    hosts: Option<Vec<String>>,
    smtp: Option<ServerFields>,
    imap: Option<ServerFields>,
    credential: Option<Credential>,
    oauth: Option<OAuthFields>,
    connections: Option<u8>,
    help: Option<String>,
    user: Option<String>,
    credential_page: Option<String>,
    secret: Option<SecretShape>,
    steps: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerFields {
    host: Option<String>,
    port: Option<u16>,
    security: Option<Security>,
    ca: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OAuthFields {
    family: Option<OAuthFamily>,
    authorize: Option<String>,
    token: Option<String>,
    revoke: Option<String>,
    device: Option<String>,
    scopes: Option<Vec<String>>,
    required: Option<Vec<String>>,
}

/// Reads the presets of a file in their order.
pub(super) fn read(text: &str) -> Result<Vec<(ProviderKey, Preset)>, Wrong> {
    let line_at = |offset: usize| 1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    let sections: HashMap<String, Spanned<Preset>> = toml::from_str(text).map_err(|error| Wrong {
        line: line_at(error.span().map_or(0, |span| span.start)),
        reason: error.message().replace('\n', " "),
    })?;
    let mut sections: Vec<_> = sections.into_iter().collect();
    sections.sort_by_key(|(_, preset)| preset.span().start);
    let preset = |(key, preset): (String, Spanned<Preset>)| {
        let line = line_at(preset.span().start);
        if !is_key(&key) {
            let reason = format!("[{key}]: a key has small letters, digits and hyphens only");
            return Err(Wrong { line, reason });
        }
        let preset = Preset {
            line,
            ..preset.into_inner()
        };
        Ok((ProviderKey::new(&key), preset))
    };
    sections.into_iter().map(preset).collect()
}

fn is_key(key: &str) -> bool {
    let belongs = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=32).contains(&key.len()) && key.chars().all(belongs)
}

impl Preset {
    /// Takes each field that the other one sets.
    pub(super) fn change(&mut self, other: Self) {
        self.line = other.line;
        take(&mut self.name, other.name);
        take(&mut self.monogram, other.monogram);
        take(&mut self.domains, other.domains);
        take(&mut self.hosts, other.hosts);
        take(&mut self.credential, other.credential);
        take(&mut self.connections, other.connections);
        take(&mut self.help, other.help);
        take(&mut self.user, other.user);
        take(&mut self.credential_page, other.credential_page);
        take(&mut self.secret, other.secret);
        take(&mut self.steps, other.steps);
        change(&mut self.smtp, other.smtp, ServerFields::change);
        change(&mut self.imap, other.imap, ServerFields::change);
        change(&mut self.oauth, other.oauth, OAuthFields::change);
    }

    /// The preset, if what was set makes one. Paths in it are relative to `folder`.
    pub(super) fn build(self, key: &ProviderKey, folder: &Path) -> Result<Provider, Wrong> {
        let line = self.line;
        let wrong = |reason: String| Wrong {
            line,
            reason: format!("[{key}]: {reason}"),
        };
        let name = self.name.filter(|name| !name.trim().is_empty());
        let name = name.ok_or_else(|| wrong("a preset needs a name".into()))?;
        let server = |server: Option<ServerFields>| server.map(|server| server.build(folder)).transpose();
        let credential = self.credential.unwrap_or(Credential::Password);
        let oauth = self.oauth.map(OAuthFields::build).transpose().map_err(wrong)?;
        if (credential == Credential::Oauth) != oauth.is_some() {
            let reason = "credential = \"oauth\" and the section oauth need each other";
            return Err(wrong(reason.into()));
        }
        if self.connections == Some(0) {
            return Err(wrong("connections must be at least 1".into()));
        }
        let monogram = self
            .monogram
            .unwrap_or_else(|| name.chars().take(2).collect::<String>().to_uppercase());
        if monogram.chars().count() > LONGEST_MONOGRAM {
            return Err(wrong(format!(
                "a monogram has at most {LONGEST_MONOGRAM} letters"
            )));
        }
        let domains = self.domains.unwrap_or_default();
        if let Some(domain) = domains.iter().find(|domain| !is_name(domain)) {
            return Err(wrong(format!(
                "{domain:?} is no domain: write it like example.com"
            )));
        }
        Ok(Provider {
            key: key.clone(),
            monogram,
            name,
            domains,
            hosts: self.hosts.unwrap_or_default(),
            smtp: server(self.smtp).map_err(wrong)?,
            imap: server(self.imap).map_err(wrong)?,
            credential,
            oauth,
            connections: self.connections.unwrap_or(CONNECTIONS),
            help: page("help", self.help).map_err(wrong)?,
            user: self.user,
            credential_page: page("credential_page", self.credential_page).map_err(wrong)?,
            secret: self.secret,
            steps: self.steps.unwrap_or_default(),
        })
    }
}

impl ServerFields {
    fn change(&mut self, other: Self) {
        take(&mut self.host, other.host);
        take(&mut self.port, other.port);
        take(&mut self.security, other.security);
        take(&mut self.ca, other.ca);
    }

    fn build(self, folder: &Path) -> Result<Server, String> {
        let host = self.host.filter(|host| !host.trim().is_empty());
        let host = host.ok_or("the server's host is missing")?;
        if !is_name(&host) && host.parse::<IpAddr>().is_err() {
            return Err(format!(
                "{host:?} is no host: write the name alone, like smtp.example.com"
            ));
        }
        let port = self.port.ok_or("the server's port is missing")?;
        if port == 0 {
            return Err("a port is a number from 1 to 65535".to_owned());
        }
        let read = |path: String| {
            let path = folder.join(path);
            let mut text = String::new();
            std::fs::File::open(&path)
                .and_then(|file| file.take(LARGEST_CA).read_to_string(&mut text))
                .map(|_| text)
                .map_err(|error| format!("the certificates in {} cannot be read: {error}", path.display()))
        };
        Ok(Server {
            host,
            port,
            security: self.security.unwrap_or_default(),
            ca: self.ca.map(read).transpose()?,
        })
    }
}

impl OAuthFields {
    /// Another token endpoint means another authorization server: what the first one had beside it is not
    /// kept, or tokens of the one would be sent to the other.
    fn change(&mut self, other: Self) {
        if other.token.is_some() {
            self.revoke = None;
            self.device = None;
        }
        take(&mut self.family, other.family);
        take(&mut self.authorize, other.authorize);
        take(&mut self.token, other.token);
        take(&mut self.revoke, other.revoke);
        take(&mut self.device, other.device);
        take(&mut self.scopes, other.scopes);
        take(&mut self.required, other.required);
    }

    fn build(self) -> Result<OAuth, String> {
        let optional = |name, url: Option<String>| url.map(|url| endpoint(name, &url)).transpose();
        Ok(OAuth {
            family: self
                .family
                .ok_or("oauth.family is missing: use google or microsoft")?,
            endpoints: OAuthEndpoints {
                authorize: endpoint("authorize", &self.authorize.ok_or("oauth.authorize is missing")?)?,
                token: endpoint("token", &self.token.ok_or("oauth.token is missing")?)?,
                revoke: optional("revoke", self.revoke)?,
                device: optional("device", self.device)?,
            },
            scopes: self.scopes.ok_or("oauth.scopes is missing")?,
            required: self.required.unwrap_or_default(),
        })
    }
}

/// A name of the DNS, or one that only the own network knows.
fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// A page that people are led to.
fn page(name: &str, url: Option<String>) -> Result<Option<String>, String> {
    let Some(text) = url else { return Ok(None) };
    let url = Url::parse(&text).map_err(|error| format!("{name} is not a URL: {error}"))?;
    match url.scheme() {
        "https" | "http" => Ok(Some(url.into())),
        _ => Err(format!("{name} must begin with https://")),
    }
}

/// Tokens and secrets travel to these addresses: TLS, unless they stay on this machine (RFC 6749 section 3.2,
/// RFC 8252 section 8.3).
fn endpoint(name: &str, text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("oauth.{name} is not a URL: {error}"))?;
    let here = match url.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url.into()),
        "http" if here => Ok(url.into()),
        _ => Err(format!(
            "oauth.{name} must begin with https:// (http:// is taken for this machine only)"
        )),
    }
}

fn take<T>(field: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *field = value;
    }
}

fn change<T>(field: &mut Option<T>, value: Option<T>, merge: fn(&mut T, T)) {
    match (field, value) {
        (Some(field), Some(value)) => merge(field, value),
        (field, Some(value)) => *field = Some(value),
        (_, None) => {}
    }
}
