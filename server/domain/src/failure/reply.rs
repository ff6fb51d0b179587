//! A server's reply, read: code, enhanced status, and words in a form that rules can look at.

use super::{EnhancedCode, Failure, Stage};

/// Splits a reply as it came off the wire (several lines, each with its code) into reply code, enhanced
/// status and words (RFC 5321, section 4.2; RFC 2034). The words keep their case.
///
/// Libraries and logs put words of their own before a reply (`Invalid login: 535 …`); the code is found
/// there, too.
pub fn parse_reply(text: &str) -> (Option<u16>, Option<EnhancedCode>, String) {
    let text = text.trim();
    let text = strip_diagnostic_type(text);
    let first = leading_code(text);
    let words: Vec<&str> = text
        .lines()
        .map(|line| without_codes(line.trim(), first))
        .collect();
    (
        first.or_else(|| embedded_code(text)),
        EnhancedCode::find_in(text),
        words.join("\n").trim().to_owned(),
    )
}

/// Drops the `smtp;` before a reply that was copied from a delivery report (RFC 3464, section 2.3.6).
fn strip_diagnostic_type(text: &str) -> &str {
    match text.split_once(';') {
        Some((kind, reply)) if kind.eq_ignore_ascii_case("smtp") => reply.trim_start(),
        _ => text,
    }
}

fn leading_code(line: &str) -> Option<u16> {
    let digits = line.get(..3)?;
    let ends = line
        .as_bytes()
        .get(3)
        .is_none_or(|next| matches!(next, b' ' | b'-' | b'\t'));
    (ends && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|code| (200..600).contains(code))
}

/// A negative reply code after somebody else's words: behind a colon, a bracket or a quote.
fn embedded_code(text: &str) -> Option<u16> {
    text.match_indices([':', '(', '"', '\''])
        .map(|(at, _)| text[at + 1..].trim_start())
        .filter(|rest| rest.len() > "000 ".len())
        .filter_map(leading_code_of_tuple)
        .find(|code| *code >= 400)
}

/// `535-5.7.8 …` or, as Python prints it, `535, b'5.7.8 …'`.
fn leading_code_of_tuple(text: &str) -> Option<u16> {
    leading_code(text).or_else(|| {
        text.get(3..4)
            .filter(|next| *next == ",")
            .and_then(|_| leading_code(&text[..3]))
    })
}

fn without_codes(line: &str, code: Option<u16>) -> &str {
    let line = match (code, leading_code(line)) {
        (Some(expected), Some(found)) if expected == found => line[3..].trim_start_matches(['-', ' ', '\t']),
        _ => line,
    };
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    if word.parse::<EnhancedCode>().is_ok() {
        rest.trim_start()
    } else {
        line
    }
}

/// A failure in the form that rules look at.
pub(super) struct Reply<'a> {
    pub(super) provider: Option<&'a str>,
    pub(super) stage: Stage,
    pub(super) code: Option<u16>,
    pub(super) enhanced: Option<EnhancedCode>,
    /// The words: one line, lower case, without codes and addresses of web pages, each run of white space
    /// one space.
    pub(super) words: String,
    /// The reply as it came.
    pub(super) raw: &'a str,
}

impl<'a> Reply<'a> {
    pub(super) fn of(failure: &Failure<'a>) -> Self {
        let (code, enhanced, words) = match failure.stage {
            // An IMAP tag or a number in a JSON body is no reply code.
            Stage::Imap | Stage::Token => (None, None, failure.text.to_owned()),
            _ => parse_reply(failure.text),
        };
        Self {
            provider: failure.provider,
            stage: failure.stage,
            code: failure.code.or(code),
            enhanced: failure.enhanced.or(enhanced),
            words: plain(&words),
            raw: failure.text,
        }
    }

    /// The server says that it may be tried again: SMTP 4yz (RFC 5321, section 4.2.1), unless its enhanced
    /// status contradicts (`454 5.5.1`): that one is chosen with more care.
    pub(super) fn is_transient(&self) -> bool {
        let class = self.enhanced.map(|enhanced| enhanced.class);
        match self.code {
            Some(code) => (400..500).contains(&code) && class != Some(5),
            None => class == Some(4),
        }
    }
}

/// Addresses of pages go, and those of mailboxes leave an `@`, since words in them (`help_spam_16.htm`,
/// `abuse@…`) say nothing about this reply.
fn plain(words: &str) -> String {
    let words: Vec<&str> = words
        .split_whitespace()
        .map(
            |word| match word.find("http://").or_else(|| word.find("https://")) {
                Some(at) => word[..at].trim_end_matches(['<', '(', '"']),
                None => word,
            },
        )
        .filter(|word| !word.is_empty())
        .map(|word| if word.contains('@') { "@" } else { word })
        .collect();
    words
        .join(" ")
        .replace(['\u{2019}', '\u{2018}'], "'")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<EnhancedCode> {
        text.parse().ok()
    }

    #[test]
    fn a_reply_of_several_lines_loses_its_codes() {
        let (reply, enhanced, words) = parse_reply("534-5.7.14 Please log in\r\n534 5.7.14 by browser.");

        assert_eq!((reply, enhanced), (Some(534), code("5.7.14")));
        assert_eq!(words, "Please log in\nby browser.");
    }

    #[test]
    fn a_code_is_found_behind_a_librarys_words() {
        for text in [
            "Invalid login: 535-5.7.8 Username and Password not accepted",
            "(535, b'5.7.8 Username and Password not accepted')",
            "smtp;535 5.7.8 Username and Password not accepted",
        ] {
            let (reply, enhanced, _) = parse_reply(text);
            assert_eq!((reply, enhanced), (Some(535), code("5.7.8")), "{text}");
        }
    }

    #[test]
    fn an_address_or_a_port_is_no_reply_code() {
        for text in [
            "connect ECONNREFUSED 192.0.2.1:587",
            "dial tcp: 465: no",
            "read ECONNRESET",
            "",
        ] {
            assert_eq!(parse_reply(text).0, None, "{text}");
        }
    }

    #[test]
    fn words_for_rules_hold_no_addresses() {
        let failure = Failure {
            provider: None,
            stage: Stage::Data,
            code: None,
            enhanced: None,
            text: "550 5.1.1 Don\u{2019}t  know,\n see http://example.com/help_spam.htm, abuse@example.com",
        };

        assert_eq!(Reply::of(&failure).words, "don't know, see @");
    }
}
