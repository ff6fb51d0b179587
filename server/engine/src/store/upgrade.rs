//! Bringing a database up to date. An existing one is copied first; then everything that is pending is done in one
//! transaction. So a process that is killed at any moment leaves the old database or the new one, each of which its
//! own version of Tocsin can use, and never one between.

use super::copies::{self, Written};
use super::{OpenError, Setting, is_full, settings};
use crate::time::now;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, Connection as _};
use std::collections::BTreeSet;
use std::path::Path;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// This Tocsin.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The number of the newest migration that this Tocsin knows.
pub(super) fn schema() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or_default()
}

/// Brings the tables up to date, and notes that this version used them.
pub(super) async fn bring_up_to_date(database: &mut AnyConnection, data: &Path) -> Result<(), OpenError> {
    let failed = |error: sqlx::Error| OpenError::of(error, data);
    let applied = applied(&mut *database).await.map_err(failed)?;
    if let Some(schema) = applied.last().copied() {
        let known: BTreeSet<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        let version = settings::read(&mut *database, Setting::WrittenBy).await;
        if !applied.is_subset(&known) {
            // What the newer version made of the settings is not known: without them there is no name for it.
            let version = version.unwrap_or_default();
            return Err(OpenError::newer(Written { version, schema }, data));
        }
        let version = version.map_err(failed)?;
        let written = Written { version, schema };
        if known == applied && written.version.as_deref() == Some(VERSION) {
            return Ok(());
        }
        if known != applied {
            let copy = copies::make(&mut *database, data, &written, now()).await?;
            tracing::info!(
                copy = %copy.display(),
                "the database was written by {written}; it was copied and is now brought up to date for Tocsin {VERSION}"
            );
        }
    }
    let mut transaction = database.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    MIGRATIONS
        .run(&mut *transaction)
        .await
        .map_err(|error| migration(error, data))?;
    note(&mut transaction).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

async fn note(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    settings::write(connection, Setting::WrittenBy, VERSION).await
}

fn migration(error: MigrateError, data: &Path) -> OpenError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) if is_full(&error) => {
            OpenError::Full(data.to_owned())
        }
        error => OpenError::Migration(error),
    }
}

/// The migrations that were done; none in a new database.
async fn applied(database: &mut AnyConnection) -> Result<BTreeSet<i64>, sqlx::Error> {
    let there: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *database)
    .await?;
    if there == 0 {
        return Ok(BTreeSet::new());
    }
    let versions: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
        .fetch_all(database)
        .await?;
    Ok(versions.into_iter().collect())
}
