//! Why a file is not taken at all. Nothing was changed then.

use super::{MOST_BYTES, MOST_ROWS};
use serde::{Deserialize, Serialize};

/// Why a file is not taken at all. Lines count from 1, as an editor shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum FileProblem {
    /// No file, or no byte in it.
    #[error("the file is empty. Choose a CSV file with a header line and a line for each account")]
    Empty,
    /// Nothing below the header.
    #[error("the file has a header and no row below it. Add a line for each account")]
    OnlyHeader,
    /// Beyond [`MOST_BYTES`].
    #[error("the file is larger than {} MB. Split it", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// Beyond [`MOST_ROWS`].
    #[error("the file has more than {MOST_ROWS} rows. Split it into files of at most {MOST_ROWS}")]
    TooManyRows,
    /// A zip archive, as spreadsheet programs save, or an older Excel file.
    #[error(
        "the file is a spreadsheet or an archive. Open it in the program that made it, and save it as CSV (UTF-8)"
    )]
    Spreadsheet,
    /// A byte zero.
    #[error("line {line} holds a NUL byte: this is no text file. Save it as CSV (UTF-8)")]
    Nul {
        /// Where.
        line: u64,
    },
    /// Bytes that are not UTF-8, nor marked as UTF-16.
    #[error(
        "line {line} holds characters that are not UTF-8; the file may be saved as Latin-1 (Windows-1252). Save it \
         as “CSV UTF-8”, or say that it is Latin-1"
    )]
    NotUtf8 {
        /// Where.
        line: u64,
    },
    /// UTF-16 that breaks off or pairs wrongly.
    #[error("the file begins as UTF-16 and is damaged. Save it as CSV (UTF-8)")]
    BrokenUtf16,
    /// A quotation mark that opens a cell and never closes it.
    #[error(
        "line {line} opens a quotation mark that is never closed. Close it, or double it where it is meant"
    )]
    OpenQuote {
        /// Where it opens.
        line: u64,
    },
    /// A cell that no mail setting fills.
    #[error("line {line} holds a cell of more than 64 KB: a quotation mark may be missing")]
    LongCell {
        /// Where its row begins.
        line: u64,
    },
    /// More columns than any export has.
    #[error("the header has more than 200 columns: this may be another kind of file")]
    TooManyColumns,
}
