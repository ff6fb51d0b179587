//! Why there is no link, or why it does not help.

use super::link::{Ended, InvalidLife};
use crate::FinishError;
use crate::oauth::OAuthError;
use crate::sign_in::SignInError;
use crate::store::StoreError;
use tocsin_domain::address::EmailAddress;

/// Why a link was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It would live too short or too long.
    #[error(transparent)]
    Life(#[from] InvalidLife),
    /// There is nothing that an owner could authorize.
    #[error("{0} signs in with nothing: there is nothing that its owner could authorize")]
    NothingToAuthorize(EmailAddress),
    /// It does not work any more.
    #[error("the link {0} meanwhile; nothing was changed")]
    Ended(Ended),
    /// The account or the link does not exist any more.
    #[error("it does not exist any more")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for LinkError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::Gone,
            error => Self::Store(error),
        }
    }
}

/// Why a link does not help the mailbox's owner. What the page says of it is in the owner's language.
#[derive(Debug, thiserror::Error)]
pub enum OwnerError {
    /// No link has this token.
    #[error("the link is not valid")]
    NotValid,
    /// Too many wrong tokens or passwords.
    #[error("too many tries: wait {seconds} seconds")]
    Wait {
        /// For how long.
        seconds: u64,
    },
    /// It does not work any more.
    #[error("the link {ended}")]
    Ended {
        /// Why.
        ended: Ended,
        /// Who can make another one.
        ask: Option<EmailAddress>,
    },
    /// The account is authorized in another way than was tried.
    #[error("the account is not authorized in this way")]
    OtherWay,
    /// Nothing was typed.
    #[error("no password was typed")]
    PasswordMissing,
    /// The mail server did not accept the password, or could not be asked.
    #[error(transparent)]
    NotAccepted(SignInError),
    /// An administrator changed the account in between.
    #[error("the account was changed meanwhile")]
    Changed,
    /// The sign-in at the provider could not begin.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// The sign-in at the provider changed nothing.
    #[error(transparent)]
    Finish(Box<FinishError>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<FinishError> for OwnerError {
    fn from(error: FinishError) -> Self {
        match error {
            FinishError::OAuth(error) => Self::OAuth(error),
            FinishError::Store(error) => Self::Store(error),
            error => Self::Finish(Box::new(error)),
        }
    }
}
