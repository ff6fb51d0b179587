//! Commands out, responses in. Nothing that a server sends can take more memory than a limit allows.

use crate::net::{Fault, Socket, bounded};
use std::io;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::ProviderKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The longest line without a literal, in bytes. RFC 9051 section 4 sets none; a SEARCH that finds 10,000 mails
/// takes about 80 kB.
pub(super) const LONGEST_LINE: usize = 1024 * 1024;

/// The longest response with its literals, in bytes: a mail's first 256 KiB and what stands around them.
pub(super) const LONGEST_RESPONSE: usize = 512 * 1024 + LONGEST_LINE;

/// Why no response came.
#[derive(Debug)]
pub(super) enum Broken {
    Io(io::Error),
    Closed,
    TooLong,
}

impl Broken {
    pub(super) fn at(self, stage: Stage, provider: &ProviderKey) -> Fault {
        let lost = Meaning::ConnectionLost;
        match self {
            Self::Closed => Fault::known(stage, lost, "the server closed the connection without a word"),
            Self::TooLong => {
                let words = "the server sent a line or a part that has no end: this is no IMAP server, or a broken one";
                Fault::known(stage, Meaning::ServerFault, words)
            }
            Self::Io(error) => {
                let words = format!("the connection broke: {error}");
                match error.kind() {
                    io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof => Fault::known(stage, lost, &words),
                    // Words of a library: the network's rules know them.
                    _ => Fault::said(Stage::Connect, &words, provider).at(stage),
                }
            }
        }
    }
}

/// A connection and what has come over it but was not read yet.
pub(super) struct Wire {
    socket: Box<dyn Socket>,
    unread: Vec<u8>,
    scan: Scan,
}

impl Wire {
    pub(super) fn over(socket: Box<dyn Socket>) -> Self {
        Self {
            socket,
            unread: Vec::new(),
            scan: Scan::default(),
        }
    }

    /// Writes one line; CRLF is added.
    pub(super) async fn write(&mut self, line: &str) -> Result<(), Broken> {
        let line = format!("{line}\r\n");
        let written = async {
            self.socket.write_all(line.as_bytes()).await?;
            self.socket.flush().await
        };
        written.await.map_err(Broken::Io)
    }

    /// Waits for one whole response, with its literals in their place (RFC 9051 section 4.3). Dropped before its
    /// end, it loses nothing.
    pub(super) async fn response(&mut self) -> Result<Vec<u8>, Broken> {
        loop {
            if let Some(end) = self.scan.over(&self.unread).map_err(|TooLong| Broken::TooLong)? {
                self.scan = Scan::default();
                let rest = self.unread.split_off(end);
                return Ok(std::mem::replace(&mut self.unread, rest));
            }
            match self.socket.read_buf(&mut self.unread).await {
                Ok(0) => return Err(Broken::Closed),
                Ok(_) => {}
                Err(error) => return Err(Broken::Io(error)),
            }
        }
    }

    /// The first words of what came and is no whole response.
    pub(super) fn begun(&self) -> String {
        let begun = &self.unread[..self.unread.len().min(200)];
        bounded(&String::from_utf8_lossy(begun))
    }

    /// The bare socket, for the TLS handshake; `None` if something came that belongs to no response: it was not
    /// protected and must not be taken for what is said after the handshake.
    pub(super) fn into_socket(self) -> Option<Box<dyn Socket>> {
        self.unread.is_empty().then_some(self.socket)
    }
}

/// How far a response has been looked through, so that what comes in pieces is looked at once.
#[derive(Debug, Default)]
struct Scan {
    /// Where the current line begins.
    line: usize,
    /// Up to where no line break was found.
    seen: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct TooLong;

impl Scan {
    /// The end of the first response in the bytes, once it is there.
    fn over(&mut self, bytes: &[u8]) -> Result<Option<usize>, TooLong> {
        loop {
            let unseen = bytes.get(self.seen..).unwrap_or_default();
            let Some(found) = unseen.iter().position(|byte| *byte == b'\n') else {
                self.seen = self.seen.max(bytes.len());
                return if self.seen > self.line + LONGEST_LINE {
                    Err(TooLong)
                } else {
                    Ok(None)
                };
            };
            let end = self.seen + found + 1;
            let literal = match literal(&bytes[self.line..end]) {
                Some(length) if holds_literals(bytes) => length,
                _ => return Ok(Some(end)),
            };
            self.line = end.saturating_add(literal);
            self.seen = self.line;
            if self.line > LONGEST_RESPONSE {
                return Err(TooLong);
            }
        }
    }
}

/// Texts for people may end like the announcement of a literal; data does not hold such texts.
fn holds_literals(response: &[u8]) -> bool {
    response
        .strip_prefix(b"* ")
        .is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit) || rest.starts_with(b"ESEARCH"))
}

/// The length of the literal that a line ends by announcing: `{n}` or `{n+}`.
fn literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let inside = line.strip_suffix(b"}")?;
    let open = inside.iter().rposition(|byte| *byte == b'{')?;
    let digits = &inside[open + 1..];
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    // More digits than a number holds are more bytes than anybody sends.
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| str::from_utf8(digits).ok()?.parse().ok().or(Some(usize::MAX)))?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn first(bytes: &[u8]) -> Result<Option<usize>, TooLong> {
        Scan::default().over(bytes)
    }

    #[test]
    fn a_response_ends_at_its_line_break_unless_a_literal_follows() {
        assert_eq!(first(b"* 3 EXISTS\r\n* 4"), Ok(Some(12)));
        assert_eq!(first(b"* 3 EXIS"), Ok(None));
        let whole = b"* 1 FETCH (BODY[] {4}\r\na\r\nb UID 7)\r\n";
        assert_eq!(first(whole), Ok(Some(whole.len())));
        assert_eq!(first(b"* 1 FETCH (BODY[] {40}\r\na\r\n"), Ok(None));
    }

    #[test]
    fn a_text_that_looks_like_a_literal_is_one_line() {
        assert_eq!(first(b"* OK see {5}\r\n"), Ok(Some(14)));
        assert_eq!(first(b"a1 NO no {99999}\r\n"), Ok(Some(18)));
    }

    #[test]
    fn a_line_or_a_literal_without_end_is_given_up() {
        assert_eq!(first(&vec![b'a'; LONGEST_LINE + 1]), Err(TooLong));
        assert_eq!(first(b"* 1 FETCH (BODY[] {4294967295}\r\n"), Err(TooLong));
        assert_eq!(
            first(b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n"),
            Err(TooLong)
        );
    }

    #[test]
    fn what_comes_byte_by_byte_is_found_as_well() {
        let whole = b"* 1 FETCH (BODY[] {4}\r\na\r\nb UID 7)\r\n";
        let mut scan = Scan::default();
        for end in 0..whole.len() {
            assert_eq!(scan.over(&whole[..end]), Ok(None));
        }
        assert_eq!(scan.over(whole), Ok(Some(whole.len())));
    }
}
