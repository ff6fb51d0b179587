//! A server's reply, off the wire (RFC 5321 section 4.2).

use tocsin_domain::failure::EnhancedCode;

/// The longest reply that is read, in bytes: lists of capabilities and long explanations fit easily.
pub(super) const LONGEST: usize = 64 * 1024;

/// What came is not SMTP; the text is its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NotAReply(pub(super) String);

/// A whole reply, or as much as came before the connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    /// The three digits.
    pub(super) code: u16,
    /// The lines without the digits.
    pub(super) lines: Vec<String>,
    /// The connection ended before the last line was complete.
    pub(super) cut_short: bool,
}

impl Reply {
    /// Reads a reply from the beginning of what has come so far; also says how many bytes it took. `None`
    /// while its last line is missing.
    pub(super) fn read(bytes: &[u8]) -> Result<Option<(Self, usize)>, NotAReply> {
        let mut reply: Option<Self> = None;
        let mut start = 0;
        while let Some(length) = bytes[start..].iter().position(|b| *b == b'\n') {
            let line = bytes[start..start + length].strip_suffix(b"\r");
            let line = line.unwrap_or(&bytes[start..start + length]);
            start += length + 1;
            let (code, more, text) = split(line).ok_or_else(|| NotAReply(readable(line)))?;
            let reply = reply.get_or_insert_with(|| Self::empty(code));
            reply.lines.push(text);
            if !more {
                // Where lines disagree, the last one counts (RFC 5321 section 4.2.1 forbids that they do).
                reply.code = code;
                return Ok(Some((reply.clone(), start)));
            }
        }
        if bytes.len() > LONGEST {
            return Err(NotAReply("a reply without end".to_owned()));
        }
        Ok(None)
    }

    /// Reads what came before the connection ended in the middle of a reply.
    pub(super) fn read_cut_short(bytes: &[u8]) -> Option<Self> {
        let mut reply: Option<Self> = None;
        for line in bytes.split(|b| *b == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if let Some((code, _, text)) = split(line) {
                let reply = reply.get_or_insert_with(|| Self::empty(code));
                reply.lines.push(text);
                reply.cut_short = true;
            }
        }
        reply
    }

    fn empty(code: u16) -> Self {
        Self {
            code,
            lines: Vec::new(),
            cut_short: false,
        }
    }

    /// 2yz and 3yz.
    pub(super) fn is_positive(&self) -> bool {
        self.code < 400 && !self.cut_short
    }

    /// The words in one line; an enhanced status code that each line repeats stands once, at the beginning.
    pub(super) fn words(&self) -> String {
        let status = self.lines.first().and_then(|line| first_status(line));
        let mut words: Vec<&str> = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            let line = line.trim();
            let again = index > 0 && status.is_some() && first_status(line) == status;
            let line = match line.split_once(' ') {
                Some((_, rest)) if again => rest.trim_start(),
                None if again => "",
                _ => line,
            };
            if !line.is_empty() {
                words.push(line);
            }
        }
        words.join(" ")
    }
}

fn first_status(line: &str) -> Option<EnhancedCode> {
    line.split_whitespace().next()?.parse().ok()
}

/// Code, whether more lines follow, text.
fn split(line: &[u8]) -> Option<(u16, bool, String)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = str::from_utf8(digits).ok()?.parse::<u16>().ok()?;
    let (more, text) = match rest.split_first() {
        None => (false, rest),
        Some((b' ' | b'\t', text)) => (false, text),
        Some((b'-', text)) => (true, text),
        Some(_) => return None,
    };
    ((200..600).contains(&code) && digits.iter().all(u8::is_ascii_digit))
        .then(|| (code, more, readable(text)))
}

/// Some servers speak in the character set of their country; the ASCII part is understood all the same.
fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| !c.is_control()).take(1000).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> Reply {
        Reply::read(text.as_bytes()).unwrap().unwrap().0
    }

    #[test]
    fn a_reply_is_complete_with_its_last_line_wherever_it_was_split() {
        let whole = "250-mail.example.com\r\n250-SIZE 100\r\n250 PIPELINING\r\n";
        for end in 0..whole.len() {
            assert_eq!(Reply::read(&whole.as_bytes()[..end]), Ok(None), "{end}");
        }
        let (reply, used) = Reply::read(format!("{whole}235 next").as_bytes())
            .unwrap()
            .unwrap();
        assert_eq!(reply.lines, ["mail.example.com", "SIZE 100", "PIPELINING"]);
        assert_eq!(used, whole.len());
    }

    #[test]
    fn a_status_that_every_line_repeats_is_said_once() {
        let reply = read(
            "535-5.7.8 Username and Password not accepted. For more information, go to\r\n\
             535 5.7.8  https://support.google.com/mail/?p=BadCredentials - gsmtp\r\n",
        );

        assert_eq!(
            reply.words(),
            "5.7.8 Username and Password not accepted. For more information, go to \
             https://support.google.com/mail/?p=BadCredentials - gsmtp"
        );
    }

    #[test]
    fn a_bare_code_and_a_bare_line_feed_are_taken() {
        assert_eq!(read("250\r\n").code, 250);
        assert_eq!(read("250-a\n250 b\n").words(), "a b");
    }

    #[test]
    fn other_character_sets_do_not_hide_the_code() {
        let (reply, _) = Reply::read(b"535 \xb5\xc7\xc2\xbc authentication failed\r\n")
            .unwrap()
            .unwrap();

        assert_eq!(reply.code, 535);
        assert!(reply.words().ends_with("authentication failed"));
    }

    #[test]
    fn what_is_not_smtp_is_told_from_it() {
        for text in [
            "HTTP/1.1 400 Bad Request\r\n",
            "* OK IMAP ready\r\n",
            "2500 x\r\n",
            "+12 x\r\n",
            "\r\n",
        ] {
            assert!(Reply::read(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(Reply::read(&vec![b'2'; LONGEST + 1]).is_err());
    }

    #[test]
    fn what_came_before_the_connection_ended_is_kept() {
        for text in ["535-5.7.8 refused\r\n", "535 5.7.8 refused"] {
            let reply = Reply::read_cut_short(text.as_bytes()).unwrap();
            assert_eq!((reply.code, reply.words().as_str()), (535, "5.7.8 refused"));
            assert!(!reply.is_positive());
        }
        assert_eq!(Reply::read_cut_short(b"53"), None);
    }
}
