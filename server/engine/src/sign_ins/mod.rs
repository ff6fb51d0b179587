//! Sign-ins at providers from end to end: begun in one of three ways, and what follows from what they bring: an
//! account is added, authorized again, or converted.
//!
//! Re-authorizing and converting keep the account: its id, its rules, its history. The old grant or password is kept
//! until the new grant has proven itself by a real sign-in to the mail server. The mailbox that signed in must be the
//! account's own.
//!
//! The protocol is in `oauth/`; here is what it is used for. Whoever begins is known by the hash of a secret that
//! their browser holds ([`SessionHash`](crate::oauth::SessionHash)): an administrator's session, or the cookie of a
//! mailbox's owner without a login.

mod add;
mod begin;
mod convert;
mod device;
mod error;
mod finish;
mod reauthorize;
mod turn_back;

pub use begin::{Begun, NewSignIn};
pub(crate) use device::run as ask_about_devices;
pub use device::{DeviceProgress, DeviceSignIn};
pub use error::{FailedSignIn, FinishError};
pub use finish::Finished;
pub(crate) use turn_back::run as forget_conversions;
