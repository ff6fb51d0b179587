//! Cells that a spreadsheet shows as they are. A cell that begins as a formula gets an apostrophe before it, by which
//! spreadsheets mark text; reading takes it away again. <https://owasp.org/www-community/attacks/CSV_Injection>

use super::row::begins_as_formula;
use csv::WriterBuilder;
use std::borrow::Cow;

/// The mark by which Excel knows UTF-8.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A CSV file (RFC 4180) that is being written.
pub(super) struct Sheet {
    writer: csv::Writer<Vec<u8>>,
}

impl Sheet {
    /// Begins a file with its header.
    pub(super) fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Self {
        let writer = WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(MARK.to_vec());
        let mut sheet = Self { writer };
        sheet.row(header);
        sheet
    }

    /// Adds a row.
    pub(super) fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for cell in cells {
            // Memory takes everything, and rows may differ in length no more than their callers make them.
            let _ = self.writer.write_field(plain(cell).as_bytes());
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    /// The file.
    pub(super) fn finish(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

fn plain(cell: &str) -> Cow<'_, str> {
    if begins_as_formula(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_cell_begins_as_a_formula() {
        let mut sheet = Sheet::new(["a", "b"]);
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            sheet.row([cell, "two\r\n\"lines\""]);
        }
        let text = String::from_utf8(sheet.finish()).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
        let mut count = 0;
        for record in reader.records() {
            let record = record.unwrap();
            assert!(record[0].starts_with('\''), "{record:?}");
            assert_eq!(&record[1], "two\r\n\"lines\"");
            count += 1;
        }
        assert_eq!(count, 6);
    }
}
