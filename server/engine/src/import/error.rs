//! Why a file of accounts is not taken, or nothing was done with it.

use super::columns::MappingProblem;
use crate::store::StoreError;
use tocsin_domain::import::{FileProblem, ImportState};

/// Why a file of accounts is not taken, or nothing was done with it. Holds no cell's text.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read as a list of accounts.
    #[error("{0}; nothing was changed")]
    File(#[from] FileProblem),
    /// What was said about the columns cannot be used.
    #[error(transparent)]
    Mapping(#[from] MappingProblem),
    /// What was said about a column by its name cannot be used.
    #[error("{0}; nothing was changed")]
    Columns(String),
    /// It was started, cancelled or finished meanwhile.
    #[error("this import is {0} already; nothing was changed")]
    MovedOn(ImportState),
    /// It does not exist any more.
    #[error("this import does not exist any more; choose the file again")]
    Gone,
    /// Tocsin stops.
    #[error("Tocsin is being stopped; bring the file again when it runs")]
    Stopping,
    /// The links would lead nowhere from another machine.
    #[error(
        "the links would only open on this machine: set the address by which people reach Tocsin in Settings, or open \
         this page by it; nothing was sent"
    )]
    NotReachable,
    /// No link could be made.
    #[error("{0}")]
    Links(String),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::Gone,
            error => Self::Store(error),
        }
    }
}
