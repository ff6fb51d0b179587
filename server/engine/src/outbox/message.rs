//! The mail that tells of an event. Every header is built by lettre from typed parts; nothing of an event
//! becomes a raw header.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};
use tocsin_domain::account::AccountSettings;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::event::Event;
use tocsin_domain::rule::Format;

/// What a mail is made of.
#[derive(Debug)]
pub(crate) struct Mail<'a> {
    /// Who carries it: `From` is that account's.
    pub(crate) from: &'a AccountSettings,
    /// Who gets it.
    pub(crate) to: &'a [EmailAddress],
    /// What the subject begins with.
    pub(crate) subject_prefix: &'a str,
    /// The event.
    pub(crate) event: &'a Event,
    /// How the mail looks.
    pub(crate) format: Format,
    /// Without angle brackets.
    pub(crate) message_id: &'a str,
}

/// A mail could not be built: an address that lettre does not take.
#[derive(Debug, thiserror::Error)]
#[error("the mail could not be built: {0}")]
pub(crate) struct Unbuildable(String);

impl Mail<'_> {
    /// The mail's bytes (RFC 5322), lines ended by CR LF.
    pub(crate) fn build(&self) -> Result<Vec<u8>, Unbuildable> {
        let unbuildable = |error: &dyn std::fmt::Display| Unbuildable(error.to_string());
        let address =
            |address: &EmailAddress| address.as_str().parse::<Address>().map_err(|e| unbuildable(&e));
        let name = Some(self.from.sender_name.as_str())
            .filter(|name| !name.is_empty())
            .map(str::to_owned);
        let mut builder = Message::builder()
            .from(Mailbox::new(name, address(&self.from.address)?))
            .subject(self.subject())
            .date(SystemTime::UNIX_EPOCH + millis(self.event.report.at))
            .message_id(Some(format!("<{}>", self.message_id)))
            // Exchange and Amazon SES put a Message-ID of their own in this one's place. These two stay: the first
            // stands in a bounce, the second in a reply (RFC 5322 section 3.6.4).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("X-Tocsin-ID"),
                self.message_id.to_owned(),
            ))
            .references(format!("<about.{}>", self.message_id))
            // RFC 3834 section 5: so that nobody's holiday notice answers a machine.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        for recipient in self.to {
            builder = builder.to(Mailbox::new(None, address(recipient)?));
        }
        let message = match self.format {
            Format::Plain => builder.header(ContentType::TEXT_PLAIN).body(self.plain()),
            Format::Html => builder.multipart(
                MultiPart::alternative()
                    .singlepart(SinglePart::plain(self.plain()))
                    .singlepart(SinglePart::html(self.html())),
            ),
        };
        Ok(message.map_err(|error| unbuildable(&error))?.formatted())
    }

    fn subject(&self) -> String {
        let headline = self.event.report.headline();
        match self.subject_prefix.trim() {
            "" => headline,
            prefix => format!("{prefix} {headline}"),
        }
    }

    /// Names and values beneath the text.
    fn facts(&self) -> Vec<(&str, String)> {
        let report = &self.event.report;
        let mut facts = vec![
            ("Severity", report.severity.to_string()),
            ("Application", report.application.to_string()),
            ("Category", report.category.to_string()),
            ("Host", report.host.to_string()),
            ("Time", local_time(report.at)),
        ];
        facts.retain(|(_, value)| !value.is_empty());
        facts.extend(
            report
                .fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone())),
        );
        facts
    }

    fn plain(&self) -> String {
        let mut text = format!("{}\n\n", self.event.report.text.trim_end());
        for (name, value) in self.facts() {
            let _ = writeln!(text, "{name}: {value}");
        }
        text
    }

    fn html(&self) -> String {
        let report = &self.event.report;
        let mut rows = String::new();
        for (name, value) in self.facts() {
            let (name, value) = (escape(name), escape(&value));
            let _ = write!(rows, "<tr><th align=\"left\">{name}</th><td>{value}</td></tr>");
        }
        format!(
            "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
             </head><body style=\"font-family:system-ui,sans-serif;font-size:14px;line-height:1.45\">\
             <p style=\"font-size:16px;font-weight:600\">{}</p><pre style=\"font:inherit;white-space:pre-wrap\">{}\
             </pre><table cellpadding=\"4\" style=\"font-size:13px\">{rows}</table></body></html>",
            escape(&report.headline()),
            escape(report.text.trim_end()),
        )
    }
}

fn millis(at: Timestamp) -> Duration {
    Duration::from_millis(at.as_millisecond().max(0).unsigned_abs())
}

fn local_time(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system())
        .strftime("%Y-%m-%d %H:%M:%S %Z")
        .to_string()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tocsin_domain::account::SignIn;
    use tocsin_domain::event::Draft;
    use tocsin_domain::id::EventId;
    use tocsin_domain::provider::{ProviderKey, Security, Server};
    use tocsin_domain::text::Line;

    fn settings() -> AccountSettings {
        AccountSettings {
            provider: ProviderKey::new("custom"),
            address: "nas@example.com".parse().unwrap(),
            sender_name: Line::parse("Store “one”").unwrap(),
            owner: None,
            smtp: Server {
                host: "localhost".into(),
                port: 465,
                security: Security::Tls,
                ca: None,
            },
            imap: None,
            sign_in: SignIn::Grant,
        }
    }

    fn mail(text: &str, format: Format) -> String {
        let draft = Draft {
            application: "Storage & Snapshots".into(),
            severity: "error".into(),
            text: text.into(),
            fields: [("disk".to_owned(), "<2>".to_owned())].into(),
            ..Draft::default()
        };
        let report = draft
            .check(Timestamp::from_second(1_790_000_000).unwrap())
            .unwrap();
        let event = Event {
            id: EventId::new(1),
            received_at: report.at,
            report,
        };
        let mail = Mail {
            from: &settings(),
            to: &["ops@example.com".parse().unwrap()],
            subject_prefix: "[nas-01]",
            event: &event,
            format,
            message_id: "7.abc@nas.example.com",
        };
        String::from_utf8(mail.build().unwrap()).unwrap()
    }

    #[test]
    fn a_mail_says_that_a_machine_sent_it_and_keeps_its_message_id() {
        let mail = mail("Disk 2 failed", Format::Html);
        assert!(mail.contains("Auto-Submitted: auto-generated\r\n"));
        assert!(mail.contains("Message-ID: <7.abc@nas.example.com>\r\n"), "{mail}");
        assert!(mail.contains("X-Tocsin-ID: 7.abc@nas.example.com\r\n"), "{mail}");
        assert!(
            mail.contains("References: <about.7.abc@nas.example.com>\r\n"),
            "{mail}"
        );
        assert!(mail.contains("Subject: [nas-01] Disk 2 failed\r\n"));
    }

    #[test]
    fn the_html_part_stands_beside_a_plain_one_and_is_escaped() {
        let mail = mail("a <b>bold</b> claim", Format::Html);
        assert!(mail.contains("multipart/alternative"));
        assert!(mail.contains("text/plain") && mail.contains("text/html"));
        assert!(mail.contains("&lt;b&gt;bold&lt;/b&gt;") && mail.contains("a <b>bold</b> claim"));
    }

    #[test]
    fn plain_format_has_no_html() {
        assert!(!mail("x", Format::Plain).contains("html"));
    }

    #[test]
    fn an_event_adds_no_header() {
        let mail = mail("first\r\nBcc: evil@example.org\r\n\r\nbody", Format::Plain);
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("Bcc:"), "{head}");
    }
}
