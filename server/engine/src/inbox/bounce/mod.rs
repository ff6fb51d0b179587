//! Reports that a mail was not delivered.
//!
//! | file | holds |
//! |---|---|
//! | `status` | the machine's part of a report of RFC 3464 |
//! | `prose` | what servers write that know no such part: qmail, Exim, older Exchange, GMX, … |
//!
//! Which of our mails a report is about, the `Message-ID` in the returned mail says, or whatever else of the report
//! names one: its `References`, the headers that Exchange copies into its text.

mod prose;
mod status;

use super::heads::is_report;
use super::own::{OwnId, own_ids};
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};
use tocsin_domain::failure::{EnhancedCode, Failure, Meaning, Stage, classify};

/// The most recipients that are taken from one report.
const MOST: usize = 100;

/// The longest words that are kept, in characters.
const LONGEST: usize = 500;

/// The deepest that mails within mails are read.
const DEEPEST: usize = 3;

/// A report that a mail was not delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bounce {
    /// Which mails of ours it names.
    pub(super) about: Vec<OwnId>,
    /// Who did not get it.
    pub(super) undelivered: Vec<Undelivered>,
}

/// Somebody who did not get a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Undelivered {
    /// The addresses that the report gives for them: the one that the mail was sent to, and the one that it was
    /// passed on to.
    pub(super) addresses: Vec<String>,
    /// The words that say why.
    pub(super) words: String,
    /// What they mean.
    pub(super) meaning: Meaning,
}

impl Undelivered {
    fn new(addresses: Vec<String>, status: Option<EnhancedCode>, words: &str) -> Self {
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words: String = words.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let verdict = classify(&Failure {
            provider: None,
            stage: Stage::Rcpt,
            code: None,
            enhanced: status,
            text: &words,
        });
        Self {
            addresses,
            words,
            meaning: verdict.meaning,
        }
    }
}

/// Reads a mail; `None` if it does not say that something was not delivered for good.
pub(super) fn read(raw: &[u8]) -> Option<Bounce> {
    let mail = MessageParser::default().parse(raw)?;
    if !is_report(&mail) {
        return None;
    }
    let undelivered = match machine_part(&mail) {
        Some(part) => status::read(&part),
        None => prose::read(&mail),
    };
    if undelivered.is_empty() {
        return None;
    }
    Some(Bounce {
        about: about(raw, &mail),
        undelivered,
    })
}

/// The part of RFC 3464 section 2.1, or RFC 6533 section 5.
fn machine_part(mail: &Message<'_>) -> Option<String> {
    let is_status = |part: &&MessagePart<'_>| {
        part.content_type().is_some_and(|kind| {
            let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
            kind.ctype().eq_ignore_ascii_case("message")
                && (subtype == "delivery-status" || subtype == "global-delivery-status")
        })
    };
    mail.parts
        .iter()
        .find(is_status)
        .map(|part| String::from_utf8_lossy(bytes(part)).into_owned())
}

fn bytes<'a>(part: &'a MessagePart<'_>) -> &'a [u8] {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.as_bytes(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
        PartType::Message(mail) => mail.raw_message(),
        PartType::Multipart(_) => &[],
    }
}

/// Our mails that are named anywhere in it, as it came and decoded.
fn about(raw: &[u8], mail: &Message<'_>) -> Vec<OwnId> {
    let mut found = Vec::new();
    collect(mail, DEEPEST, &mut found);
    found.extend(own_ids(&String::from_utf8_lossy(raw)));
    let mut about: Vec<OwnId> = Vec::new();
    for id in found {
        if !about.contains(&id) {
            about.push(id);
        }
    }
    about
}

fn collect(mail: &Message<'_>, deeper: usize, found: &mut Vec<OwnId>) {
    for part in &mail.parts {
        found.extend(own_ids(&String::from_utf8_lossy(bytes(part))));
        if let (PartType::Message(within), Some(deeper)) = (&part.body, deeper.checked_sub(1)) {
            collect(within, deeper, found);
        }
    }
}

#[cfg(test)]
mod tests;
