//! A newer version starts on an older one's data: a copy first, then the new tables, whenever the plug is pulled.

use crate::support::{Process, run, serve};
use sqlx::migrate::Migrator;
use sqlx::{AnyPool, any::AnyPoolOptions};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Enough that copying takes longer than looking, in 250 kB rows.
const ROWS: i64 = 160;

/// A database as the version before the last migration left it.
pub struct Old {
    folder: TempDir,
    /// Its migrations.
    pub schemas: BTreeSet<i64>,
}

impl Old {
    pub async fn plant(rows: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let migrator = migrator().await;
        let mut schemas: BTreeSet<i64> = migrator.iter().map(|migration| migration.version).collect();
        schemas.pop_last();
        let database = open(&folder.path().join("tocsin.db"), "rwc").await;
        migrator
            .run_to(*schemas.last().unwrap(), &database)
            .await
            .unwrap();
        sqlx::query("INSERT INTO settings (name, value) VALUES ('written-by', '0.0.9')")
            .execute(&database)
            .await
            .unwrap();
        for row in 0..rows {
            sqlx::query("INSERT INTO settings (name, value) VALUES ($1, hex(randomblob(125000)))")
                .bind(format!("filler-{row}"))
                .execute(&database)
                .await
                .unwrap();
        }
        database.close().await;
        Self { folder, schemas }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> &str {
        self.path().to_str().unwrap()
    }

    fn copies(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.path().join("copies")) else {
            return Vec::new();
        };
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
            .collect()
    }

    /// Returns when a file in `copies` ends so, or the process has ended.
    async fn when_there_is(&self, process: &mut tokio::process::Child, extension: &str) {
        loop {
            let entries = std::fs::read_dir(self.path().join("copies"));
            let there = entries.is_ok_and(|mut entries| {
                entries.any(|entry| {
                    entry.is_ok_and(|entry| entry.path().extension().is_some_and(|is| is == extension))
                })
            });
            if there || process.try_wait().unwrap().is_some() {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn migrator() -> Migrator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("engine/migrations");
    Migrator::new(folder.as_path()).await.unwrap()
}

async fn open(path: &Path, mode: &str) -> AnyPool {
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new()
        .max_connections(1)
        .connect(&format!("sqlite://{}?mode={mode}", path.display()))
        .await
        .unwrap()
}

/// What a database holds: migrations, filler rows, and whether it is whole.
pub async fn look(path: &Path) -> (BTreeSet<i64>, i64, String) {
    let database = open(path, "rw").await;
    let schemas: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
        .fetch_all(&database)
        .await
        .unwrap();
    let rows = sqlx::query_scalar(
        "SELECT COUNT(*) FROM settings WHERE name LIKE 'filler-%' AND length(value) = 250000",
    )
    .fetch_one(&database)
    .await
    .unwrap();
    let whole = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&database)
        .await
        .unwrap();
    database.close().await;
    (schemas.into_iter().collect(), rows, whole)
}

async fn all_schemas() -> BTreeSet<i64> {
    migrator()
        .await
        .iter()
        .map(|migration| migration.version)
        .collect()
}

#[tokio::test]
async fn an_older_database_is_copied_and_then_brought_up_to_date_once() {
    let old = Old::plant(1).await;
    assert!(Process::start_on(old.path()).await.stop().await.success());
    let copies = old.copies();
    let name = copies[0].file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("tocsin-0.0.9-schema-"), "{name}");
    assert_eq!(look(&copies[0]).await, (old.schemas.clone(), 1, "ok".into()));
    assert_eq!(
        look(&old.path().join("tocsin.db")).await,
        (all_schemas().await, 1, "ok".into())
    );
    let mode = std::fs::metadata(&copies[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else reads it");

    assert!(Process::start_on(old.path()).await.stop().await.success());
    assert_eq!(old.copies(), copies, "nothing was pending: no other copy");
}

#[tokio::test]
async fn an_upgrade_that_is_killed_at_any_moment_leaves_the_old_or_the_new() {
    let old = Old::plant(ROWS).await;
    let all = all_schemas().await;
    let database = old.path().join("tocsin.db");
    // In the middle of the copy, right after it, and whenever.
    for moment in ["part", "db", "part", "db", "", "", "", ""] {
        for copy in old.copies() {
            std::fs::remove_file(copy).unwrap();
        }
        let mut process = serve(old.path());
        if moment.is_empty() {
            tokio::time::sleep(Duration::from_millis(u64::from(getrandom::u32().unwrap()) % 300)).await;
        } else {
            old.when_there_is(&mut process, moment).await;
        }
        process.kill().await.unwrap();

        let (schemas, rows, whole) = look(&database).await;
        assert_eq!((rows, whole.as_str()), (ROWS, "ok"));
        assert!(
            schemas == old.schemas || schemas == all,
            "never one between: {schemas:?}"
        );
        for copy in old.copies() {
            assert_eq!(look(&copy).await, (old.schemas.clone(), ROWS, "ok".into()));
        }
        if schemas == all {
            // Once more, from the old one.
            for file in ["tocsin.db", "tocsin.db-wal", "tocsin.db-shm"] {
                let _ = std::fs::remove_file(old.path().join(file));
            }
            std::fs::copy(&old.copies()[0], &database).unwrap();
        }
    }
    assert!(Process::start_on(old.path()).await.stop().await.success());
    assert_eq!(look(&database).await, (all, ROWS, "ok".into()));
    let left: Vec<_> = std::fs::read_dir(old.path().join("copies"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(
        left.len(),
        1,
        "one of the old version, and nothing half: {left:?}"
    );
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_with_both_versions_and_the_copy_and_left_alone() {
    let old = Old::plant(1).await;
    assert!(Process::start_on(old.path()).await.stop().await.success());
    let database = open(&old.path().join("tocsin.db"), "rw").await;
    for statement in [
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'newer', TRUE, x'00', 0)",
        "UPDATE settings SET value = '9.8.7' WHERE name = 'written-by'",
    ] {
        sqlx::query(statement).execute(&database).await.unwrap();
    }
    database.close().await;
    let before = look(&old.path().join("tocsin.db")).await;

    let output = run(&["serve", "--listen", "127.0.0.1:0", "--data", old.data()], "").await;

    let said = String::from_utf8(output.stderr).unwrap();
    let copy = old.copies()[0].display().to_string();
    for part in [
        "Tocsin 9.8.7 (schema 9999)",
        env!("CARGO_PKG_VERSION"),
        &copy,
        "Install the newer version",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(output.status.code(), Some(78));
    assert_eq!(look(&old.path().join("tocsin.db")).await, before);
}
