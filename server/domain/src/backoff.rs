//! How long to wait after a failure that mends itself.

use jiff::SignedDuration;

/// The first wait.
const FIRST: SignedDuration = SignedDuration::from_secs(15);
/// The longest wait.
const LONGEST: SignedDuration = SignedDuration::from_mins(60);

/// The wait before the next try after `tries` failures in a row: doubling from 15 seconds up to an hour, less
/// up to a quarter. `jitter` in `0.0..1.0` spreads what failed together, so that it does not return together.
pub fn wait(tries: u32, jitter: f64) -> SignedDuration {
    let doubled = FIRST.saturating_mul(1_i32 << tries.saturating_sub(1).min(16));
    let full = doubled.min(LONGEST);
    full - full.mul_f64(0.25 * jitter.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        let seconds: Vec<_> = (1..=10).map(|tries| wait(tries, 0.0).as_secs()).collect();
        assert_eq!(seconds, [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(wait(u32::MAX, 0.0), LONGEST);
        assert_eq!(wait(0, 0.0), FIRST);
    }

    #[test]
    fn jitter_takes_away_at_most_a_quarter() {
        assert_eq!(wait(3, 1.0).as_secs(), 45);
        assert_eq!(wait(3, 7.0), wait(3, 1.0));
    }
}
