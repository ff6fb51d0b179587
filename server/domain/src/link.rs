//! A re-authorization link as it is listed.

use crate::id::{AccountId, LinkId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A link. Nobody can see its token again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The id.
    pub id: LinkId,
    /// The account that it authorizes.
    pub account: AccountId,
    /// The administrator who made it; none means Tocsin itself.
    pub made_by: Option<String>,
    /// When.
    pub made_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was first opened.
    pub opened_at: Option<Timestamp>,
    /// How it stands.
    pub state: LinkState,
}

/// How a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkState {
    /// It can be used.
    Usable,
    /// It was used.
    Used(Timestamp),
    /// An administrator revoked it.
    Revoked(Timestamp),
    /// Its time is over.
    Expired,
    /// Too many passwords were refused.
    TriedTooOften,
}
