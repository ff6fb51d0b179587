//! Re-authorization links: secret URLs for mailboxes' owners, who have no sign-in here.
//!
//! A token is 256 random bits, of which only the hash is kept. It works once and for a time, and can be revoked.
//! Looking at the page never uses it up, since mail scanners look too. What uses it up, and what is thereby
//! authorized, is one transaction: of two who use a link at the same moment, one is told that it was used.
//!
//! | file | holds |
//! |---|---|
//! | `link` | what a link is: who made it, how long it lives, how it stands |
//! | `make` | making, listing and revoking links, and their URLs |
//! | `open` | from a token to the link that it opens |
//! | `password` | the owner's new password: proven, then stored |
//! | `grant` | the owner's consent at the provider |
//! | `mail` | a link in a mail, which the history does not show |
//! | `told` | telling the creator and the admins that a link was used |
//! | `guesses` | who has to wait after tokens that are none |
//! | `reach` | by which address people reach the pages, for mails |
//! | `error` | why there is no link, or why it does not help |
//!
//! Not here: the owner's page (`app`, `server`), sign-ins at providers (`oauth`), what an admin does on the
//! account's own page (`sign_ins`, `accounts`).

mod error;
mod grant;
mod guesses;
mod link;
mod mail;
mod make;
mod open;
mod password;
mod reach;
mod told;

pub use error::{LinkError, OwnerError};
pub use link::{Ended, InvalidLife, Life, Maker, UsedBy};
pub use mail::{MailedLink, PLACEHOLDER};
pub use make::url;
pub use open::{Look, OpenedLink, browser_secret};

use crate::throttle::Throttle;
use guesses::Guesses;
use reach::Reach;
pub(crate) use reach::is_this_machine;

/// What the process keeps in memory about links.
#[derive(Debug, Default)]
pub(crate) struct Links {
    guesses: Guesses,
    /// Passwords that are tried, by account.
    passwords: Throttle,
    /// Sign-ins at providers that are begun, by account.
    sign_ins: Throttle,
    pub(crate) reach: Reach,
}
