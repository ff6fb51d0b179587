//! Times between types and tables: a [`Timestamp`] there, milliseconds since the epoch here.

use jiff::Timestamp;

/// Milliseconds since the epoch, UTC.
pub fn to_millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The time of a table's milliseconds; what lies outside of the calendar becomes its edge.
pub fn from_millis(millis: i64) -> Timestamp {
    let edge = if millis < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    Timestamp::from_millisecond(millis).unwrap_or(edge)
}

/// Now, without what a table would drop, so that what is written equals what is read.
pub fn now() -> Timestamp {
    from_millis(Timestamp::now().as_millisecond())
}
