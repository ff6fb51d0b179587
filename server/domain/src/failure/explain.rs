//! What `tocsin explain` reads and prints.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{EnhancedCode, Failure, Stage, Verdict, classify, parse_reply};

/// One line of `tocsin explain --jsonl`. Further fields are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ExplainLine {
    /// Given back in the answer, whatever it is.
    #[serde(default)]
    pub id: serde_json::Value,
    /// Key of the provider's preset.
    #[serde(default)]
    pub provider: Option<String>,
    /// The step that failed; guessed from the words if it is missing.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// SMTP reply code, or the HTTP status at the token endpoint.
    #[serde(default)]
    pub code: Option<u16>,
    /// RFC 3463 status; read out of the text if it is missing.
    #[serde(default)]
    pub enhanced: Option<EnhancedCode>,
    /// The server's words.
    pub text: String,
}

impl ExplainLine {
    /// The line as a failure to classify.
    pub fn failure(&self) -> Failure<'_> {
        Failure {
            provider: self.provider.as_deref(),
            stage: self.stage.unwrap_or_else(|| Stage::guess(self.code, &self.text)),
            code: self.code,
            enhanced: self.enhanced,
            text: &self.text,
        }
    }
}

impl Stage {
    /// The most likely step for a reply of which only the words are known.
    pub fn guess(code: Option<u16>, text: &str) -> Self {
        let code = code.or_else(|| parse_reply(text).0);
        let lower = text.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        match code {
            _ if text.trim_start().starts_with('{') || says(&["aadsts"]) => Self::Token,
            Some(432 | 454 | 500 | 530 | 534 | 535 | 538) => Self::Auth,
            Some(_) if says(&["authenticat", "login"]) => Self::Auth,
            Some(_) if says(&["recipient", "mailbox", "relay", "user"]) => Self::Rcpt,
            Some(_) => Self::Data,
            None if says(&["certificate", "tls", "ssl", "handshake"]) => Self::Tls,
            None if says(&["no ", "bad ", "bye"]) => Self::Imap,
            None => Self::Connect,
        }
    }
}

/// A verdict for people: its `Display` is three lines (class, what it means, what to do).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What is explained.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.verdict.class)?;
        writeln!(f, "{}", self.verdict.meaning)?;
        write!(f, "{}", self.verdict.next_step)
    }
}

/// Classifies a failure for people to read.
pub fn explain(failure: &Failure<'_>) -> Explanation {
    Explanation {
        verdict: classify(failure),
    }
}
