//! What a FETCH response holds (RFC 9051 section 7.5.2), as far as Tocsin asks for it: the UID, when the mail came,
//! and one section of it.

use jiff::Timestamp;
use jiff::fmt::strtime;

/// One mail of a FETCH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fetched {
    /// Its UID.
    pub(crate) uid: u32,
    /// When the server got it.
    pub(crate) came_at: Option<Timestamp>,
    /// The section that was asked for; empty if the server has none.
    pub(crate) section: Vec<u8>,
}

impl Fetched {
    /// Reads `(UID 7 INTERNALDATE "…" BODY[…] {n}…)`; `None` without a UID.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut tokens = Tokens(bytes.strip_prefix(b"(")?);
        let (mut uid, mut came_at, mut section) = (None, None, Vec::new());
        while let Some(Token::Word(name)) = tokens.next() {
            let name = name.to_ascii_uppercase();
            let value = tokens.value()?;
            if name == b"UID" {
                uid = str::from_utf8(value).ok()?.parse().ok();
            } else if name == b"INTERNALDATE" {
                came_at = str::from_utf8(value).ok().and_then(date);
            } else if name.starts_with(b"BODY[") {
                section = value.to_vec();
            }
        }
        Some(Self {
            uid: uid?,
            came_at,
            section,
        })
    }
}

/// `17-Jul-1996 02:44:25 -0700`, the day padded by a space.
fn date(text: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim())
        .ok()?
        .to_timestamp()
        .ok()
}

enum Token<'a> {
    Word(&'a [u8]),
    Text(&'a [u8]),
    Open,
    Close,
}

struct Tokens<'a>(&'a [u8]);

impl<'a> Tokens<'a> {
    /// The value that follows a name; a list counts as one, unread.
    fn value(&mut self) -> Option<&'a [u8]> {
        match self.next()? {
            Token::Word(word) => Some(if word.eq_ignore_ascii_case(b"NIL") {
                b""
            } else {
                word
            }),
            Token::Text(text) => Some(text),
            Token::Close => None,
            Token::Open => {
                let mut depth = 1_usize;
                while depth > 0 {
                    match self.next()? {
                        Token::Open => depth += 1,
                        Token::Close => depth -= 1,
                        Token::Word(_) | Token::Text(_) => {}
                    }
                }
                Some(b"")
            }
        }
    }

    fn split(&mut self, at: usize) -> Option<&'a [u8]> {
        let (token, rest) = self.0.split_at_checked(at)?;
        self.0 = rest;
        Some(token)
    }

    fn quoted(&mut self) -> Option<&'a [u8]> {
        let mut escaped = false;
        let end = self.0.iter().position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        })?;
        let text = self.split(end)?;
        self.split(1)?;
        Some(text)
    }

    fn literal(&mut self) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| *byte == b'\n')?;
        let head = self.split(end + 1)?;
        let digits: Vec<u8> = head.iter().copied().filter(u8::is_ascii_digit).collect();
        let length = str::from_utf8(&digits).ok()?.parse().ok()?;
        self.split(length)
    }

    /// A section's name may hold spaces and parentheses between its brackets.
    fn word(&mut self) -> Option<&'a [u8]> {
        let mut in_brackets = false;
        let end = self.0.iter().position(|byte| {
            match byte {
                b'[' => in_brackets = true,
                b']' => in_brackets = false,
                _ => {}
            }
            !in_brackets && matches!(byte, b' ' | b'(' | b')' | b'\r' | b'\n')
        });
        self.split(end.unwrap_or(self.0.len()))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let blanks = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        self.split(blanks)?;
        match self.0.first()? {
            b'(' => self.split(1).map(|_| Token::Open),
            b')' => self.split(1).map(|_| Token::Close),
            b'"' => {
                self.split(1)?;
                self.quoted().map(Token::Text)
            }
            b'{' => self.literal().map(Token::Text),
            _ => self.word().map(Token::Word),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_literal_a_quoted_string_and_nothing_are_sections() {
        let literal = b"(UID 7 INTERNALDATE \" 7-Nov-2026 10:00:00 +0100\" BODY[HEADER.FIELDS (FROM DATE)]<0> {8}\r\na: (b)\r\n FLAGS (\\Seen $x))\r\n";
        let fetched = Fetched::read(literal).unwrap();
        assert_eq!((fetched.uid, fetched.section.as_slice()), (7, &b"a: (b)\r\n"[..]));
        assert_eq!(fetched.came_at.unwrap().to_string(), "2026-11-07T09:00:00Z");
        let quoted = Fetched::read(b"(BODY[]<0> \"a \\\" b\" UID 8)").unwrap();
        assert_eq!((quoted.uid, quoted.section.as_slice()), (8, &b"a \\\" b"[..]));
        assert_eq!(Fetched::read(b"(UID 9 BODY[] NIL)").unwrap().section, b"");
    }

    #[test]
    fn what_breaks_off_or_has_no_uid_is_nothing() {
        for text in [
            &b"(UID x)"[..],
            b"(FLAGS ())",
            b"(BODY[] {9}\r\nabc",
            b"(BODY[] \"abc",
            b"UID 7",
        ] {
            assert_eq!(Fetched::read(text), None, "{}", String::from_utf8_lossy(text));
        }
    }
}
