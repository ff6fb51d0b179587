//! What a row comes to: a new account, a change of one that exists, or neither. Nothing is asked of a server here.
//!
//! | file | holds |
//! |---|---|
//! | `find` | which account and which preset a row is about |
//! | `create`, `change` | what a row comes to for a mailbox that is no account yet, and for an account |
//! | `server` | the server that a row names |

mod change;
mod create;
mod find;
mod server;

pub(super) use change::change;
pub(super) use create::create;
pub(super) use find::{existing, preset};

use secrecy::SecretString;
use tocsin_domain::account::{Account, AccountSettings};
use tocsin_domain::import::{Outcome, Remark};

/// What is done about accounts that exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnExisting {
    /// They are changed: *Update inbox if it exists*.
    Update,
    /// Their rows are skipped.
    Skip,
}

/// What a row comes to.
#[derive(Debug)]
pub(super) enum Plan {
    /// A new account, once its server has accepted it.
    Create {
        settings: AccountSettings,
        secret: Option<SecretString>,
        receiving: Proof,
    },
    /// A new account whose owner must sign in at the provider.
    CreateAwaiting { settings: AccountSettings },
    /// Other settings or another secret; where one of them reaches a server anew, once it has accepted them.
    Update {
        before: Box<Account>,
        settings: AccountSettings,
        secret: Option<SecretString>,
        proof: Proof,
        receiving: Proof,
    },
    /// Nothing to do.
    Settled {
        outcome: Outcome,
        remark: Option<Remark>,
    },
}

/// Whether servers must accept a change first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// It concerns how they are reached.
    Needed,
    /// Names only.
    NotNeeded,
}

impl Proof {
    fn needed(is_needed: bool) -> Self {
        if is_needed { Self::Needed } else { Self::NotNeeded }
    }
}
