//! What went wrong, at which step, in whose words, and what that means.

use super::reply::Reply;
use std::fmt;
use tocsin_domain::failure::{Failure, Meaning, Stage, Verdict, classify};
use tocsin_domain::provider::ProviderKey;

/// The longest words that are kept, in characters. RFC 5321 section 4.5.3.1.5 allows a reply line of 512.
const LONGEST: usize = 1000;

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
        let words = bounded(words);
        Self {
            stage,
            code: None,
            verdict: judge(stage, None, &words, provider),
            words,
            connection: Connection::Lost,
        }
    }

    /// What happened is known without reading words.
    pub(super) fn known(stage: Stage, meaning: Meaning, words: &str) -> Self {
        Self {
            stage,
            code: None,
            words: bounded(words),
            verdict: meaning.into(),
            connection: Connection::Lost,
        }
    }
}

pub(super) fn judge(stage: Stage, code: Option<u16>, text: &str, provider: &ProviderKey) -> Verdict {
    classify(&Failure {
        provider: Some(provider.as_str()),
        stage,
        code,
        enhanced: None,
        text,
    })
}

/// One line of bounded length.
pub(super) fn bounded(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
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
