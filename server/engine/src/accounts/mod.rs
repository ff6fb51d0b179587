//! Service accounts, as people keep them: adding one with a password, changing, testing, deleting.
//!
//! | file | holds |
//! |---|---|
//! | `check` | what settings must be, before any server is asked |
//! | `delete` | deleting one, and who takes its places |
//! | `erase` | erasing a deleted one's secrets, in time |
//! | `error` | why nothing was changed |
//! | `give_sender` | an account as a further sender of pairs |
//! | `prove` | a real sign-in with settings that are not stored yet |
//! | `restore` | undoing a deletion |
//! | `save` | adding, changing, making the default |
//! | `test_sending` | a mail to see that it arrives |
//! | `uses` | which rules send by an account |
//!
//! Not here: adding and re-authorizing by signing in at the provider (`reauthorize`), what happens to an
//! account by itself (`sentinel`).

mod check;
mod delete;
mod erase;
mod error;
mod give_sender;
mod prove;
mod restore;
mod save;
mod test_sending;
mod uses;

pub use check::{Direction, InvalidSettings};
pub(crate) use check::{check_receiving, is_certificate, is_host};
pub use delete::{Deletion, Replacement};
pub(crate) use erase::run as erase_when_due;
pub use error::AccountError;
pub(crate) use prove::new_credential;
pub use restore::RestoreError;
pub use save::{NewAccount, OfDeleted};
pub use uses::{AccountUse, Share};
