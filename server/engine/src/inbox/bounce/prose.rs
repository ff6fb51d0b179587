//! Reports for people only. Their writers say in the subject or in the first lines what they are, name the recipient
//! on a line, quote the other server below it, and then return the mail or its head.

use super::{MOST, Undelivered};
use mail_parser::Message;
use tocsin_domain::failure::{EnhancedCode, parse_reply};

/// The most of a text that is looked at, in lines.
const LINES: usize = 400;

pub(super) fn read(mail: &Message<'_>) -> Vec<Undelivered> {
    let subject = mail.subject().unwrap_or_default().to_lowercase();
    let text = mail.body_text(0).unwrap_or_default();
    let lines: Vec<&str> = text.lines().take(LINES).map(str::trim_end).collect();
    let told = &lines[..returned_from(&lines)];
    let head = told
        .iter()
        .take(30)
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    if [subject.as_str(), head.as_str()]
        .iter()
        .any(|text| STILL_TRYING.iter().any(|phrase| text.contains(phrase)))
    {
        return Vec::new();
    }
    let mut addresses = failed_recipients(mail);
    let says_so = FAILED
        .iter()
        .any(|phrase| subject.contains(phrase) || head.contains(phrase));
    if addresses.is_empty() && !says_so {
        return Vec::new();
    }
    if addresses.is_empty() {
        addresses = told.iter().flat_map(|line| addresses_in(line)).collect();
    }
    addresses.dedup();
    addresses.truncate(MOST);
    if addresses.is_empty() {
        return Vec::new();
    }
    addresses
        .into_iter()
        .map(|address| {
            let words = words_for(told, &address);
            let status = EnhancedCode::find_in(&words);
            Undelivered::new(vec![address], status, &words)
        })
        .collect()
}

/// What says that the mail is not given up yet.
const STILL_TRYING: &[&str] = &[
    "delayed",
    "delivery delay",
    "warning: could not send",
    "warning: message",
    "will be retried",
    "will keep trying",
    "will continue to",
    "still trying",
    "not yet been delivered",
    "no action is required",
    "verzögert",
];

/// What says that it is given up.
const FAILED: &[&str] = &[
    "undeliver",
    "could not be delivered",
    "couldn't be delivered",
    "unable to deliver",
    "able to deliver",
    "did not reach",
    "delivery failed",
    "delivery has failed",
    "delivery failure",
    "failure notice",
    "returned mail",
    "permanent error",
    "fatal error",
    "zustellbar",
    "nicht zugestellt",
    "non remis",
    "退信",
];

/// Exim's field, which Gmail and others write too.
fn failed_recipients(mail: &Message<'_>) -> Vec<String> {
    let raw = mail.header_raw("X-Failed-Recipients");
    raw.map(|raw| raw.split(',').flat_map(addresses_in).collect())
        .unwrap_or_default()
}

/// The first line of the returned mail, or of what announces it.
fn returned_from(lines: &[&str]) -> usize {
    let begins = |line: &&str| {
        let line = line
            .trim_start_matches(['>', '-', '_', '=', ' ', '*'])
            .to_lowercase();
        RETURNED.iter().any(|phrase| line.starts_with(phrase))
    };
    lines.iter().position(begins).unwrap_or(lines.len())
}

const RETURNED: &[&str] = &[
    "below this line is a copy",
    "this is a copy of",
    "the header of the original",
    "the headers of the original",
    "original message",
    "original-message",
    "ursprüngliche nachricht",
    "message header",
    "unsent message",
    "return-path:",
    "received:",
    "message-id:",
    "x-tocsin-id:",
    "mime-version:",
];

/// Words of a line that have the form of an address. Which of them are recipients, the notification says.
fn addresses_in(line: &str) -> Vec<String> {
    line.split(|c: char| c.is_whitespace() || "<>()[]\"',;:".contains(c))
        .map(|word| word.trim_matches('.'))
        .filter(|word| {
            word.split_once('@')
                .is_some_and(|(local, host)| !local.is_empty() && host.contains('.'))
        })
        .map(str::to_owned)
        .collect()
}

/// The server's words about a recipient: those below the address up to an empty line, or else the first line of all
/// that holds a reply or a status.
fn words_for(told: &[&str], address: &str) -> String {
    let is_reply = |line: &&str| EnhancedCode::find_in(line).is_some() || has_reply_code(line);
    let paragraph = |at: usize| -> Vec<&str> {
        let lines = told[at..].iter().copied();
        lines.take_while(|line| !line.trim().is_empty()).take(8).collect()
    };
    // It may also stand where the returned mail's own recipients are listed.
    let named: Vec<_> = (0..told.len())
        .filter(|at| told[*at].contains(address))
        .map(paragraph)
        .collect();
    if let Some(below) = named.iter().find(|below| below.iter().any(is_reply)) {
        return below.join(" ");
    }
    let Some(first) = told.iter().position(is_reply) else {
        return named.first().map(|below| below.join(" ")).unwrap_or_default();
    };
    told[first..]
        .iter()
        .copied()
        .take_while(|line| !line.trim().is_empty())
        .take(4)
        .collect::<Vec<_>>()
        .join(" ")
}

fn has_reply_code(line: &str) -> bool {
    parse_reply(line.trim())
        .0
        .is_some_and(|code| (500..600).contains(&code))
}
