//! Opening the database: where it is, who may use it, and whether its version fits.

use super::upgrade::{self, bring_up_to_date};
use super::{OpenError, StoreError};
use crate::ids::Ids;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Executor as _};
use std::cmp::Ordering;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

/// A transaction that writes.
pub type Transaction = sqlx::Transaction<'static, sqlx::Any>;

/// Where the database is.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The data directory; `SQLite`'s file in it is `tocsin.db`.
    pub folder: PathBuf,
}

/// Why the database cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// There is none.
    #[error("there is no database at {0}")]
    None(PathBuf),
    /// A newer version of Tocsin wrote it.
    #[error("the database was written by a newer version of Tocsin")]
    Newer,
    /// An older version of Tocsin wrote it.
    #[error("the database was written by an older version of Tocsin")]
    Older,
    /// Anything else.
    #[error("the database cannot be read: {0}")]
    Database(#[from] sqlx::Error),
}

/// The open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    /// One connection on `SQLite`, which has one writer at a time: waiting here is fair, waiting there is not.
    writer: AnyPool,
    reader: AnyPool,
    ids: Arc<Ids>,
    /// None where it was opened to look at alone.
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Opens the database, makes it if there is none, and brings its tables up to date.
    pub async fn open(config: &StoreConfig) -> Result<Self, OpenError> {
        let folder = &config.folder;
        std::fs::create_dir_all(folder).map_err(|error| OpenError::of_file(error, folder))?;
        let lock = lock(folder)?;
        sqlx::any::install_default_drivers();
        let failed = |error| OpenError::of(error, folder);
        let path = folder.join("tocsin.db");
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let options = AnyConnectOptions::from_str(&url)
            .map_err(failed)?
            .disable_statement_logging();
        // Alone, because a pool would try a connection that fails for a minute, and then not say why.
        let mut first = AnyConnection::connect_with(&options).await.map_err(failed)?;
        set_up(&mut first).await.map_err(failed)?;
        bring_up_to_date(&mut first, folder).await?;
        first.close().await.map_err(failed)?;
        let writer = pool(1).connect_with(options.clone()).await.map_err(failed)?;
        let reader = pool(4).connect_with(options).await.map_err(failed)?;
        Ok(Self {
            writer,
            reader,
            ids: Arc::new(Ids::new()),
            _lock: Some(Arc::new(lock)),
        })
    }

    /// Opens the database to look at it, beside the process that uses it: nothing can be changed.
    pub async fn look(folder: &Path) -> Result<Self, LookError> {
        let path = folder.join("tocsin.db");
        if !path.is_file() {
            return Err(LookError::None(path));
        }
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_str(&format!("sqlite://{}?mode=ro", path.display()))?
            .disable_statement_logging();
        let reader = AnyPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(15))
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection
                        .execute("PRAGMA query_only = ON; PRAGMA busy_timeout = 10000")
                        .await
                        .map(|_| ())
                })
            })
            .connect_with(options)
            .await?;
        let written: i64 = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations WHERE success")
            .fetch_one(&reader)
            .await?;
        match upgrade::schema().cmp(&written) {
            Ordering::Less => Err(LookError::Newer),
            Ordering::Greater => Err(LookError::Older),
            Ordering::Equal => Ok(Self {
                writer: reader.clone(),
                reader,
                ids: Arc::new(Ids::new()),
                _lock: None,
            }),
        }
    }

    /// What `SQLite` finds wrong with the database's file; nothing where it is whole.
    pub async fn damage(&self) -> Result<Option<String>, StoreError> {
        // <https://www.sqlite.org/pragma.html#pragma_quick_check>
        let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&self.reader)
            .await?;
        Ok((found != "ok").then_some(found))
    }

    /// Begins a transaction that writes. Dropped without commit, it changes nothing.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        loop {
            // IMMEDIATE takes SQLite's write lock at once; a plain BEGIN could fail in the middle.
            match self.writer.begin_with("BEGIN IMMEDIATE").await {
                // SQLite ends a transaction by itself when the disk is full or fails
                // (<https://www.sqlite.org/lang_transaction.html> section 3); the connection still counts it as
                // open and is of no use any more.
                Err(sqlx::Error::InvalidSavePointStatement) => self.writer.acquire().await?.close().await?,
                begun => return Ok(begun?),
            }
        }
    }

    /// Where reading queries run.
    pub(super) fn reader(&self) -> &AnyPool {
        &self.reader
    }

    /// A new id.
    pub fn next_id(&self) -> i64 {
        self.ids.next()
    }

    /// Closes the database after all that was begun.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_mins(1))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| Box::pin(set_up(connection)))
}

/// `synchronous=FULL` makes a commit survive the plug being pulled (<https://www.sqlite.org/pragma.html>).
async fn set_up(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection
        .execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA busy_timeout = 10000; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY",
        )
        .await
        .map(|_| ())
}

/// Takes the data directory for this process alone, for as long as the file stays open.
fn lock(folder: &Path) -> Result<File, OpenError> {
    let unusable = |error| OpenError::of_file(error, folder);
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(folder.join("tocsin.lock"))
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn open(folder: &Path) -> Result<Store, OpenError> {
        Store::open(&StoreConfig {
            folder: folder.to_owned(),
        })
        .await
    }

    #[tokio::test]
    async fn a_second_process_on_the_same_directory_is_refused_and_the_first_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path()).await.unwrap();
        assert!(matches!(open(folder.path()).await, Err(OpenError::InUse(_))));
        first.begin().await.unwrap().commit().await.unwrap();
    }

    #[tokio::test]
    async fn what_was_closed_opens_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path()).await.unwrap();
        first.close().await;
        drop(first);
        open(folder.path()).await.unwrap();
    }
}
