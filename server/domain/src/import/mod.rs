//! Adding accounts in bulk: the words that its pages, its command and its tables share.
//!
//! | file | holds |
//! |---|---|
//! | `field` | what a column can hold |
//! | `file_problem` | why a file is not taken at all |
//! | `outcome` | what became of a row, and how far the whole is |
//! | `remark` | why that became of a row |

mod field;
mod file_problem;
mod outcome;
mod remark;

pub use field::{ImportField, UnknownField};
pub use file_problem::FileProblem;
pub use outcome::{Counts, ImportState, Outcome, UnknownWord};
pub use remark::{CellProblem, Remark, ServerKind};

/// The most rows of a file, without its header.
pub const MOST_ROWS: usize = 10_000;

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;
