//! What `tocsin explain` reads and prints.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{EnhancedCode, Failure, Stage, Verdict, classify};

/// One line of `tocsin explain --jsonl`. Further fields are ignored, and so are values that cannot be read:
/// a line with words in it always has an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ExplainLine {
    /// Given back in the answer, whatever it is.
    #[serde(default)]
    pub id: Value,
    /// Key of the provider's preset.
    #[serde(default, deserialize_with = "if_readable")]
    pub provider: Option<String>,
    /// The step that failed; guessed from the words if it is missing.
    #[serde(default, deserialize_with = "if_readable")]
    pub stage: Option<Stage>,
    /// SMTP reply code, or the HTTP status at the token endpoint; read out of the text if it is missing.
    #[serde(default, deserialize_with = "if_readable")]
    pub code: Option<u16>,
    /// RFC 3463 status; read out of the text if it is missing.
    #[serde(default, deserialize_with = "if_readable")]
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

fn if_readable<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(word) => word.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    })
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_explanation_has_three_lines() {
        let failure = Failure {
            provider: Some("gmail"),
            stage: Stage::Auth,
            code: None,
            enhanced: None,
            text: "535-5.7.8 Username and Password not accepted.",
        };

        let text = explain(&failure).to_string();

        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "reauthorize",
                "The server did not accept the user name or the password.",
                "Enter the mailbox's user name and password again.",
            ]
        );
    }

    #[test]
    fn a_line_is_read_with_what_it_has() {
        let line: ExplainLine = serde_json::from_str(
            r#"{"id":7,"stage":"nowhere","code":"535","text":"535 No.","why":"unknown fields do not matter"}"#,
        )
        .unwrap();

        assert_eq!(
            (line.stage, line.code, line.provider.as_deref()),
            (None, Some(535), None)
        );
        assert_eq!(line.failure().stage, Stage::Auth);
    }

    #[test]
    fn a_line_without_words_is_refused() {
        assert!(serde_json::from_str::<ExplainLine>(r#"{"id":7}"#).is_err());
    }
}
