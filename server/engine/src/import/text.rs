//! From a file's bytes to text: UTF-8 with or without its mark, UTF-16 in both orders, and Latin-1 where somebody
//! said so. What is no text is told apart by how it begins.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;
use tocsin_domain::import::{FileProblem, MOST_BYTES};

/// How the bytes are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Charset {
    /// Unicode, as the file shows.
    #[default]
    Unicode,
    /// Latin-1, as spreadsheets in Western Europe save it: Windows-1252
    /// (<https://encoding.spec.whatwg.org/#names-and-labels>).
    Latin1,
}

/// How files begin that spreadsheets and archives are: zip (also .xlsx and .ods), the older Excel, gzip, 7-Zip, RAR.
/// <https://en.wikipedia.org/wiki/List_of_file_signatures>
const SIGNATURES: [&[u8]; 6] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xD0\xCF\x11\xE0",
    b"\x1F\x8B",
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!",
];

/// How many bytes tell UTF-16 without a mark.
const PROBE: usize = 64;

/// The file's text, without a mark.
pub(super) fn to_text(bytes: &[u8], charset: Charset) -> Result<Cow<'_, str>, FileProblem> {
    if bytes.len() > MOST_BYTES {
        return Err(FileProblem::TooLarge);
    }
    if SIGNATURES.iter().any(|signature| bytes.starts_with(signature)) {
        return Err(FileProblem::Spreadsheet);
    }
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (guess(bytes), bytes),
    };
    let text = if encoding == UTF_8 {
        utf8(bytes, charset)?
    } else {
        encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or(FileProblem::BrokenUtf16)?
    };
    if let Some(at) = text.find('\0') {
        return Err(FileProblem::Nul {
            line: line_at(text.as_bytes(), at),
        });
    }
    if text.trim().is_empty() {
        return Err(FileProblem::Empty);
    }
    Ok(text)
}

fn utf8(bytes: &[u8], charset: Charset) -> Result<Cow<'_, str>, FileProblem> {
    match (std::str::from_utf8(bytes), charset) {
        (Ok(text), _) => Ok(Cow::Borrowed(text)),
        (Err(_), Charset::Latin1) => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0),
        (Err(error), Charset::Unicode) => {
            let at = error.valid_up_to();
            Err(match bytes[..at].iter().position(|byte| *byte == 0) {
                // Something else than text altogether.
                Some(nul) => FileProblem::Nul {
                    line: line_at(bytes, nul),
                },
                None => FileProblem::NotUtf8 {
                    line: line_at(bytes, at),
                },
            })
        }
    }
}

/// UTF-16 without a mark: every other byte of Western text is zero.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let probe = &bytes[..bytes.len().min(PROBE) & !1];
    let zeros = |first: usize| {
        probe
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let most = probe.len() / 2 * 3 / 4;
    match most {
        0 => UTF_8,
        most if odd >= most && even == 0 => UTF_16LE,
        most if even >= most && odd == 0 => UTF_16BE,
        _ => UTF_8,
    }
}

/// The line of a byte, from 1.
fn line_at(bytes: &[u8], at: usize) -> u64 {
    1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, FileProblem> {
        to_text(bytes, Charset::Unicode).map(Cow::into_owned)
    }

    fn utf16(text: &str, order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter()
            .chain(text.encode_utf16())
            .flat_map(order)
            .collect()
    }

    #[test]
    fn unicode_is_read_with_and_without_its_mark() {
        let wanted = "email,password\nä@example.com,pässwort\n";
        assert_eq!(text(wanted.as_bytes()).unwrap(), wanted);
        assert_eq!(
            text(&[b"\xEF\xBB\xBF", wanted.as_bytes()].concat()).unwrap(),
            wanted
        );
        for mark in [true, false] {
            assert_eq!(text(&utf16(wanted, u16::to_le_bytes, mark)).unwrap(), wanted);
            assert_eq!(text(&utf16(wanted, u16::to_be_bytes, mark)).unwrap(), wanted);
        }
    }

    #[test]
    fn latin_1_is_named_with_its_line_and_read_when_somebody_says_so() {
        let bytes = b"email,name\na@example.com,J\xF6rg\n";
        assert_eq!(text(bytes), Err(FileProblem::NotUtf8 { line: 2 }));
        assert_eq!(
            to_text(bytes, Charset::Latin1).unwrap(),
            "email,name\na@example.com,Jörg\n"
        );
    }

    #[test]
    fn what_is_no_text_is_refused_by_what_it_is() {
        assert_eq!(text(b"PK\x03\x04rest"), Err(FileProblem::Spreadsheet));
        assert_eq!(text(b"\xD0\xCF\x11\xE0\xA1\xB1"), Err(FileProblem::Spreadsheet));
        assert_eq!(text(b"email\na\0b"), Err(FileProblem::Nul { line: 2 }));
        assert_eq!(text(b""), Err(FileProblem::Empty));
        assert_eq!(text(b"\xEF\xBB\xBF \r\n"), Err(FileProblem::Empty));
        assert_eq!(text(b"\xFF\xFEa\0b"), Err(FileProblem::BrokenUtf16));
        assert_eq!(text(&vec![b'a'; MOST_BYTES + 1]), Err(FileProblem::TooLarge));
    }
}
