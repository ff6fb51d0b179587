//! Makes ids: 42 bits of milliseconds since 2020, then 21 bits that count up from a random start, so that ids
//! sort by time, need no round trip to the store, and replicas do not meet.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// 2020-01-01 in milliseconds since the epoch.
const START: u64 = 1_577_836_800_000;
const COUNTER_BITS: u32 = 21;

/// The source of ids of one process.
#[derive(Debug)]
pub struct Ids {
    last: AtomicU64,
    offset: u64,
}

impl Ids {
    /// A source with a random offset.
    ///
    /// # Panics
    /// Where the operating system has no random numbers.
    pub fn new() -> Self {
        let offset = getrandom::u64().expect("the operating system gives random numbers");
        Self {
            last: AtomicU64::new(0),
            offset: offset & ((1 << COUNTER_BITS) - 1),
        }
    }

    /// The next id; each is greater than all before it from this source.
    pub fn next(&self) -> i64 {
        let elapsed = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis();
        let millis = u64::try_from(elapsed).unwrap_or(START).saturating_sub(START);
        let now = (millis << COUNTER_BITS) | self.offset;
        // A clock that stands still or steps back continues from the last id.
        let step = |last: u64| Some(now.max(last + 1));
        let previous = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, step)
            .unwrap_or(0);
        i64::try_from(now.max(previous + 1)).unwrap_or(i64::MAX)
    }
}

impl Default for Ids {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_never_repeat() {
        let ids = Ids::new();
        let made: Vec<_> = (0..100_000).map(|_| ids.next()).collect();
        assert!(made.is_sorted_by(|a, b| a < b));
        assert!(made[0] > 0);
    }
}
