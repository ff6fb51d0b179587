//! Who has to wait after too many wrong guesses: counted for each name, account and network address, in memory.
//! A try counts when it begins, so that a hundred at once are no way around; one that succeeds is taken off
//! again. A try that is told to wait does not count, so that waiting ends.

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use tocsin_domain::id::AccountId;

/// After this many wrong tries the waiting begins.
const FREE: u32 = 5;

/// The first wait; each further wrong try doubles it.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(10);

/// The longest wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// So long after the last wrong try, and the wait that it brought, all is forgotten.
const FORGET_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// The most entries; beyond, the oldest go first, so that memory stays bounded.
const ENTRIES: usize = 10_000;

/// Who guesses, or what is guessed at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// The name to sign in with.
    Name(String),
    /// The name of a user of the NAS. It is no local administrator's, even if it reads the same.
    NasUser(String),
    /// The service account whose password is tried.
    Account(AccountId),
    /// The network address that the tries come from.
    Origin(String),
}

impl Key {
    /// What is guessed at, and who guesses, if that is known.
    pub(crate) fn with_origin(at: Self, origin: &str) -> Vec<Self> {
        std::iter::once(at).chain(Self::origin(origin)).collect()
    }

    /// Who guesses, if that is known. From this machine itself asks also a web server in front that does not say for
    /// whom: all would wait for what one of them has guessed.
    pub(crate) fn origin(origin: &str) -> Option<Self> {
        let address: IpAddr = origin.parse().ok()?;
        (!address.is_loopback()).then(|| Self::Origin(origin.to_owned()))
    }
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: Timestamp,
}

impl Tries {
    fn free_at(self) -> Timestamp {
        let Some(beyond) = self.count.checked_sub(FREE) else {
            return self.last;
        };
        let wait = FIRST_WAIT * 2_i32.pow(beyond.min(10));
        self.last + wait.min(LONGEST_WAIT)
    }

    fn is_over(self, now: Timestamp) -> bool {
        now.duration_since(self.free_at()) >= FORGET_AFTER
    }
}

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    tries: Mutex<HashMap<Key, Tries>>,
}

impl Throttle {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Counts a try that begins, or says how many seconds to wait.
    pub(crate) fn begin(&self, keys: &[Key], now: Timestamp) -> Result<(), u64> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            // Where the clock was set back, nobody waits for the time of before.
            if let Some(entry) = tries.get_mut(key) {
                entry.last = entry.last.min(now);
            }
        }
        let wait = keys
            .iter()
            .filter_map(|key| tries.get(key))
            .map(|tries| tries.free_at().duration_since(now))
            .max()
            .unwrap_or_default();
        if wait.is_positive() {
            let seconds = wait.as_millis().unsigned_abs().div_ceil(1000);
            return Err(u64::try_from(seconds).unwrap_or(u64::MAX));
        }
        make_room(&mut tries, now);
        for key in keys {
            let entry = tries.entry(key.clone()).or_insert(Tries { count: 0, last: now });
            if entry.is_over(now) {
                entry.count = 0;
            }
            *entry = Tries {
                count: entry.count.saturating_add(1),
                last: now,
            };
        }
        Ok(())
    }

    /// Whether wrong tries are counted that are not forgotten yet.
    pub(crate) fn counts(&self, key: &Key, now: Timestamp) -> bool {
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.get(key).is_some_and(|tries| !tries.is_over(now))
    }

    /// Takes one back that was no guess after all.
    pub(crate) fn take_back(&self, keys: &[Key]) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            if let Some(entry) = tries.get_mut(key) {
                entry.count = entry.count.saturating_sub(1);
            }
        }
    }

    /// Forgets what was counted: a try succeeded.
    pub(crate) fn clear(&self, keys: &[Key]) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys {
            tries.remove(key);
        }
    }
}

fn make_room(tries: &mut HashMap<Key, Tries>, now: Timestamp) {
    if tries.len() < ENTRIES {
        return;
    }
    tries.retain(|_, tries| !tries.is_over(now));
    while tries.len() >= ENTRIES {
        let oldest = tries
            .iter()
            .min_by_key(|(_, tries)| tries.last)
            .map(|(key, _)| key.clone());
        match oldest {
            Some(key) => tries.remove(&key),
            None => return,
        };
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn name(name: &str) -> [Key; 1] {
        [Key::Name(name.to_owned())]
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn tried(times: u32) -> Throttle {
        let throttle = Throttle::new();
        for _ in 0..times {
            throttle.begin(&name("admin"), at(0)).unwrap();
        }
        throttle
    }

    #[test]
    fn after_five_wrong_tries_the_wait_grows_with_each_further_one() {
        let throttle = tried(5);
        assert_eq!(throttle.begin(&name("admin"), at(0)), Err(10));
        assert_eq!(throttle.begin(&name("admin"), at(10)), Ok(()));
        assert_eq!(throttle.begin(&name("admin"), at(10)), Err(20));
        assert_eq!(throttle.begin(&name("admin"), at(30)), Ok(()));
        assert_eq!(throttle.begin(&name("admin"), at(30)), Err(40));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait_longer() {
        let throttle = Throttle::new();
        for _ in 0..4 {
            throttle.begin(&name("admin"), at(3600)).unwrap();
        }
        assert_eq!(throttle.begin(&name("admin"), at(0)), Ok(()));
        assert_eq!(throttle.begin(&name("admin"), at(0)), Err(10));
        assert_eq!(throttle.begin(&name("admin"), at(10)), Ok(()));
    }

    #[test]
    fn who_is_told_to_wait_does_not_wait_longer_for_asking() {
        let throttle = tried(5);
        for _ in 0..100 {
            assert_eq!(throttle.begin(&name("admin"), at(1)), Err(9));
        }
        assert_eq!(throttle.begin(&name("admin"), at(10)), Ok(()));
    }

    #[test]
    fn the_wait_never_exceeds_fifteen_minutes_and_is_forgotten_as_long_after_it() {
        let throttle = Throttle::new();
        let mut now = 0;
        for _ in 0..40 {
            while throttle.begin(&name("admin"), at(now)).is_err() {
                now += 10;
            }
        }
        assert_eq!(throttle.begin(&name("admin"), at(now)), Err(900));
        for _ in 0..5 {
            assert_eq!(throttle.begin(&name("admin"), at(now + 1800)), Ok(()));
        }
    }

    #[test]
    fn a_success_forgets_and_others_are_not_concerned() {
        let throttle = tried(5);
        assert_eq!(throttle.begin(&name("other"), at(0)), Ok(()));
        throttle.clear(&name("admin"));
        assert_eq!(throttle.begin(&name("admin"), at(0)), Ok(()));
    }

    #[test]
    fn what_was_no_guess_does_not_count() {
        let throttle = Throttle::new();
        for _ in 0..20 {
            assert_eq!(throttle.begin(&name("admin"), at(0)), Ok(()));
            throttle.take_back(&name("admin"));
        }
    }

    #[test]
    fn memory_stays_bounded_under_a_flood_of_names() {
        let throttle = Throttle::new();
        for number in 0..i64::try_from(ENTRIES).unwrap() + 50 {
            throttle.begin(&name(&number.to_string()), at(0)).unwrap();
        }
        assert_eq!(throttle.tries.lock().unwrap().len(), ENTRIES);
    }
}
