//! Which web servers in front are believed.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Machines and networks, by address. By default this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A text that names no machine or network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is neither an address nor a network: write them as 127.0.0.1,172.16.0.0/12, or none for nobody"
)]
pub struct TrustedProxiesError(String);

impl TrustedProxies {
    /// Whether a machine is believed.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl Default for TrustedProxies {
    fn default() -> Self {
        let this_machine = [
            IpNet::new_assert(Ipv4Addr::LOCALHOST.into(), 8),
            IpNet::new_assert(Ipv6Addr::LOCALHOST.into(), 128),
        ];
        Self(this_machine.into())
    }
}

impl FromStr for TrustedProxies {
    type Err = TrustedProxiesError;

    fn from_str(text: &str) -> Result<Self, TrustedProxiesError> {
        if text.trim() == "none" {
            return Ok(Self(Vec::new()));
        }
        let network = |entry: &str| {
            let address = || entry.parse::<IpAddr>().map(IpNet::from);
            entry
                .parse()
                .or_else(|_| address())
                .map_err(|_| TrustedProxiesError(entry.to_owned()))
        };
        let networks = text.split(',').map(str::trim).map(network);
        Ok(Self(networks.collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn machines_and_networks_are_told_apart_from_the_rest() {
        let trusted: TrustedProxies = "10.0.0.2, 172.16.0.0/12,fd00::/8".parse().unwrap();
        for (address, is_trusted) in [
            ("10.0.0.2", true),
            ("10.0.0.3", false),
            ("172.17.0.1", true),
            ("::ffff:172.17.0.1", true),
            ("fd12::1", true),
            ("127.0.0.1", false),
        ] {
            assert_eq!(
                trusted.contains(address.parse().unwrap()),
                is_trusted,
                "{address}"
            );
        }
    }

    #[test]
    fn by_default_it_is_this_machine_and_none_is_nobody() {
        for (address, is_trusted) in [("127.0.0.1", true), ("::1", true), ("192.168.1.1", false)] {
            let address = address.parse().unwrap();
            assert_eq!(TrustedProxies::default().contains(address), is_trusted);
            assert!(!"none".parse::<TrustedProxies>().unwrap().contains(address));
        }
    }

    #[test]
    fn what_is_neither_is_named() {
        for text in ["", "nas", "10.0.0.0/33", "10.0.0.1,", "10.0.0.1 10.0.0.2"] {
            assert!(text.parse::<TrustedProxies>().is_err(), "{text:?}");
        }
    }
}
