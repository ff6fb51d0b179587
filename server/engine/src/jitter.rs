//! Spreads what would else happen at the same moment.

/// A random number in `0.0..1.0`.
pub(crate) fn jitter() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / (f64::from(u32::MAX) + 1.0))
}
