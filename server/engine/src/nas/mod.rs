//! The NAS that Tocsin runs on: its administrators sign in here as well, and its own log hears of warnings.
//!
//! Switched on by the package for that system, off everywhere else. The NAS's web service is asked over loopback and
//! nowhere else: the type of its address holds a port and no host (`loopback`).
//!
//! | file | what |
//! |---|---|
//! | `config` | which system, and where its tools and its web service are |
//! | `loopback` | one question to the web service on this machine |
//! | `tool` | runs a program of the NAS |
//! | `brought` | what a browser brings along that the NAS itself would let it in by |
//! | `service` | what is asked of either system: who is this? is this the password? |
//! | `qts`, `xml` | how QTS is asked, and its answers |
//! | `dsm` | how DSM is asked, and its answers |
//! | `sign_in` | a person signs in |
//! | `session` | the sessions of such people |
//! | `visitor` | what one is worth, from one request to the next |
//! | `log` | the NAS's own log |
//!
//! **Whom to believe.** Only who the NAS itself calls an administrator is one here, by the name in its answer. A flag
//! that is absent, an answer that is none, or no answer at all: no.
//!
//! **For how long.** A session of ours hangs on one of the NAS's. It is asked again before anything is changed, and at
//! least every [`session::BELIEVED`] before anything is shown. Whoever signs out there, or is no administrator there
//! any more, is out here with the next question. When the NAS does not answer, nobody is let in or may change
//! anything, but the session is kept: it goes on when the NAS answers again.
//!
//! **Where secrets are.** What the NAS lets somebody in by is kept in memory, for asking again, and nowhere else: no
//! table, file or log holds a session id, token or password of the NAS. So these sessions end with the process; then
//! the browser's own session of the NAS makes signing in again one click.

mod brought;
mod config;
mod dsm;
mod error;
mod log;
mod loopback;
mod qts;
#[cfg(feature = "test-support")]
pub mod scripted;
mod service;
mod session;
mod sign_in;
mod tool;
mod visitor;
mod xml;

pub use brought::Brought;
pub use config::NasConfig;
pub use error::{NasError, Silence};
pub(crate) use log::run as write_log;
pub use service::Nas;
pub use sign_in::Recognised;
pub use visitor::{Need, Visitor};
