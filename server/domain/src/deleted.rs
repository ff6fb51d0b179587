//! Deleted accounts: who they were, and for how long they can come back.

use crate::address::EmailAddress;
use crate::id::AccountId;
use crate::provider::ProviderKey;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a deleted account keeps its secrets and can be restored.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An account that was deleted. Its history names it for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedAccount {
    /// Its id, which restoring keeps.
    pub id: AccountId,
    /// The preset.
    pub provider: ProviderKey,
    /// The mailbox.
    pub address: EmailAddress,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// Who deleted it; empty where that was not written down.
    pub deleted_by: String,
    /// What is left of it.
    pub secrets: Secrets,
}

/// Whether an account's secrets are still there, so that it can come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secrets {
    /// They are, until this time.
    KeptUntil(Timestamp),
    /// They are gone, or are being erased: it cannot be restored.
    Erased,
}

impl DeletedAccount {
    /// Whether it can come back.
    pub fn is_restorable(&self) -> bool {
        matches!(self.secrets, Secrets::KeptUntil(_))
    }
}
