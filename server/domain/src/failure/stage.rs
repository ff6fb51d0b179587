//! The step of the conversation at which a failure was met.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The step of the conversation at which a failure was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Looking the server up, opening the connection, greeting, EHLO.
    Connect,
    /// The TLS handshake, or STARTTLS.
    Tls,
    /// SMTP AUTH (RFC 4954).
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, and the reply after the message.
    Data,
    /// A request to an OAuth token endpoint (RFC 6749).
    Token,
    /// IMAP, of which Tocsin uses the sign-in only.
    Imap,
}

impl Stage {
    /// All stages, in the order of a conversation.
    pub const ALL: [Self; 8] = [
        Self::Connect,
        Self::Tls,
        Self::Auth,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Token,
        Self::Imap,
    ];

    /// The stage's word in files, on the command line and in translations.
    pub fn key(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::Token => "token",
            Self::Imap => "imap",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// The word names no stage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a stage. Stages are connect, tls, auth, mail, rcpt, data, token and imap.")]
pub struct UnknownStage(String);

impl FromStr for Stage {
    type Err = UnknownStage;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|stage| stage.key().eq_ignore_ascii_case(word.trim()))
            .ok_or_else(|| UnknownStage(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_stage_reads_back_as_it_is_written() {
        for stage in Stage::ALL {
            assert_eq!(stage.to_string().parse::<Stage>().unwrap(), stage);
            assert_eq!(
                serde_json::to_string(&stage).unwrap(),
                format!("\"{}\"", stage.key())
            );
        }
    }

    #[test]
    fn an_unknown_stage_is_answered_with_the_known_ones() {
        let error = "smtp".parse::<Stage>().unwrap_err();
        assert!(error.to_string().contains("rcpt"), "{error}");
    }
}
