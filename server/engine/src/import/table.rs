//! From text to rows (RFC 4180, with any of three delimiters).

use csv::{ReaderBuilder, StringRecord};
use tocsin_domain::import::{FileProblem, MOST_ROWS};

/// What may stand between two cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// The longest cell: an authority's certificates are the longest that means anything.
const LONGEST_CELL: usize = 64 * 1024;

const MOST_COLUMNS: usize = 200;

/// A file that can be read to its end.
#[derive(Debug)]
pub(super) struct Table<'a> {
    text: &'a str,
    delimiter: u8,
    first_line: u64,
    /// The header's cells, trimmed.
    pub(super) header: Vec<String>,
    /// How many rows stand below it.
    pub(super) rows: usize,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The line in which it begins, from 1.
    pub(super) line: u64,
    /// Its cells, as they stand.
    pub(super) cells: Vec<String>,
}

impl<'a> Table<'a> {
    /// Reads it once to its end, to know that it can be.
    pub(super) fn open(text: &'a str) -> Result<Self, FileProblem> {
        let (text, told, first_line) = told_delimiter(text);
        let delimiter = told.unwrap_or_else(|| sniff(text));
        if let Some(line) = open_quote(text, delimiter) {
            return Err(FileProblem::OpenQuote {
                line: line + first_line - 1,
            });
        }
        let mut table = Self {
            text,
            delimiter,
            first_line,
            header: Vec::new(),
            rows: 0,
        };
        let mut records = table.records();
        let header = records.next().ok_or(FileProblem::Empty)?;
        if header.cells.len() > MOST_COLUMNS {
            return Err(FileProblem::TooManyColumns);
        }
        let mut rows = 0;
        for record in records {
            if record.cells.iter().any(|cell| cell.len() > LONGEST_CELL) {
                return Err(FileProblem::LongCell { line: record.line });
            }
            rows += 1;
            if rows > MOST_ROWS {
                return Err(FileProblem::TooManyRows);
            }
        }
        if rows == 0 {
            return Err(FileProblem::OnlyHeader);
        }
        table.header = header.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        table.rows = rows;
        Ok(table)
    }

    /// The rows below the header.
    pub(super) fn rows(&self) -> impl Iterator<Item = Record> + use<'a> {
        self.records().skip(1)
    }

    /// All records but those whose cells are all empty, as spreadsheets leave them behind.
    fn records(&self) -> impl Iterator<Item = Record> + use<'a> {
        let reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(self.text.as_bytes());
        let (text, first_line) = (self.text, self.first_line);
        let mut counted = (0, first_line);
        reader
            .into_records()
            // It is text, and no cell can be wrong: nothing is left to fail.
            .filter_map(Result::ok)
            .filter(|record| record.iter().any(|cell| !cell.trim().is_empty()))
            .map(move |record| {
                let at = start_of(text, &record);
                counted = (at, counted.1 + lines_between(text, counted.0, at));
                Record {
                    line: counted.1,
                    cells: record.iter().map(str::to_owned).collect(),
                }
            })
    }
}

/// Where a record begins: its position may be that of blank lines before it.
fn start_of(text: &str, record: &StringRecord) -> usize {
    let at = record.position().map_or(0, csv::Position::byte);
    let at = usize::try_from(at).unwrap_or(0).min(text.len());
    let blank = text.as_bytes()[at..]
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    at + blank
}

fn lines_between(text: &str, from: usize, to: usize) -> u64 {
    text.as_bytes()[from..to]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count() as u64
}

/// Excel's own first line, `sep=;`. Returns the rest, the delimiter, and the number of the rest's first line.
fn told_delimiter(text: &str) -> (&str, Option<u8>, u64) {
    let Some((first, rest)) = text.split_once('\n') else {
        return (text, None, 1);
    };
    match first.trim_end().strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter]) if DELIMITERS.contains(delimiter) => (rest, Some(*delimiter), 2),
        _ => (text, None, 1),
    }
}

/// The delimiter that the header has most of, outside of quotation marks.
fn sniff(text: &str) -> u8 {
    let mut quoted = false;
    let mut found = [0_usize; DELIMITERS.len()];
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                if let Some(index) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
                    found[index] += 1;
                }
            }
            _ => {}
        }
    }
    // The first of those that tie: a comma where there is one column.
    let most = found.iter().copied().max().unwrap_or(0);
    let index = found.iter().position(|count| *count == most).unwrap_or(0);
    DELIMITERS[index]
}

/// The line that opens a quotation mark which the file's end finds open.
fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    #[derive(Clone, Copy)]
    enum At {
        CellStart,
        Plain,
        Quoted {
            since: u64,
        },
        /// Behind a mark inside of a quoted cell: it was doubled, or it closed.
        Mark {
            since: u64,
        },
    }
    let mut line = 1;
    let mut at = At::CellStart;
    for byte in text.bytes() {
        at = match (at, byte) {
            (At::CellStart, b'"') => At::Quoted { since: line },
            (At::Quoted { since }, b'"') => At::Mark { since },
            (At::Mark { since }, b'"') => At::Quoted { since },
            (At::Quoted { since }, _) => At::Quoted { since },
            (_, b'\n' | b'\r') => At::CellStart,
            (_, byte) if byte == delimiter => At::CellStart,
            _ => At::Plain,
        };
        line += u64::from(byte == b'\n');
    }
    match at {
        At::Quoted { since } => Some(since),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let table = Table::open(text).unwrap();
        table.rows().map(|record| (record.line, record.cells)).collect()
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn any_of_the_three_delimiters_is_found_by_the_header() {
        for delimiter in [",", ";", "\t"] {
            let text = format!("email{delimiter}\"a,b;c\"{delimiter}x\r\n1{delimiter}2{delimiter}3\r\n");
            assert_eq!(rows(&text), [row(2, &["1", "2", "3"])], "{delimiter:?}");
        }
        assert_eq!(rows("email\na@b.c\n"), [row(2, &["a@b.c"])]);
        assert_eq!(rows("sep=;\nemail;x\na,b;c\n"), [row(3, &["a,b", "c"])]);
    }

    #[test]
    fn cells_stand_as_they_are_and_lines_count_as_an_editor_counts() {
        let text = "email,password\n\na,\"  two\nlines \"\"q\"\" \"\n,\nb, p\r\n";
        assert_eq!(
            rows(text),
            [row(3, &["a", "  two\nlines \"q\" "]), row(6, &["b", " p"])]
        );
    }

    #[test]
    fn a_quotation_mark_that_stays_open_is_named_by_its_line() {
        let problem = |text| Table::open(text).unwrap_err();
        assert_eq!(
            problem("a,b\n1,2\n3,\"4\n5,6\n"),
            FileProblem::OpenQuote { line: 3 }
        );
        assert_eq!(problem("sep=,\na,b\n\"1,2\n"), FileProblem::OpenQuote { line: 3 });
        // In the middle of a cell it is a character like any other.
        assert_eq!(rows("a,b\n1,2\"3\n"), [row(2, &["1", "2\"3"])]);
    }

    #[test]
    fn what_cannot_be_a_list_of_accounts_is_refused() {
        let problem = |text: &str| Table::open(text).unwrap_err();
        assert_eq!(problem("email,password\n,\n \n"), FileProblem::OnlyHeader);
        let full = format!("email\n{}", "a\n".repeat(MOST_ROWS));
        assert_eq!(Table::open(&full).unwrap().rows, MOST_ROWS);
        assert_eq!(problem(&format!("{full}a\n")), FileProblem::TooManyRows);
        assert_eq!(
            problem(&format!("{}\nx", "a,".repeat(300))),
            FileProblem::TooManyColumns
        );
        let long = "x".repeat(LONGEST_CELL + 1);
        assert_eq!(
            problem(&format!("email\na\n{long}\n")),
            FileProblem::LongCell { line: 3 }
        );
    }

    #[test]
    fn ragged_rows_are_left_to_be_told_one_by_one() {
        assert_eq!(
            rows("a,b\n1\n1,2,3\n"),
            [row(2, &["1"]), row(3, &["1", "2", "3"])]
        );
    }
}
