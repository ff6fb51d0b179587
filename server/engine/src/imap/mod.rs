//! A session with an IMAP server (RFC 3501, RFC 9051), as far as Tocsin needs one: sign in, look into INBOX
//! without changing anything, wait for news.
//!
//! | file | holds |
//! |---|---|
//! | `wire` | commands out, responses in, with a limit on each |
//! | `response` | what kind of response it is |
//! | `fetch` | what a FETCH response holds |
//! | `session` | connect, encrypt, and what the server offers |
//! | `sign_in` | LOGIN, AUTHENTICATE PLAIN, AUTHENTICATE XOAUTH2 |
//! | `mailbox` | EXAMINE, UID SEARCH, UID FETCH, IDLE |
//! | `scripted` | for tests: a server that answers as it is told |
//!
//! The conversation runs on sockets of its own. What was seen in the source of async-imap 0.12: a FETCH that the
//! server refuses looks like one that found nothing, so that mails would be passed over in silence; one response
//! may grow to 512 MiB; the server's words are kept only in parts and in the form of `Debug`, a BYE not at all;
//! and commands are logged with the password or token in them.

mod fetch;
mod mailbox;
mod response;
#[cfg(any(test, feature = "test-support"))]
pub mod scripted;
mod session;
mod sign_in;
mod wire;

pub(crate) use fetch::Fetched;
pub(crate) use mailbox::Mailbox;
pub(crate) use session::{ImapTimeouts, Session};
