//! The classifier's rules: one file for each part of the conversation.
//!
//! | file | looks at |
//! |---|---|
//! | `network` | what libraries say when no server has spoken: names, sockets, TLS, certificates |
//! | `oauth` | replies of token endpoints: the `error` field of RFC 6749 and its relatives |
//! | `smtp_auth` | refusals of a sign-in |
//! | `imap` | response codes of RFC 5530 and the words beside them |
//! | `limits`, `sender`, `recipient`, `content`, `passing` | phrases about mail, by whose matter it is |
//! | `delivery` | the order in which these are asked from MAIL to DATA, and at the greeting |
//! | `status` | what remains when no phrase is known: enhanced status, reply code, stage |
//!
//! Words are asked before numbers, since servers use few numbers for many things (`550 5.7.1`). A server's
//! number decides what kind of answer the words can be: a 4yz reply never blames a mailbox's credential, and
//! blames content or reputation for a while only.

mod content;
mod delivery;
mod imap;
mod limits;
mod network;
mod oauth;
mod passing;
mod phrases;
mod recipient;
mod sender;
mod smtp_auth;
mod status;

use super::reply::Reply;
use super::{Meaning, Stage};

/// Finds what a reply means.
pub(super) fn judge(reply: &Reply<'_>) -> Meaning {
    if reply.code.is_none()
        && !matches!(reply.stage, Stage::Imap | Stage::Token)
        && let Some(meaning) = network::meaning(reply)
    {
        return meaning;
    }
    match reply.stage {
        Stage::Token => oauth::meaning(reply),
        Stage::Auth => smtp_auth::meaning(reply),
        Stage::Imap => imap::meaning(reply),
        Stage::Connect | Stage::Tls | Stage::Mail | Stage::Rcpt | Stage::Data => delivery::meaning(reply),
    }
}
