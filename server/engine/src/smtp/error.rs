//! What went wrong, at which step, in whose words, and what that means.

use super::reply::Reply;
use crate::net::{Fault, bounded, judge};
use std::fmt;
use tocsin_domain::failure::{Meaning, Stage, Verdict};
use tocsin_domain::provider::ProviderKey;

/// Whether a session can be used after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// The next mail can go over it.
    Usable,
    /// It is gone.
    Lost,
}

/// Why a session could not be opened, or a mail not be handed over. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpError {
    /// The step that failed.
    pub stage: Stage,
    /// The reply code, if the server spoke.
    pub code: Option<u16>,
    /// The server's words without the code, on one line; or those of the library that met the error.
    pub words: String,
    /// What it means and what mends it.
    pub verdict: Verdict,
    /// Whether the session can be used further.
    pub connection: Connection,
}

impl SmtpError {
    /// The server said no. It ends the session itself by 421 (RFC 5321 section 3.8).
    pub(super) fn refused(stage: Stage, reply: &Reply, provider: &ProviderKey) -> Self {
        let words = bounded(&reply.words());
        let verdict = judge(stage, Some(reply.code), &words, provider);
        let connection = if reply.code == 421 || reply.cut_short {
            Connection::Lost
        } else {
            Connection::Usable
        };
        Self {
            stage,
            code: Some(reply.code),
            words,
            verdict,
            connection,
        }
    }

    /// The connection broke, in a library's words.
    pub(super) fn broken(stage: Stage, words: &str, provider: &ProviderKey) -> Self {
        Fault::said(stage, words, provider).into()
    }

    /// What happened is known without reading words.
    pub(super) fn known(stage: Stage, meaning: Meaning, words: &str) -> Self {
        Fault::known(stage, meaning, words).into()
    }
}

/// Without a connection nothing can be sent.
impl From<Fault> for SmtpError {
    fn from(fault: Fault) -> Self {
        Self {
            stage: fault.stage,
            code: None,
            words: fault.words,
            verdict: fault.verdict,
            connection: Connection::Lost,
        }
    }
}

impl fmt::Display for SmtpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code} {}", self.words),
            None => f.write_str(&self.words),
        }
    }
}

impl std::error::Error for SmtpError {}
