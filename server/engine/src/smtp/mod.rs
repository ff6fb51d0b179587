//! A session with a mail server: connect, encrypt, sign in, hand over mails.
//!
//! | file | holds |
//! |---|---|
//! | `endpoint` | where the server is, how it is greeted, how long it is waited for |
//! | `credential`, `sign_in` | what a session signs in with, and how (PLAIN, LOGIN, XOAUTH2) |
//! | `wire`, `reply`, `capabilities` | commands out, replies in, what the server offers |
//! | `opening`, `probe` | the conversation up to the sign-in; what a server offers, without signing in |
//! | `session` | one authenticated connection, from its opening to its end |
//! | `envelope`, `transaction`, `content` | one mail: MAIL, RCPT, DATA and the bytes |
//! | `error` | what went wrong, at which step, in whose words, and what that means |
//! | `scripted` | for tests: a server that answers as it is told |
//!
//! The conversation runs on sockets of its own, and lettre only builds the mails. What was seen in the source
//! of lettre 0.11.23's `AsyncSmtpConnection`: it can be given a socket with `TCP_NODELAY` and single commands,
//! but it loses what a server says right before it closes (often the very refusal) and whatever is not UTF-8,
//! it keeps what came before the handshake of STARTTLS and takes it for the server's reply after it
//! (<https://nostarttls.secvuln.info>), and its TLS cannot be given a configuration.
//!
//! Not here: what a mail looks like, which account sends it and when it is tried again (`outbox`), and where
//! access tokens come from (`oauth`), and from a host name to a socket, plain or encrypted (`net`).

mod capabilities;
mod content;
mod credential;
mod endpoint;
mod envelope;
mod error;
mod opening;
mod probe;
mod reply;
#[cfg(any(test, feature = "test-support"))]
pub mod scripted;
mod session;
mod sign_in;
mod transaction;
mod wire;

pub use credential::Credential;
pub use endpoint::{Endpoint, HelloName, InvalidHelloName, Timeouts};
pub use envelope::{Envelope, RefusedRecipient, Sent};
pub use error::{Connection, SmtpError};
pub use probe::{Probed, probe};
pub use session::Session;
