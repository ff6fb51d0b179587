//! Who has to wait after tokens that are none. Nobody guesses 256 bits; this keeps whoever tries from asking the
//! database at full speed. Each network is counted for itself; and while tokens that are none come from
//! everywhere at once, a network's first one is its last for a while. A network that never sent one is served at
//! all times, so that a flood keeps no owner away.

use crate::throttle::{Key, Throttle};
use jiff::{SignedDuration, Timestamp};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// So many wrong tokens in a [`WINDOW`], from anywhere, are a flood.
const FLOOD: u32 = 300;

const WINDOW: SignedDuration = SignedDuration::from_mins(1);

/// The counts, in memory.
#[derive(Debug, Default)]
pub(super) struct Guesses {
    origins: Throttle,
    all: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    since: Timestamp,
    count: u32,
}

impl Guesses {
    /// Counts a token that is about to be looked up as wrong, or says how many seconds to wait.
    pub(super) fn begin(&self, origin: &str, now: Timestamp) -> Result<(), u64> {
        let key = Key::Origin(network(origin));
        if let Some(seconds) = self.flooded_for(now)
            && self.origins.counts(&key, now)
        {
            return Err(seconds);
        }
        self.origins.begin(&[key], now)
    }

    /// It was a link's.
    pub(super) fn right(&self, origin: &str) {
        self.origins.clear(&[Key::Origin(network(origin))]);
    }

    /// It was none.
    pub(super) fn wrong(&self, now: Timestamp) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(all.since) >= WINDOW {
            *all = Window { since: now, count: 0 };
        }
        all.count = all.count.saturating_add(1);
    }

    fn flooded_for(&self, now: Timestamp) -> Option<u64> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let left = WINDOW - now.duration_since(all.since);
        (all.count >= FLOOD && left.is_positive()).then(|| left.as_secs().unsigned_abs() + 1)
    }
}

/// A household or server has a whole /64 of IPv6 to itself (RFC 6177 section 2).
fn network(origin: &str) -> String {
    match origin.parse() {
        Ok(IpAddr::V6(address)) => {
            let prefix = u128::from(address) >> 64 << 64;
            Ipv6Addr::from(prefix).to_string()
        }
        _ => origin.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn after_five_wrong_tokens_an_origin_waits_and_others_do_not() {
        let guesses = Guesses::default();
        for _ in 0..5 {
            guesses.begin("192.0.2.1", NOW).unwrap();
            guesses.wrong(NOW);
        }
        assert_eq!(guesses.begin("192.0.2.1", NOW), Err(10));
        assert_eq!(guesses.begin("192.0.2.2", NOW), Ok(()));
    }

    #[test]
    fn who_opens_right_links_never_waits() {
        let guesses = Guesses::default();
        for _ in 0..100 {
            guesses.begin("192.0.2.1", NOW).unwrap();
            guesses.right("192.0.2.1");
        }
    }

    #[test]
    fn another_address_of_the_same_ipv6_network_is_the_same_origin() {
        let guesses = Guesses::default();
        for number in 0..5 {
            guesses.begin(&format!("2001:db8::{number}"), NOW).unwrap();
        }
        assert!(guesses.begin("2001:db8::ffff", NOW).is_err());
        assert_eq!(guesses.begin("2001:db8:0:1::1", NOW), Ok(()));
    }

    #[test]
    fn in_a_flood_from_everywhere_one_wrong_token_is_enough_but_owners_are_served() {
        let guesses = Guesses::default();
        for number in 0..FLOOD {
            let origin = format!("10.0.{}.{}", number / 256, number % 256);
            guesses.begin(&origin, NOW).unwrap();
            guesses.wrong(NOW);
        }
        assert!(guesses.begin("10.0.0.1", NOW).is_err());
        assert_eq!(guesses.begin("192.0.2.7", NOW), Ok(()));
        let later = NOW + WINDOW;
        assert_eq!(guesses.begin("10.0.0.1", later), Ok(()));
    }
}
