//! Why nothing was changed on an account.

use super::check::InvalidSettings;
use crate::sign_in::SignInError;
use crate::store::StoreError;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::failure::NextStep;
use tocsin_domain::id::AccountId;

/// Why an account was not added, changed, tested or deleted. Holds no secret.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A setting cannot be right.
    #[error(transparent)]
    Settings(#[from] InvalidSettings),
    /// There is an account for this mailbox already.
    #[error("{address} is an account already: open it to change it; nothing was changed")]
    Taken {
        /// The account.
        account: AccountId,
        /// Its address.
        address: EmailAddress,
    },
    /// The same mailbox was deleted, and can be restored.
    #[error(
        "{address} was deleted and can be restored, with its password or grant, its places in the rules and its \
         history; nothing was changed. Restore it, or add it as a new account all the same"
    )]
    Deleted {
        /// The deleted account.
        account: AccountId,
        /// Its address.
        address: EmailAddress,
    },
    /// An account that was chosen to take over is the deleted one itself, or is gone.
    #[error("an account that was to take over does not exist any more: choose another; nothing was deleted")]
    ReplacementGone,
    /// The rules are not those that the choice was made for.
    #[error("somebody changed the rules meanwhile: look at what uses the account again; nothing was deleted")]
    RulesChanged,
    /// A password is needed.
    #[error("enter the password; nothing was changed")]
    SecretMissing,
    /// The stored password was entered for another server.
    #[error(
        "enter the password again: {0} is not the server that the stored one was entered for, and Tocsin sends \
         it to no other; nothing was changed"
    )]
    SecretNeededForHost(String),
    /// A grant comes from signing in at the provider only.
    #[error("this account is authorized by signing in at its provider, not by what is typed here")]
    GrantNeeded,
    /// A grant is one mailbox's.
    #[error(
        "the account is authorized for {0}, and a grant cannot be moved to another mailbox: add the other one as \
         an account of its own; nothing was changed"
    )]
    GrantOfAnother(EmailAddress),
    /// Receiving is switched off.
    #[error("receiving is switched off for this account: switch it on and save it first")]
    ReceivingIsOff,
    /// The mail server did not accept the settings or the credential.
    #[error("{} {} The server's answer: {}", .0.verdict.meaning, step_now(.0.verdict.next_step), .0.words)]
    NotAccepted(#[source] SignInError),
    /// The mail could not be written: an address that cannot stand in a header.
    #[error("the test mail could not be written: {0}. Change the address")]
    Mail(String),
    /// The account was not converted, or more than a day ago.
    #[error(
        "the account cannot be turned back any more: a former password is kept for a day. To use a password \
         again, add the mailbox as a Custom account"
    )]
    CannotTurnBack,
    /// The account was deleted meanwhile.
    #[error("the account does not exist any more")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

/// While somebody waits, nothing is tried again by itself.
fn step_now(step: NextStep) -> String {
    match step {
        NextStep::WaitAndRetry | NextStep::CheckNetwork => "Wait a moment, then try again.".to_owned(),
        step => step.to_string(),
    }
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::Gone,
            error => Self::Store(error),
        }
    }
}

impl From<SignInError> for AccountError {
    fn from(error: SignInError) -> Self {
        Self::NotAccepted(error)
    }
}
