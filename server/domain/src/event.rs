//! Events: what programs report.

use crate::id::EventId;
use crate::severity::Severity;
use crate::text::{InvalidLine, Line};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a program reported, before Tocsin accepted it. Made by [`Draft::check`], so that whatever has this
/// type may be stored and mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The program that reported.
    pub application: Line,
    /// The kind of event within the program; may be empty.
    pub category: Line,
    /// How bad it is.
    pub severity: Severity,
    /// What happened; the first line is the subject of the mail.
    pub text: String,
    /// The machine it happened on; may be empty.
    pub host: Line,
    /// When it happened, by the reporting program's clock.
    pub at: Timestamp,
    /// Further values, shown as a table.
    pub fields: BTreeMap<String, String>,
}

/// An accepted event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What was reported.
    pub report: Report,
    /// When Tocsin accepted it.
    pub received_at: Timestamp,
}

/// Values as they came from a program, unchecked.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// See [`Report::application`].
    pub application: String,
    /// See [`Report::category`].
    pub category: String,
    /// See [`Report::severity`]; a word.
    pub severity: String,
    /// See [`Report::text`].
    pub text: String,
    /// See [`Report::host`].
    pub host: String,
    /// See [`Report::at`]; none means now.
    pub at: Option<Timestamp>,
    /// See [`Report::fields`].
    pub fields: BTreeMap<String, String>,
}

/// What is wrong with a reported event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEvent {
    /// A one-line value is not one line, too long, or missing.
    #[error("{field}: {reason}")]
    Line {
        /// Which value.
        field: &'static str,
        /// What is wrong with it.
        reason: InvalidLine,
    },
    /// The severity's word is unknown.
    #[error("severity: {0}")]
    Severity(#[from] crate::severity::UnknownSeverity),
    /// There is no text.
    #[error("text: it is empty; say what happened")]
    TextMissing,
    /// The text is longer than [`Report::MAX_TEXT`] bytes.
    #[error("text: it is longer than {} bytes; shorten it", Report::MAX_TEXT)]
    TextTooLong,
    /// Too many fields, or one that is too long or not plain text.
    #[error(
        "fields: at most {} entries, names of one line, values of at most {} bytes",
        Report::MAX_FIELDS,
        Report::MAX_FIELD
    )]
    Fields,
}

impl Report {
    /// The longest text, in bytes.
    pub const MAX_TEXT: usize = 64 * 1024;
    /// The most fields.
    pub const MAX_FIELDS: usize = 64;
    /// The longest value of a field, in bytes.
    pub const MAX_FIELD: usize = 4 * 1024;

    /// The first line of the text with something on it, at most 200 characters: the mail's subject.
    pub fn headline(&self) -> String {
        Self::headline_of(&self.text)
    }

    /// See [`Self::headline`].
    pub fn headline_of(text: &str) -> String {
        let line = text
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .unwrap_or_default();
        let clean = line.chars().filter(|c| !c.is_control());
        let mut headline: String = clean.clone().take(200).collect();
        if clean.count() > 200 {
            headline.push('…');
        }
        headline
    }
}

impl Draft {
    /// Checks the values; `now` stands in where the program gave no time.
    pub fn check(self, now: Timestamp) -> Result<Report, InvalidEvent> {
        let line = |field, reason| InvalidEvent::Line { field, reason };
        if self.text.trim().is_empty() {
            return Err(InvalidEvent::TextMissing);
        }
        if self.text.len() > Report::MAX_TEXT {
            return Err(InvalidEvent::TextTooLong);
        }
        let fits = |(name, value): (&String, &String)| {
            Line::parse_required(name).is_ok() && value.len() <= Report::MAX_FIELD
        };
        if self.fields.len() > Report::MAX_FIELDS || !self.fields.iter().all(fits) {
            return Err(InvalidEvent::Fields);
        }
        Ok(Report {
            application: Line::parse_required(&self.application).map_err(|e| line("application", e))?,
            category: Line::parse(&self.category).map_err(|e| line("category", e))?,
            severity: self.severity.parse()?,
            // Only tabs and line breaks: other control characters have no place in a mail's text.
            text: self
                .text
                .chars()
                .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
                .collect(),
            host: Line::parse(&self.host).map_err(|e| line("host", e))?,
            at: self.at.unwrap_or(now),
            fields: self.fields,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn draft(text: &str) -> Draft {
        Draft {
            application: "Storage".into(),
            severity: "error".into(),
            text: text.into(),
            ..Draft::default()
        }
    }

    #[test]
    fn a_plain_report_is_taken_as_it_is() {
        let report = draft("\n Disk 2 failed \nand more")
            .check(Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(report.headline(), "Disk 2 failed");
        assert_eq!(report.at, Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn a_line_break_in_a_one_line_value_is_named_by_its_field() {
        let bad = Draft {
            host: "nas\r\nBcc: x@example.org".into(),
            ..draft("x")
        };
        assert!(
            bad.check(Timestamp::UNIX_EPOCH)
                .unwrap_err()
                .to_string()
                .starts_with("host: ")
        );
    }

    #[test]
    fn missing_and_oversized_values_are_refused() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(draft(" \n").check(now), Err(InvalidEvent::TextMissing));
        assert_eq!(
            draft(&"x".repeat(Report::MAX_TEXT + 1)).check(now),
            Err(InvalidEvent::TextTooLong)
        );
        let many = (0..65).map(|n| (n.to_string(), String::new())).collect();
        assert_eq!(
            Draft {
                fields: many,
                ..draft("x")
            }
            .check(now),
            Err(InvalidEvent::Fields)
        );
        assert!(
            Draft {
                severity: "loud".into(),
                ..draft("x")
            }
            .check(now)
            .is_err()
        );
    }

    #[test]
    fn a_headline_is_short_and_without_control_characters() {
        let report = draft(&format!("bell\u{7}{}", "x".repeat(300)))
            .check(Timestamp::UNIX_EPOCH)
            .unwrap();
        assert_eq!(report.headline().chars().count(), 201);
        assert!(report.headline().starts_with("bellxxx"));
    }
}
