//! What kind of response it is (RFC 9051 section 7).

/// One response of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Response {
    /// `+ …`: the server waits for more.
    Continue(String),
    /// `* BYE …`: it ends the session.
    Bye(String),
    /// `* OK …`, `* NO …`, `* BAD …`, `* PREAUTH …`: the word, and what follows it.
    Condition(Condition, String),
    /// `* CAPABILITY …`, in capitals.
    Capability(Vec<String>),
    /// `* n EXISTS`.
    Exists(u32),
    /// `* SEARCH …`: the numbers.
    Search(Vec<u32>),
    /// `* n FETCH …`: what stands behind the word.
    Fetch(Vec<u8>),
    /// `tag OK …`, `tag NO …`, `tag BAD …`: the tag, the word, and what follows it.
    Done(String, Condition, String),
    /// Anything else that begins like IMAP.
    Other,
    /// No IMAP.
    Rubbish(String),
}

/// A condition (RFC 9051 section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    Ok,
    No,
    Bad,
    Preauth,
}

impl Condition {
    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_uppercase().as_str() {
            "OK" => Self::Ok,
            "NO" => Self::No,
            "BAD" => Self::Bad,
            "PREAUTH" => Self::Preauth,
            _ => return None,
        })
    }
}

impl Response {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let line = String::from_utf8_lossy(bytes);
        let line = line.trim_end_matches(['\r', '\n']);
        if let Some(text) = line.strip_prefix('+') {
            return Self::Continue(text.trim_start().to_owned());
        }
        if line.is_empty() {
            return Self::Other;
        }
        let Some((tag, rest)) = line.split_once(' ') else {
            return Self::Rubbish(line.to_owned());
        };
        let (word, text) = rest.split_once(' ').unwrap_or((rest, ""));
        if tag != "*" {
            let is_tag = tag.len() <= 20 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return match Condition::of(word).filter(|_| is_tag) {
                Some(condition) => Self::Done(tag.to_owned(), condition, text.to_owned()),
                None => Self::Rubbish(line.to_owned()),
            };
        }
        if let Some(condition) = Condition::of(word) {
            return Self::Condition(condition, text.to_owned());
        }
        match word.to_ascii_uppercase().as_str() {
            "BYE" => Self::Bye(text.to_owned()),
            "CAPABILITY" => Self::Capability(words(text)),
            "SEARCH" => Self::Search(text.split(' ').filter_map(|number| number.parse().ok()).collect()),
            word => word
                .parse()
                .map_or(Self::Other, |number| counted(number, text, bytes)),
        }
    }
}

fn counted(number: u32, text: &str, bytes: &[u8]) -> Response {
    let kind = text.split(' ').next().unwrap_or_default();
    if kind.eq_ignore_ascii_case("EXISTS") {
        return Response::Exists(number);
    }
    // The bytes themselves: the mail within need not be UTF-8.
    let from = bytes.iter().position(|byte| *byte == b'(');
    match from {
        Some(from) if kind.eq_ignore_ascii_case("FETCH") => Response::Fetch(bytes[from..].to_vec()),
        _ => Response::Other,
    }
}

/// The capabilities in a response code: `[CAPABILITY IMAP4rev1 …] Ready`.
pub(super) fn capabilities_in(text: &str) -> Option<Vec<String>> {
    code(text, "CAPABILITY").map(words)
}

/// The number in a response code: `[UIDVALIDITY 7]`.
pub(super) fn number_in(text: &str, name: &str) -> Option<u32> {
    code(text, name)?.trim().parse().ok()
}

/// What a response code says behind its name.
fn code<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let inside = text.strip_prefix('[')?.split(']').next()?;
    let (found, rest) = inside.split_once(' ')?;
    found.eq_ignore_ascii_case(name).then_some(rest)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_ascii_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_told_apart() {
        let read = |text: &str| Response::read(text.as_bytes());
        assert_eq!(read("+ \r\n"), Response::Continue(String::new()));
        assert_eq!(read("* BYE gone\r\n"), Response::Bye("gone".into()));
        assert_eq!(read("* 3 exists\r\n"), Response::Exists(3));
        assert_eq!(read("* SEARCH 1 22\r\n"), Response::Search(vec![1, 22]));
        assert_eq!(read("* SEARCH\r\n"), Response::Search(vec![]));
        assert_eq!(
            read("a7 NO [AUTHENTICATIONFAILED] no\r\n"),
            Response::Done("a7".into(), Condition::No, "[AUTHENTICATIONFAILED] no".into())
        );
        assert_eq!(read("* 1 EXPUNGE\r\n"), Response::Other);
        assert_eq!(
            read("* 1 FETCH (UID 7)\r\n"),
            Response::Fetch(b"(UID 7)\r\n".to_vec())
        );
    }

    #[test]
    fn other_protocols_are_no_imap() {
        for text in [
            "220 mail.example.org ESMTP\r\n",
            "HTTP/1.1 400 Bad Request\r\n",
            "-ERR no\r\n",
            "\u{1}\u{2}",
        ] {
            assert!(
                matches!(Response::read(text.as_bytes()), Response::Rubbish(_)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_response_code_gives_its_number_and_its_words() {
        assert_eq!(number_in("[UIDVALIDITY 17] ok", "UIDVALIDITY"), Some(17));
        assert_eq!(number_in("[UIDNEXT 17] ok", "UIDVALIDITY"), None);
        assert_eq!(
            capabilities_in("[CAPABILITY imap4rev1 IDLE] ready"),
            Some(vec!["IMAP4REV1".into(), "IDLE".into()])
        );
    }
}
