//! How often Tocsin looks for mail servers, whoever asks: so that nobody uses it to try out networks.

use super::DetectError;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many times a minute.
pub(super) const PER_MINUTE: usize = 6;

const MINUTE: Duration = Duration::from_mins(1);

/// When it was begun lately.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<VecDeque<Instant>>);

impl Throttle {
    pub(super) fn begin(&self) -> Result<(), DetectError> {
        self.begin_at(Instant::now())
    }

    fn begin_at(&self, now: Instant) -> Result<(), DetectError> {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while begun
            .front()
            .is_some_and(|first| now.duration_since(*first) >= MINUTE)
        {
            begun.pop_front();
        }
        if begun.len() >= PER_MINUTE {
            return Err(DetectError::TooOften);
        }
        begun.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_six_in_a_minute_the_next_one_waits() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for _ in 0..PER_MINUTE {
            assert_eq!(throttle.begin_at(now), Ok(()));
        }
        assert_eq!(throttle.begin_at(now), Err(DetectError::TooOften));
        assert_eq!(throttle.begin_at(now + MINUTE), Ok(()));
    }
}
