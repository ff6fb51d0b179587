//! The rules. (first, simple form)
use super::reply::Reply;
use super::{Meaning, Stage, Verdict};

pub(super) fn judge(reply: &Reply) -> Verdict {
    let meaning = match reply.stage {
        Stage::Token if reply.code.is_some_and(|c| c >= 500 || c == 429) => Meaning::TokenEndpointDown,
        Stage::Token if reply.raw.contains("invalid_grant") => Meaning::GrantRevoked,
        Stage::Token => Meaning::OAuthApplicationRefused,
        _ if reply.is_transient() => Meaning::Deferred,
        Stage::Connect | Stage::Tls => Meaning::ConnectionLost,
        Stage::Auth | Stage::Imap => Meaning::PasswordRefused,
        Stage::Mail => Meaning::SenderNotAllowed,
        Stage::Rcpt => Meaning::MailboxUnknown,
        Stage::Data => Meaning::PolicyRefused,
    };
    meaning.into()
}
