//! Administrators of Tocsin: the first one, signing in and out.
//!
//! | file | holds |
//! |---|---|
//! | `admin` | who an administrator is: name, address, role |
//! | `setup` | the set-up code, and making the first administrator with it |
//! | `sign_in` | signing in with name and password |
//! | `session` | what a cookie is worth, and for how long |
//! | `password` | what a password must be, and its slow hash |
//!
//! Not here: administrators of the NAS (`nas`), cookies and pages (`app`, `server`), machine tokens (`tokens`),
//! mailboxes (`accounts`).

mod admin;
mod error;
mod password;
mod session;
mod setup;
mod sign_in;

pub use admin::{Admin, AdminName, By, InvalidName, Role, SignedIn};
pub use error::AdminError;
pub use password::InvalidPassword;
pub(crate) use session::end_of;

use crate::throttle::Throttle;
use password::Hasher;

/// What the process keeps in memory about sign-ins.
#[derive(Debug)]
pub(crate) struct Admins {
    hasher: Hasher,
    /// Signing in by the NAS counts as well.
    pub(crate) throttle: Throttle,
}

impl Admins {
    pub(crate) fn new() -> Self {
        Self {
            hasher: Hasher::new(),
            throttle: Throttle::new(),
        }
    }
}
