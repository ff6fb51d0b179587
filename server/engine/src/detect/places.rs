//! Where to look: hosts that follow from what was typed, and the ports of mail submission.

use super::{Clues, DetectError, ways};
use crate::accounts::is_host;
use crate::providers::Providers;
use tocsin_domain::provider::Security;

/// TLS from the first byte, submission, relay, and what providers open where 25 is closed.
const PORTS: [u16; 4] = [465, 587, 25, 2525];

/// Host, port and way of each place to look at.
pub(super) fn likely(
    clues: &Clues,
    providers: &Providers,
) -> Result<Vec<(String, u16, Security)>, DetectError> {
    let mut hosts = Vec::new();
    match &clues.host {
        Some(host) if !is_host(host) => return Err(DetectError::Host),
        Some(host) => hosts.push(host.clone()),
        None => {
            let address = clues.address.as_ref().ok_or(DetectError::NoClue)?;
            let domain = address.domain();
            match providers
                .by_domain(&domain)
                .and_then(|preset| preset.smtp.as_ref())
            {
                // What the provider itself says needs no guess beside it.
                Some(known) => hosts.push(known.host.clone()),
                None => hosts.extend(["smtp.", "mail.", ""].map(|name| format!("{name}{domain}"))),
            }
        }
    }
    let typed = clues.port.filter(|port| !PORTS.contains(port));
    let places = hosts.iter().flat_map(|host| {
        // A port that somebody typed belongs to the host that they typed.
        let typed = typed.filter(|_| clues.host.is_some());
        let ports = typed.into_iter().chain(PORTS);
        ports.flat_map(move |port| ways(port).iter().map(move |way| (host.clone(), port, *way)))
    });
    Ok(places.collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn providers() -> Providers {
        Providers::load(tempfile::tempdir().unwrap().path()).unwrap()
    }

    fn hosts(clues: &Clues) -> Vec<String> {
        let mut hosts: Vec<_> = likely(clues, &providers())
            .unwrap()
            .into_iter()
            .map(|(host, ..)| host)
            .collect();
        hosts.dedup();
        hosts
    }

    fn of_address(address: &str) -> Clues {
        Clues {
            address: Some(address.parse().unwrap()),
            ..Clues::default()
        }
    }

    #[test]
    fn the_hosts_follow_from_the_address_unless_a_host_was_typed() {
        assert_eq!(
            hosts(&of_address("nas@example.com")),
            ["smtp.example.com", "mail.example.com", "example.com"]
        );
        let typed = Clues {
            host: Some("relay.lan".to_owned()),
            ..of_address("nas@example.com")
        };
        assert_eq!(hosts(&typed), ["relay.lan"]);
    }

    #[test]
    fn a_known_domain_leads_to_its_providers_host() {
        assert_eq!(hosts(&of_address("nas@gmx.at")), ["mail.gmx.net"]);
    }

    #[test]
    fn only_ports_of_mail_and_the_typed_one_are_tried() {
        let clues = Clues {
            host: Some("relay.lan".to_owned()),
            port: Some(8025),
            ..Clues::default()
        };
        let ports: Vec<_> = likely(&clues, &providers())
            .unwrap()
            .into_iter()
            .map(|(_, port, _)| port)
            .collect();
        assert_eq!(ports, [8025, 8025, 465, 587, 25, 2525]);

        let guessed = Clues {
            port: Some(22),
            ..of_address("nas@example.com")
        };
        let places = likely(&guessed, &providers()).unwrap();
        assert!(places.iter().all(|(_, port, _)| PORTS.contains(port)));
    }

    #[test]
    fn what_is_no_host_is_not_tried() {
        for host in ["https://a.b", "a b", "a.b:25"] {
            let clues = Clues {
                host: Some(host.to_owned()),
                ..Clues::default()
            };
            assert_eq!(likely(&clues, &providers()), Err(DetectError::Host), "{host}");
        }
        assert_eq!(likely(&Clues::default(), &providers()), Err(DetectError::NoClue));
    }
}
