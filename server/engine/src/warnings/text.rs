//! The text of a mail of Tocsin's own, paragraph by paragraph.

use crate::links::PLACEHOLDER;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

/// A text that grows.
pub(crate) struct Mail(String);

impl Mail {
    /// Begins with the subject.
    pub(crate) fn new(headline: &str) -> Self {
        Self(format!("{headline}\n"))
    }

    /// Adds a paragraph.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.0.push('\n');
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// Adds where the owner authorizes the mailbox; the link is put in while the mail is built.
    pub(crate) fn authorize_here(&mut self) {
        self.paragraph(&format!(
            "Authorize the mailbox again here, without signing in at Tocsin: {PLACEHOLDER}"
        ));
        self.paragraph(
            "The link works once, for three days. Whoever has it can authorize this mailbox with it.",
        );
    }

    /// Adds a line that says where to go.
    pub(crate) fn link(&mut self, what: &str, url: &Url) {
        self.paragraph(&format!("{what}: {url}"));
    }
}

impl From<Mail> for String {
    fn from(mail: Mail) -> Self {
        mail.0
    }
}

/// A time by the clock of the machine that Tocsin runs on: `Tuesday 24 November 2026, 14:05 CET`.
pub(crate) fn day_and_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%A %-d %B %Y, %H:%M %Z")
        .to_string()
}
