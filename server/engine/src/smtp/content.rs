//! A mail's bytes in the form that DATA takes.

/// Appends the mail with CRLF line ends and doubled leading dots, and the line with a single dot that ends it
/// (RFC 5321 sections 4.1.1.4 and 4.5.2). Bare CR and LF become line ends: left alone, some servers would see
/// the end of the mail in them (<https://smtpsmuggling.com>).
pub(super) fn append(out: &mut Vec<u8>, message: &[u8]) {
    out.reserve(message.len() + message.len() / 32 + 5);
    let mut rest = message;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
        rest = after
            .strip_prefix(b"\r\n")
            .unwrap_or_else(|| after.get(1..).unwrap_or_default());
    }
    out.extend_from_slice(b".\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(message: &str) -> String {
        let mut out = Vec::new();
        append(&mut out, message.as_bytes());
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn a_leading_dot_is_doubled_and_the_end_marked() {
        assert_eq!(
            sent("Subject: x\r\n\r\n.\r\n..a\r\nb.c\r\n"),
            "Subject: x\r\n\r\n..\r\n...a\r\nb.c\r\n.\r\n"
        );
    }

    #[test]
    fn a_missing_last_line_end_is_added() {
        assert_eq!(sent("a"), "a\r\n.\r\n");
        assert_eq!(sent(""), ".\r\n");
    }

    #[test]
    fn no_bare_line_end_can_end_the_mail_early() {
        for message in ["a\n.\nMAIL", "a\r.\rMAIL", "a\n.\r\nMAIL", "a\r\n.\nMAIL"] {
            assert_eq!(sent(message), "a\r\n..\r\nMAIL\r\n.\r\n", "{message:?}");
        }
    }
}
