//! The words of web servers in front, the nearest one's first.
//!
//! A web server that writes one kind of header passes the other kind on as the client wrote it. So where there is any
//! `X-Forwarded-…`, which most write, `Forwarded` is not looked at.

use super::TrustedProxies;
use axum::http::HeaderMap;
use axum::http::header::FORWARDED;
use std::net::{IpAddr, SocketAddr};

const FOR: &str = "x-forwarded-for";
const PROTO: &str = "x-forwarded-proto";
const HOST: &str = "x-forwarded-host";
const PORT: &str = "x-forwarded-port";

/// The headers that nobody defined and most write.
pub const NAMES: [&str; 4] = [FOR, PROTO, HOST, PORT];

/// The words; each list begins with those of the nearest web server.
#[derive(Debug, Default)]
pub struct Said {
    /// Whom each asked for; none for what is no address.
    clients: Vec<Option<IpAddr>>,
    schemes: Vec<String>,
    hosts: Vec<String>,
    port: Option<u16>,
}

impl Said {
    /// Reads the headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        if NAMES.iter().any(|name| headers.contains_key(*name)) {
            let fallback = headers.get(axum::http::header::HOST);
            let mut hosts = list(headers, HOST);
            if hosts.is_empty() {
                hosts.extend(
                    fallback
                        .and_then(|host| host.to_str().ok())
                        .map(ToOwned::to_owned),
                );
            }
            return Self {
                clients: list(headers, FOR).iter().map(|entry| address(entry)).collect(),
                schemes: list(headers, PROTO),
                hosts,
                port: list(headers, PORT).first().and_then(|port| port.parse().ok()),
            };
        }
        Self::of_rfc_7239(headers)
    }

    fn of_rfc_7239(headers: &HeaderMap) -> Self {
        let mut said = Self::default();
        for entry in list(headers, FORWARDED.as_str()) {
            // The parser expects no space between the parts; RFC 7239 section 4 has none, some web servers do.
            let entry = entry.replace("; ", ";");
            let Some(Ok(step)) = rfc7239::parse(&entry).next() else {
                break;
            };
            said.clients
                .push(step.forwarded_for.and_then(|node| node.ip().copied()));
            let text = |value: Option<&str>| value.unwrap_or_default().trim_matches('"').to_owned();
            said.schemes.push(text(step.protocol));
            said.hosts.push(text(step.host));
        }
        said
    }

    /// The machine that asks, and at which step from the nearest web server that is said.
    pub fn client(&self, peer: IpAddr, trusted: &TrustedProxies) -> (IpAddr, usize) {
        let mut client = peer;
        for (step, named) in self.clients.iter().enumerate() {
            let Some(named) = named else {
                return (client, step);
            };
            client = *named;
            if !trusted.contains(client) {
                return (client, step);
            }
        }
        (client, self.clients.len().saturating_sub(1))
    }

    /// How the client asked.
    pub fn scheme(&self, step: usize) -> Option<&str> {
        at(&self.schemes, step)
    }

    /// For which host the client asked, with the port if it is said.
    pub fn host(&self, step: usize) -> Option<String> {
        let host = at(&self.hosts, step)?;
        let has_port = host
            .rsplit_once(':')
            .is_some_and(|(_, port)| !port.ends_with(']') && !port.is_empty());
        match self.port {
            // The usual ones are left out of an address; a web server that ends TLS may name its inner one.
            Some(port) if !has_port && !matches!(port, 80 | 443) => Some(format!("{host}:{port}")),
            _ => Some(host.to_owned()),
        }
    }
}

/// The value of a step; a web server that names fewer than there are steps has replaced those before its own.
fn at(values: &[String], step: usize) -> Option<&str> {
    let value = values.get(step.min(values.len().checked_sub(1)?))?;
    (!value.is_empty()).then_some(value.as_str())
}

/// The entries of a header, the last one first.
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let mut entries: Vec<String> = headers
        .get_all(name)
        .iter()
        // What is no text counts as an entry that says nothing, so that it cannot shift the others.
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(|entry| entry.trim().to_owned())
        .collect();
    entries.reverse();
    entries
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(with_port)?;
    Some(IpAddr::to_canonical(&address))
}
