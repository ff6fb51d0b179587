//! Service accounts, as people keep them: adding one with a password, changing, testing, deleting.
//!
//! | file | holds |
//! |---|---|
//! | `check` | what settings must be, before any server is asked |
//! | `error` | why nothing was changed |
//! | `give_sender` | an account as a further sender of pairs |
//! | `prove` | a real sign-in with settings that are not stored yet |
//! | `save` | adding, changing, making the default, deleting |
//! | `test_sending` | a mail to see that it arrives |
//! | `uses` | which rules send by an account |
//!
//! Not here: adding and re-authorizing by signing in at the provider (`reauthorize`), what happens to an
//! account by itself (`sentinel`).

mod check;
mod error;
mod give_sender;
mod prove;
mod save;
mod test_sending;
mod uses;

pub(crate) use check::is_host;
pub use check::{Direction, InvalidSettings};
pub use error::AccountError;
pub use save::NewAccount;
pub use uses::{AccountUse, Share};
