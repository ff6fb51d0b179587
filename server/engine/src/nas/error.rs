//! Why nobody was let in by the NAS.

use crate::store::StoreError;

/// Why the NAS said nothing that could be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// Nothing listens there, or the connection broke off.
    #[error("its web service is not reached: {0}")]
    NotConnected(String),
    /// It took too long.
    #[error("its web service took too long")]
    TimedOut,
    /// Something else answered, or in another way.
    #[error("its web service answered something else: {0}")]
    Unexpected(String),
}

/// Why somebody was not signed in by the NAS.
#[derive(Debug, thiserror::Error)]
pub enum NasError {
    /// Tocsin was not told that it runs on a NAS.
    #[error("signing in by the NAS is not switched on here")]
    Off,
    /// The NAS did not answer, which is no yes.
    #[error(
        "the NAS does not answer, so that nobody can be signed in by it: {0}. Try again in a moment, or sign in as the \
         local administrator"
    )]
    Silent(#[from] Silence),
    /// The NAS lets this name and password not in; which of them is wrong is not told.
    #[error("the NAS refuses this user name and password")]
    Refused,
    /// The NAS asks for the second step.
    #[error("this account uses 2-step verification: enter its code, and the password once more")]
    CodeNeeded,
    /// The second step's code is wrong.
    #[error(
        "the NAS refuses this code of the 2-step verification. Wait for the next one, and enter the password once more"
    )]
    CodeWrong,
    /// The password must be changed first.
    #[error(
        "the password has expired or must be changed: sign in to the NAS itself, change it there, and come back"
    )]
    PasswordExpired,
    /// The NAS lets this account in by no password.
    #[error(
        "the NAS does not let this account sign in now: it is disabled or blocked, or may not use this way. Look at it in the NAS’s own settings"
    )]
    Barred,
    /// The browser's session of the NAS is none any more.
    #[error(
        "your session on the NAS has ended. Sign in to the NAS again, or enter its user name and password here"
    )]
    Ended,
    /// Somebody of the NAS, but no administrator there.
    #[error("{user} is no administrator of the NAS: only its administrators may use Tocsin")]
    NotAdministrator {
        /// Who, as the NAS names them.
        user: String,
    },
    /// Too many wrong guesses.
    #[error("too many wrong tries: wait {seconds} seconds and try again")]
    Wait {
        /// How long from now.
        seconds: u64,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for NasError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
