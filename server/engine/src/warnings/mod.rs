//! Telling people what needs them, by a way that still works.
//!
//! | file | what |
//! |---|---|
//! | `tell` | writes a mail of Tocsin's own, and who was told what |
//! | `run` | looks again and again at what must be told |
//! | `outage` | an account needs somebody: once per outage, and daily while it lasts |
//! | `incident` | a provider refuses an OAuth application: once for all accounts on it |
//! | `ahead` | a grant or a client secret will end: some days before |
//! | `history` | what was told of an account, and whether anybody could be told |
//! | `text` | how such mails are worded |
//!
//! What changes an account's state is in `sentinel/`; when an end is announced is in the domain's `ending`.

mod ahead;
mod history;
mod incident;
mod outage;
mod run;
mod tell;
mod text;

pub(crate) use incident::incidents;
pub(crate) use run::run;
pub use tell::{About, Message};
