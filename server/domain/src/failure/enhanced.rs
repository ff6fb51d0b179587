//! Enhanced mail system status codes (RFC 3463, section 2; registry of RFC 5248).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A status of three numbers such as `5.7.8` (RFC 3463, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnhancedCode {
    /// 2 success, 4 persistent transient failure, 5 permanent failure.
    pub class: u8,
    /// What it is about: 1 address, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The registry's number within the subject.
    pub detail: u16,
}

impl EnhancedCode {
    /// Finds the first code in a reply. A code stands alone as a word, possibly after the reply code and a
    /// hyphen (`550-5.7.1`), a `#` or inside parentheses; versions and addresses are not codes.
    pub fn find_in(text: &str) -> Option<Self> {
        text.split(|c: char| c.is_whitespace() || "()[]<>{}\"',:;#-".contains(c))
            .find_map(|word| word.parse().ok())
    }
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// The text is no enhanced status code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an enhanced status code. One looks like 5.7.8.")]
pub struct NotAnEnhancedCode(String);

impl FromStr for EnhancedCode {
    type Err = NotAnEnhancedCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| NotAnEnhancedCode(text.to_owned()))
    }
}

fn read(text: &str) -> Option<EnhancedCode> {
    let mut parts = text.split('.');
    let class = match parts.next()? {
        "2" => 2,
        "4" => 4,
        "5" => 5,
        _ => return None,
    };
    let subject = number(parts.next()?)?;
    let detail = number(parts.next()?)?;
    parts.next().is_none().then_some(EnhancedCode {
        class,
        subject,
        detail,
    })
}

fn number(part: &str) -> Option<u16> {
    let digits = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| part.parse().ok()).flatten()
}

impl TryFrom<String> for EnhancedCode {
    type Error = NotAnEnhancedCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EnhancedCode> for String {
    fn from(code: EnhancedCode) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_code_is_found_after_a_reply_code_and_inside_brackets() {
        let wanted = "5.7.14".parse().unwrap();
        for text in [
            "534-5.7.14 <https://x>",
            "534 5.7.14 Please",
            "(#5.7.14) no",
            "status: 5.7.14, no",
        ] {
            assert_eq!(EnhancedCode::find_in(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn an_address_or_a_version_is_no_code() {
        for text in [
            "421 5.6.7.8 blocked",
            "postfix 3.4.1",
            "5.1234.1 x",
            "4.2 x",
            "v5.1.1.2",
        ] {
            assert_eq!(EnhancedCode::find_in(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_reads_back_as_it_is_written() {
        let code: EnhancedCode = "4.2.252".parse().unwrap();
        assert_eq!(code.to_string(), "4.2.252");
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"4.2.252\"");
        assert_eq!(serde_json::from_str::<EnhancedCode>("\"4.2.252\"").unwrap(), code);
    }
}
