//! E-mail addresses.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// No text at all.
    #[error("an e-mail address is missing")]
    Empty,
    /// No `@`, or nothing before or behind it.
    #[error("“{0}” is not an e-mail address: write it as name@example.com")]
    Shape(String),
    /// A character that no address of a mailbox holds: spaces, line breaks, angle brackets, commas, …
    #[error("the e-mail address holds a character that is not allowed: write it as name@example.com")]
    Character,
    /// Longer than RFC 5321 section 4.5.3.1 allows (64 characters before the `@`, 254 in all).
    #[error("the e-mail address is too long")]
    TooLong,
}

/// An e-mail address as SMTP transports it (RFC 5321 section 4.1.2), without quoted local parts, which no
/// provider of mailboxes hands out. Compares without regard to case.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`, in lower case.
    pub fn domain(&self) -> String {
        self.0
            .rsplit_once('@')
            .map(|(_, domain)| domain.to_ascii_lowercase())
            .unwrap_or_default()
    }

    /// The address with all but its first letter and its domain hidden, for logs.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        format!("{}***@{domain}", local.chars().next().unwrap_or('*'))
    }

    /// Whether both name the same mailbox. Google delivers to the same one with and without dots in the name, and
    /// at gmail.com and googlemail.com (<https://support.google.com/mail/answer/7436150>,
    /// <https://support.google.com/mail/answer/10313>).
    pub fn is_same_mailbox(&self, other: &Self) -> bool {
        self == other
            || matches!((self.gmail_name(), other.gmail_name()), (Some(one), Some(two)) if one == two)
    }

    /// What Google tells its mailboxes apart by; none for another provider's.
    fn gmail_name(&self) -> Option<String> {
        let (name, _) = self.0.rsplit_once('@')?;
        matches!(self.domain().as_str(), "gmail.com" | "googlemail.com")
            .then(|| name.replace('.', "").to_ascii_lowercase())
    }

    /// Reads addresses separated by commas, semicolons or white space; empty places are passed over.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, InvalidAddress> {
        let mut addresses: Vec<Self> = Vec::new();
        for part in text
            .split([',', ';', ' ', '\t', '\r', '\n'])
            .filter(|part| !part.is_empty())
        {
            let address = part.parse()?;
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        Ok(addresses)
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim_matches([' ', '\t']);
        if text.is_empty() {
            return Err(InvalidAddress::Empty);
        }
        let forbidden = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"".contains(c);
        if text.contains(forbidden) {
            return Err(InvalidAddress::Character);
        }
        let shape = || InvalidAddress::Shape(text.chars().take(80).collect());
        let (local, domain) = text.rsplit_once('@').ok_or_else(shape)?;
        let dots = |part: &str| part.starts_with('.') || part.ends_with('.') || part.contains("..");
        let labels = domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        if local.is_empty() || local.contains('@') || dots(local) || !labels {
            return Err(shape());
        }
        if local.len() > 64 || text.len() > 254 {
            return Err(InvalidAddress::TooLong);
        }
        Ok(Self(text.to_owned()))
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for EmailAddress {}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidAddress;

    fn try_from(text: String) -> Result<Self, InvalidAddress> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn usual_addresses_are_taken_and_compare_without_case() {
        for text in [
            "a@example.com",
            "first.last+nas@sub.example.co.uk",
            "o'hara_1@localhost",
            "ü@exämple.de",
        ] {
            assert_eq!(text.parse::<EmailAddress>().unwrap().as_str(), text);
        }
        assert_eq!("A@Example.com".parse::<EmailAddress>(), "a@example.COM".parse());
    }

    #[test]
    fn what_could_break_out_of_an_envelope_or_header_is_refused() {
        for text in [
            "a@b\r\nRCPT TO:<c@d>",
            "<a@b>",
            "a b@c",
            "a,b@c",
            "a@b c",
            "\"q\"@b",
        ] {
            assert_eq!(
                text.parse::<EmailAddress>(),
                Err(InvalidAddress::Character),
                "{text:?}"
            );
        }
        for text in ["a", "@b", "a@", "a@@b", "a@b..c", ".a@b", "a@-b"] {
            assert!(
                matches!(text.parse::<EmailAddress>(), Err(InvalidAddress::Shape(_))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn only_google_overlooks_dots_and_has_two_domains_for_one_mailbox() {
        let same = |one: &str, two: &str| {
            let one: EmailAddress = one.parse().unwrap();
            one.is_same_mailbox(&two.parse().unwrap())
        };
        assert!(same("my.nas@gmail.com", "MyNas@googlemail.com"));
        assert!(same("nas@example.com", "NAS@example.com"));
        assert!(!same("my.nas@gmail.com", "mynas2@gmail.com"));
        assert!(!same("my.nas@outlook.com", "mynas@outlook.com"));
        assert!(!same("nas@gmail.com", "nas@example.com"));
    }

    #[test]
    fn a_list_takes_the_usual_separators_and_drops_doubles() {
        let list = EmailAddress::parse_list("a@x.org, b@x.org;A@x.org\n c@x.org ").unwrap();
        assert_eq!(
            list.iter().map(EmailAddress::as_str).collect::<Vec<_>>(),
            ["a@x.org", "b@x.org", "c@x.org"]
        );
    }

    #[test]
    fn a_masked_address_keeps_only_the_first_letter_and_the_domain() {
        assert_eq!(
            "owner@example.com".parse::<EmailAddress>().unwrap().masked(),
            "o***@example.com"
        );
    }
}
