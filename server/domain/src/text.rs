//! Short texts that may reach a mail header: one line, bounded, without control characters.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not acceptable as a [`Line`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLine {
    /// A line break or another control character: it could start a header of its own (RFC 5322 section 2.2).
    #[error("it contains a line break or control character; write it as one line of plain text")]
    ControlCharacter,
    /// More than [`Line::MAX`] characters.
    #[error("it is longer than {} characters; shorten it", Line::MAX)]
    TooLong,
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
}

/// One line of text, trimmed, without control characters; may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line(String);

impl Line {
    /// The longest line, in characters: what fits a folded header without surprise.
    pub const MAX: usize = 250;

    /// Takes a text that is one line.
    pub fn parse(text: &str) -> Result<Self, InvalidLine> {
        let text = text.trim_matches([' ', '\t']);
        if text.chars().any(char::is_control) {
            return Err(InvalidLine::ControlCharacter);
        }
        if text.chars().count() > Self::MAX {
            return Err(InvalidLine::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// Takes a text that is one line and not empty.
    pub fn parse_required(text: &str) -> Result<Self, InvalidLine> {
        let line = Self::parse(text)?;
        if line.0.is_empty() {
            Err(InvalidLine::Empty)
        } else {
            Ok(line)
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Line {
    type Error = InvalidLine;

    fn try_from(text: String) -> Result<Self, InvalidLine> {
        Self::parse(&text)
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        line.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_line_break_is_refused_wherever_it_stands() {
        for text in ["a\r\nBcc: x@example.org", "a\n", "\rb", "a\u{85}b", "a\0"] {
            assert_eq!(Line::parse(text), Err(InvalidLine::ControlCharacter), "{text:?}");
        }
    }

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(Line::parse("  Disk 2 \t").unwrap().as_str(), "Disk 2");
        assert_eq!(Line::parse(&"x".repeat(251)), Err(InvalidLine::TooLong));
        assert_eq!(Line::parse_required("  "), Err(InvalidLine::Empty));
    }
}
