//! The stage of a reply of which only the words are known, as somebody pastes it from a log.

use super::{Stage, parse_reply};

impl Stage {
    /// The most likely step for these words: by their form (JSON, an IMAP tag), then by the reply code, then
    /// by whom they name.
    pub fn guess(code: Option<u16>, text: &str) -> Self {
        let lower = text.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if text.trim_start().starts_with('{') || says(&["aadsts", "get token", "oauth", "/token"]) {
            return Self::Token;
        }
        if is_imap(text) {
            return Self::Imap;
        }
        match code.or_else(|| parse_reply(text).0) {
            Some(334 | 432 | 435 | 523 | 525 | 534 | 535 | 538) => Self::Auth,
            Some(_) if says(&["authenticat", "login", "auth command", "auth005"]) && !says(NAMES_MAIL) => {
                Self::Auth
            }
            Some(454) if says(&["tls not available"]) => Self::Tls,
            Some(530) => Self::Mail,
            Some(421) => Self::Connect,
            Some(_) if says(&["helo", "connections", "greeting"]) => Self::Connect,
            Some(_) if says(&["message", "spam", "virus", "content", "dmarc", "header", "limit"]) => {
                Self::Data
            }
            Some(_) if says(&["recipient", "relay", "user", "mailbox", "quota"]) => Self::Rcpt,
            Some(_) if says(&["sender", "from"]) => Self::Mail,
            Some(_) => Self::Data,
            None if says(&["certificate", "tls", "ssl", "handshake", "x509"]) => Self::Tls,
            None if says(&["login", "password", "credential", "authentication"]) => Self::Auth,
            None => Self::Connect,
        }
    }
}

const NAMES_MAIL: &[&str] = &["recipient", "sender", "dmarc", "spf", "message"];

/// A tagged or untagged response (RFC 9051 section 7.1), with or without its tag.
fn is_imap(text: &str) -> bool {
    text.lines().any(|line| {
        line.split_whitespace()
            .take(2)
            .any(|word| matches!(word, "NO" | "BAD" | "BYE"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_reply_gives_its_stage_away() {
        for (stage, text) in [
            (Stage::Token, r#"{"error":"invalid_grant"}"#),
            (Stage::Imap, "a1 NO [AUTHENTICATIONFAILED] Invalid credentials"),
            (Stage::Imap, "* BYE Session invalidated"),
            (Stage::Auth, "535-5.7.8 Username and Password not accepted."),
            (Stage::Auth, "454 4.7.0 Too many login attempts"),
            (Stage::Rcpt, "550 5.1.1 <a@example.com>: User unknown"),
            (Stage::Data, "554 5.7.1 Spam message rejected"),
            (Stage::Tls, "invalid peer certificate: UnknownIssuer"),
            (Stage::Connect, "getaddrinfo ENOTFOUND smtp.example.com"),
        ] {
            assert_eq!(Stage::guess(None, text), stage, "{text}");
        }
    }
}
