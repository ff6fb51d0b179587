//! What the Overview page counts.

use crate::id::AccountId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How many notifications stand where, now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Waiting for their turn, for a later try, or under way.
    pub queued: u64,
    /// Without a sender that can send.
    pub held: u64,
    /// Refused, too old or cancelled, in the last 30 days.
    pub failed: u64,
    /// Accepted by a server in the last 30 days.
    pub sent: u64,
}

/// One day of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCounts {
    /// The day, by the clock of the machine that Tocsin runs on.
    pub day: Date,
    /// Sent on that day.
    pub sent: u64,
    /// Made on that day and still held.
    pub held: u64,
    /// Failed on that day.
    pub failed: u64,
}

/// How much an account carried in the last 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCounts {
    /// The account.
    pub account: AccountId,
    /// Its address.
    pub address: String,
    /// Sent by it in the last 30 days.
    pub sent: u64,
    /// Sent by it today.
    pub sent_today: u64,
    /// Held notifications that wait for it (it stands in their pair's sender list).
    pub held: u64,
}
