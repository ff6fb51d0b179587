//! Typed ids. An id is a positive 63-bit number, unique over all tables of one installation; it travels as a
//! decimal string, since JavaScript's numbers lose digits beyond 2^53.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The text was not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: it must be a whole number above zero")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Takes a number from the id generator or the store.
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// The number, as the store keeps it.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                match text.parse::<i64>() {
                    Ok(value) if value > 0 => Ok(Self(value)),
                    _ => Err(InvalidId),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

ids! {
    /// A service account.
    AccountId,
    /// An administrator or viewer of Tocsin.
    AdminId,
    /// One try to hand a notification to a server.
    AttemptId,
    /// A line of the audit log.
    AuditId,
    /// An event that a program reported.
    EventId,
    /// A sign-in by device code that was begun.
    DeviceSignInId,
    /// What a mailbox's owner gave.
    GrantId,
    /// A re-authorization link.
    LinkId,
    /// A file of accounts that is added in bulk.
    ImportId,
    /// One mail for one event and one pair.
    NotificationId,
    /// A method with its senders and recipients.
    PairId,
    /// A rule.
    RuleId,
    /// A machine token.
    TokenId,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_survives_json_as_a_string() {
        let id = EventId::new(9_007_199_254_740_993);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<EventId>(&json).unwrap(), id);
    }

    #[test]
    fn what_is_no_positive_number_is_no_id() {
        for text in ["", "0", "-1", "1x", "99999999999999999999"] {
            assert_eq!(text.parse::<AccountId>(), Err(InvalidId), "{text}");
        }
    }
}
