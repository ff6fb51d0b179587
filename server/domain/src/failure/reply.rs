//! A server's reply, read: code, enhanced status, and words in a form that rules can look at.

use super::{EnhancedCode, Failure, Stage};

/// Splits a reply as it came off the wire (several lines, each with its code) into reply code, enhanced
/// status and words (RFC 5321, section 4.2; RFC 2034). The words keep their case.
pub fn parse_reply(text: &str) -> (Option<u16>, Option<EnhancedCode>, String) {
    let code = leading_code(text.trim_start());
    let mut words = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        let line = match (code, leading_code(line)) {
            (Some(expected), Some(found)) if expected == found => {
                line.get(3..).unwrap_or_default().trim_start_matches(['-', ' '])
            }
            _ => line,
        };
        words.push(without_enhanced(line));
    }
    (
        code,
        EnhancedCode::find_in(text),
        words.join("\n").trim().to_owned(),
    )
}

fn leading_code(line: &str) -> Option<u16> {
    let digits = line.get(..3)?;
    let ends = line
        .as_bytes()
        .get(3)
        .is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'.');
    (ends && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|code| (200..600).contains(code))
}

fn without_enhanced(line: &str) -> &str {
    match line.split_once(' ') {
        Some((word, rest)) if word.parse::<EnhancedCode>().is_ok() => rest.trim_start(),
        None if line.parse::<EnhancedCode>().is_ok() => "",
        _ => line,
    }
}

/// A failure in the form that rules look at.
pub(super) struct Reply {
    pub(super) stage: Stage,
    pub(super) code: Option<u16>,
    pub(super) enhanced: Option<EnhancedCode>,
    /// The words: one line, lower case, without the reply's codes, each run of white space one space.
    pub(super) words: String,
    /// The reply as it came.
    pub(super) raw: String,
}

impl Reply {
    pub(super) fn of(failure: &Failure<'_>) -> Self {
        let (code, enhanced, words) = parse_reply(failure.text);
        Self {
            stage: failure.stage,
            code: failure.code.or(code),
            enhanced: failure.enhanced.or(enhanced),
            words: words
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase(),
            raw: failure.text.to_owned(),
        }
    }

    /// The server says that it may be tried again: SMTP 4yz (RFC 5321, section 4.2.1).
    pub(super) fn is_transient(&self) -> bool {
        self.code.is_some_and(|code| (400..500).contains(&code))
    }
}
