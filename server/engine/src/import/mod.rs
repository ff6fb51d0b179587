//! Adding accounts in bulk: from a CSV file to accounts that their servers have accepted, and a report.
//!
//! A file passes through these states ([`ImportState`](tocsin_domain::import::ImportState)): *reading* while its rows
//! are stored, *mapping* while somebody says which column holds what, *running* while each row is tried by a real
//! sign-in, and *done*, or *cancelled*. Everything is in the database: a closed page changes nothing, and a process
//! that is killed goes on at its next start with the rows that have no outcome yet. A row's outcome and what it
//! changed are one transaction, so that no row is done twice.
//!
//! The cells are sealed by the vault while they wait, since a password is among them, and erased with the outcome.
//!
//! | file | holds |
//! |---|---|
//! | `text`, `table` | from bytes to text, from text to rows |
//! | `columns`, `row` | which column holds what, and what a row says |
//! | `plan` | what a row comes to |
//! | `upload` | from a file to stored rows |
//! | `manage` | starting, cancelling, looking at it |
//! | `run`, `hosts` | trying the rows, gently for each mail server |
//! | `prove` | the real sign-ins |
//! | `write` | outcomes, and what they change, in batches |
//! | `report`, `sheet` | the report, and cells that a spreadsheet takes for nothing else |
//! | `mail` | the report's mail to whoever brought the file |
//! | `links` | re-authorization links for the owners of mailboxes that are authorized by a sign-in |
//! | `export` | the accounts as such a file, without secrets; the template |
//!
//! Not here: pages and forms (`app`), the upload by HTTP and the command (`server`).

mod columns;
mod error;
mod export;
mod hosts;
mod links;
mod mail;
mod manage;
mod plan;
mod prove;
mod report;
mod row;
mod run;
mod sheet;
mod table;
mod text;
mod upload;
mod write;

pub use columns::{Mapping, MappingProblem, guess};
pub use error::ImportError;
pub use export::template;
pub use links::OwnerLink;
pub use manage::{Import, Preview};
pub use plan::OnExisting;
pub use report::Page;
pub use text::Charset;
pub use upload::Upload;

pub(crate) use run::run;

use crate::vault::Place;
use std::fmt;
use tocsin_domain::id::ImportId;
use tokio::sync::Notify;

/// What the process keeps in memory about files of accounts.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    /// Something is to be done, or to be left: a file was started or cancelled.
    wake: Notify,
}

/// Where a row's cells are sealed.
struct RowName(String);

impl RowName {
    fn new(import: ImportId, position: u64) -> Self {
        Self(format!("{import}:{position}"))
    }

    fn place(&self) -> Place<'_> {
        Place {
            table: "import_rows",
            column: "cells",
            row: &self.0,
        }
    }
}

impl fmt::Debug for RowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
