//! Why nobody was let in.

use super::admin::InvalidName;
use super::password::InvalidPassword;
use crate::store::StoreError;
use tocsin_domain::address::InvalidAddress;

/// Why somebody was not signed in or set up.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The name cannot be used.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// The address cannot be used.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// The new password cannot be used.
    #[error(transparent)]
    Password(#[from] InvalidPassword),
    /// Another set-up code than the one in use.
    #[error(
        "the set-up code is not right. It stands in the output of the running process, and changes whenever \
         Tocsin starts"
    )]
    WrongCode,
    /// There is an administrator already.
    #[error("Tocsin is set up already: sign in instead")]
    AlreadySetUp,
    /// The name or the password is wrong; which of them is not told.
    #[error("the name or the password is not right")]
    Refused,
    /// The present password, asked for before a change, is wrong.
    #[error("the present password is not right; nothing was changed")]
    WrongPassword,
    /// Too many wrong guesses.
    #[error("too many wrong tries: wait {} and try again", wait(*.seconds))]
    Wait {
        /// How long from now.
        seconds: u64,
    },
    /// A password could not be hashed: no memory.
    #[error("the password could not be checked: {0}. Try again in a moment")]
    Hash(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for AdminError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

fn wait(seconds: u64) -> String {
    match seconds {
        0..=1 => "one second".to_owned(),
        2..=99 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}
