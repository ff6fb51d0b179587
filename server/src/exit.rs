//! What `tocsin serve` ends with when it does not start, so that a service manager can tell whether trying again helps.
//! The codes are those of BSD's sysexits(3), the one for wrong arguments is clap's.

use crate::report::door::DoorError;
use crate::serve::ServeError;
use crate::user::UserError;
use tocsin_engine::StartError;
use tocsin_engine::store::{OpenError, StoreError};
use tocsin_engine::vault::VaultError;

/// The same as `tocsin serve --help` says it.
pub const HELP: &str = "\
Exit codes when it does not start:
   1  anything else
   2  wrong arguments
  69  the address is taken, or not this machine's
  73  the data directory cannot be made or written
  75  the disk is full, or another Tocsin uses the data directory
  77  the user that --user names may not use the data directory, or the program
  78  somebody must change something: settings, presets, key, or a database of a newer version";

/// `EX_UNAVAILABLE`.
const UNAVAILABLE: u8 = 69;
/// `EX_CANTCREAT`.
const CANNOT_CREATE: u8 = 73;
/// `EX_TEMPFAIL`.
const TRY_AGAIN: u8 = 75;
/// `EX_NOPERM`: a service script may try another user then.
const NOT_PERMITTED: u8 = 77;
/// `EX_CONFIG`.
const CONFIGURATION: u8 = 78;
const OTHER: u8 = 1;

/// What the process ends with.
pub const fn code(error: &ServeError) -> u8 {
    match error {
        ServeError::User(UserError::KeptOut(..) | UserError::NoProgram(_)) => NOT_PERMITTED,
        ServeError::Settings(_) => CONFIGURATION,
        ServeError::Listen(_) => UNAVAILABLE,
        ServeError::Engine(error) => starting(error),
        ServeError::Door(DoorError::File(_)) => CANNOT_CREATE,
        ServeError::User(_) | ServeError::Door(_) | ServeError::System(_) | ServeError::Admins(_) => OTHER,
    }
}

const fn starting(error: &StartError) -> u8 {
    match error {
        StartError::Open(error) => opening(error),
        StartError::Store(StoreError::Full) => TRY_AGAIN,
        StartError::Providers(_) => CONFIGURATION,
        StartError::Vault(VaultError::KeyFile(..)) => CANNOT_CREATE,
        StartError::Vault(_) => CONFIGURATION,
        StartError::Http(_) | StartError::Store(_) => OTHER,
    }
}

const fn opening(error: &OpenError) -> u8 {
    match error {
        OpenError::Folder(..) | OpenError::ReadOnly(_) => CANNOT_CREATE,
        OpenError::Full(_) | OpenError::NoRoom { .. } | OpenError::InUse(_) => TRY_AGAIN,
        OpenError::Newer { .. } => CONFIGURATION,
        OpenError::Copy(_) | OpenError::Database(_) | OpenError::Migration(_) => OTHER,
    }
}
