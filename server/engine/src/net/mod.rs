//! From a server's settings to a connection, plain or encrypted: what SMTP and IMAP share.
//!
//! | file | holds |
//! |---|---|
//! | `peer` | whom to connect to |
//! | `connect` | from a host name to a socket |
//! | `tls`, `self_signed` | whom to trust, and the handshake |
//! | `socket` | a connection, whatever it runs over |
//! | `fault` | why there is none, in whose words, and what that means |

mod connect;
mod fault;
mod peer;
mod self_signed;
mod socket;
mod tls;

pub(crate) use connect::connect;
pub(crate) use fault::{Fault, bounded, judge};
pub(crate) use peer::Peer;
pub(crate) use socket::Socket;
pub(crate) use tls::{answers_to_tls, encrypt};
