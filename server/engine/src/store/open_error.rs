//! Why the database cannot be used, and what to do about it.

use super::copies::{self, Written};
use super::{is_full, is_read_only, upgrade};
use sqlx::migrate::MigrateError;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory cannot be made, read or written.
    #[error(
        "the data directory {0} cannot be used: {1}. Check that it exists and that this user may write to it, and \
         to each file in it"
    )]
    Folder(PathBuf, #[source] std::io::Error),
    /// The data directory is on a file system that takes no writes.
    #[error(
        "the data directory {0} cannot be written: its file system is read-only. Nothing was changed. Look why (a \
         file system with errors is often mounted so), make it writable, and start Tocsin again"
    )]
    ReadOnly(PathBuf),
    /// There is no space left.
    #[error(
        "there is no space left for the data directory {0}: nothing was changed. Free some space, then start Tocsin \
         again"
    )]
    Full(PathBuf),
    /// There is not enough space left for a copy.
    #[error(
        "before this version of Tocsin changes the database in {data}, it makes a copy. That needs {needed} MiB, and \
         {free} MiB are free: nothing was changed. Free some space, then start Tocsin again"
    )]
    NoRoom {
        /// The data directory.
        data: PathBuf,
        /// What the copy needs, in MiB.
        needed: u64,
        /// What is free, in MiB.
        free: u64,
    },
    /// Another process has it open.
    #[error(
        "another Tocsin already uses the data directory {0}. Stop that one first, or give this one a directory \
         of its own with --data"
    )]
    InUse(PathBuf),
    /// A newer version of Tocsin wrote it.
    #[error(
        "the database in {} was written by {theirs}. This is Tocsin {} (schema {}), which is older and cannot use \
         it: nothing was changed. Install the newer version again{}",
        data.display(), upgrade::VERSION, upgrade::schema(), way_back(data, copy.as_deref())
    )]
    Newer {
        /// The data directory.
        data: PathBuf,
        /// What wrote it.
        theirs: Written,
        /// The newest copy that this version can use.
        copy: Option<PathBuf>,
    },
    /// No copy could be made.
    #[error(
        "the database could not be copied before it is brought up to date: {0}. Nothing was changed. Run “tocsin \
         doctor”, which says whether it is damaged"
    )]
    Copy(#[source] sqlx::Error),
    /// Anything else.
    #[error("the database cannot be opened: {0}")]
    Database(#[source] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error(
        "the database could not be brought up to date: {0}. It is as it was: the version of Tocsin that wrote it can \
         still use it"
    )]
    Migration(#[source] MigrateError),
}

impl OpenError {
    /// What the database says, about a data directory.
    pub(super) fn of(error: sqlx::Error, data: &Path) -> Self {
        if is_full(&error) {
            Self::Full(data.to_owned())
        } else if is_read_only(&error) {
            Self::Folder(data.to_owned(), ErrorKind::PermissionDenied.into())
        } else {
            Self::Database(error)
        }
    }

    /// What the file system says, about a folder.
    pub(super) fn of_file(error: std::io::Error, folder: &Path) -> Self {
        let folder = folder.to_owned();
        match error.kind() {
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(folder),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full(folder),
            _ => Self::Folder(folder, error),
        }
    }

    /// The database is of a newer version.
    pub(super) fn newer(theirs: Written, data: &Path) -> Self {
        Self::Newer {
            copy: copies::usable(data, upgrade::schema()),
            data: data.to_owned(),
            theirs,
        }
    }
}

/// How to go back to this version although the database is newer.
fn way_back(data: &Path, copy: Option<&Path>) -> String {
    match copy {
        Some(copy) => format!(
            ". To go back to this version instead, without what came after the copy: put {} in the place of {}, and \
             remove tocsin.db-wal and tocsin.db-shm beside it",
            copy.display(),
            data.join("tocsin.db").display()
        ),
        None => format!(
            ", or start with another data directory. {} holds no copy that this version can use",
            data.join("copies").display()
        ),
    }
}
