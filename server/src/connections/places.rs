//! The places for connections: how many there are, and for whom.

use crate::http::TrustedProxies;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most connections at once.
const MOST: usize = 512;

/// The most of other machines: web servers in front and what runs on this one have the rest for themselves.
const MOST_OF_OTHERS: usize = 384;

/// The most of one other machine.
const MOST_OF_ONE: usize = 128;

/// Whose a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Of a web server in front, or of what runs on this machine.
    Ours,
    /// Of another machine; one by IPv6 has its whole network (RFC 7421: 64 bits of an address name a machine).
    Of(IpAddr),
}

impl Whose {
    /// Of whom a connection comes, with the web servers in front.
    pub fn of(peer: IpAddr, in_front: &TrustedProxies) -> Self {
        let peer = peer.to_canonical();
        if peer.is_loopback() || in_front.contains(peer) {
            return Self::Ours;
        }
        Self::Of(match peer {
            IpAddr::V4(_) => peer,
            IpAddr::V6(peer) => {
                let [a, b, c, d, ..] = peer.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
        })
    }
}

/// The places for connections.
#[derive(Debug, Clone, Default)]
pub struct Places(Arc<Mutex<HashMap<Whose, usize>>>);

impl Places {
    fn lock(&self) -> MutexGuard<'_, HashMap<Whose, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place; none where all that there are for such a connection are taken.
    pub fn take(&self, whose: Whose) -> Option<Place> {
        let mut taken = self.lock();
        let ours = taken.get(&Whose::Ours).copied().unwrap_or_default();
        let all = taken.values().sum::<usize>();
        let of_this = taken.get(&whose).copied().unwrap_or_default();
        let is_full = whose != Whose::Ours && (of_this >= MOST_OF_ONE || all - ours >= MOST_OF_OTHERS);
        if is_full || all >= MOST {
            return None;
        }
        taken.insert(whose, of_this + 1);
        Some(Place {
            places: self.clone(),
            whose,
        })
    }
}

/// Given back when the connection ends.
#[derive(Debug)]
pub struct Place {
    places: Places,
    whose: Whose,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        if let Some(count) = taken.get_mut(&self.whose) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.whose);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn whose(peer: &str) -> Whose {
        Whose::of(peer.parse().unwrap(), &"10.0.0.0/8".parse().unwrap())
    }

    fn all_of(places: &Places, peer: &str) -> Vec<Place> {
        std::iter::from_fn(|| places.take(whose(peer))).collect()
    }

    #[test]
    fn one_machine_does_not_take_the_places_of_all() {
        let places = Places::default();
        let mut taken = all_of(&places, "192.168.1.1");
        assert_eq!(taken.len(), MOST_OF_ONE);
        assert!(places.take(whose("192.168.1.2")).is_some());
        taken.pop();
        assert!(places.take(whose("192.168.1.1")).is_some());
        drop(taken);
        assert!(places.lock().is_empty());
    }

    #[test]
    fn a_machine_with_many_addresses_is_one() {
        assert_eq!(whose("2001:db8::1"), whose("2001:db8::2"));
        assert_ne!(whose("2001:db8::1"), whose("2001:db8:0:1::1"));
        assert_eq!(whose("::ffff:192.168.1.1"), whose("192.168.1.1"));
    }

    #[test]
    fn other_machines_leave_places_for_web_servers_in_front_and_for_this_one() {
        let places = Places::default();
        let others: Vec<_> = (1..=9)
            .map(|number| all_of(&places, &format!("192.168.1.{number}")))
            .collect();
        assert_eq!(others.iter().map(Vec::len).sum::<usize>(), MOST_OF_OTHERS);
        for ours in ["127.0.0.1", "::1", "10.1.2.3"] {
            assert!(places.take(whose(ours)).is_some(), "{ours}");
        }
        drop(others);
        assert_eq!(all_of(&places, "127.0.0.1").len(), MOST);
    }
}
