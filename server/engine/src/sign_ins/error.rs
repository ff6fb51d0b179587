//! Why a sign-in changed nothing.

use crate::links::Ended;
use crate::oauth::OAuthError;
use crate::sign_in::SignInError;
use crate::store::StoreError;
use serde::{Deserialize, Serialize};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;

/// Why a finished sign-in changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// The sign-in itself did not succeed.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// Another mailbox signed in than the account's own.
    #[error(
        "you signed in as {signed_in}, but this account is {expected}. Nothing was changed. Start again and \
         choose {expected} on the provider's page, or add {signed_in} as an account of its own"
    )]
    OtherMailbox {
        /// The account.
        account: AccountId,
        /// Its address.
        expected: EmailAddress,
        /// At which provider it signed in.
        provider: ProviderKey,
        /// Who signed in.
        signed_in: EmailAddress,
    },
    /// There is an account for this mailbox already.
    #[error("{address} is an account already. Open it and use Re-authorization there; nothing was changed")]
    Taken {
        /// The account.
        account: AccountId,
        /// Its address.
        address: EmailAddress,
    },
    /// The same mailbox was deleted, and can be restored.
    #[error(
        "{address} was deleted and can be restored, with its places in the rules and its history; nothing was \
         changed. Restore it and use Re-authorization there if it needs it; or erase it first, and sign in again"
    )]
    Deleted {
        /// The deleted account.
        account: AccountId,
        /// Its address.
        address: EmailAddress,
    },
    /// The mail server did not accept what the provider granted.
    #[error("the provider granted access, but its mail server refused it: {0}. Nothing was changed")]
    NotProven(#[source] SignInError),
    /// The account is no Custom account any more, or its server is none that can be converted.
    #[error(
        "the account cannot be converted: it is not a Custom account on a server of this provider any more. \
         Nothing was changed. Open it to see what it is now"
    )]
    NotConvertible(AccountId),
    /// The re-authorization link by which it was begun does not work any more.
    #[error("the re-authorization link {0} meanwhile. Nothing was changed")]
    LinkEnded(Ended),
    /// The account was deleted meanwhile.
    #[error("the account was deleted meanwhile; nothing was changed")]
    AccountGone,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for FinishError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::AccountGone,
            error => Self::Store(error),
        }
    }
}

/// Why a sign-in changed nothing, as a page shows it, whichever way it went. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedSignIn {
    /// What happened, why, and what to do next.
    pub words: String,
    /// The account that it is about, if there is one.
    pub account: Option<AccountId>,
    /// The deleted account that can be restored instead.
    pub deleted: Option<AccountId>,
    /// Another mailbox than the account's own, which could be an account of its own.
    pub other: Option<(ProviderKey, EmailAddress)>,
}

impl From<&FinishError> for FailedSignIn {
    fn from(error: &FinishError) -> Self {
        let mut failed = Self {
            words: error.to_string(),
            account: None,
            deleted: None,
            other: None,
        };
        match error {
            FinishError::OtherMailbox {
                account,
                provider,
                signed_in,
                ..
            } => {
                failed.account = Some(*account);
                failed.other = Some((provider.clone(), signed_in.clone()));
            }
            FinishError::Taken { account, .. } | FinishError::NotConvertible(account) => {
                failed.account = Some(*account);
            }
            FinishError::Deleted { account, .. } => failed.deleted = Some(*account),
            _ => {}
        }
        failed
    }
}
