//! The spool: a folder in the data directory where `tocsin report` keeps events while the server is down. An event
//! is a file, named by its `Idempotency-Key`; it appears whole or not at all, and goes when the event is accepted.
//!
//! Who reports is often root, and the server is not: so the folder is the server's own, who can take every file out
//! of it, and the files may be read by whoever may enter the folder.

use crate::api::{body_hash, read_events};
use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::id::TokenId;
use tocsin_engine::store::IdempotencyKey;
use tocsin_engine::{AcceptError, Engine};

/// How often the running server looks into the spool.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Why an event could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("{0}: {1}. Check that this user may write there, and that the disk has room")]
pub struct SpoolError(PathBuf, #[source] std::io::Error);

/// A key that no other event has.
pub fn new_key() -> String {
    let nanos = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    format!("report-{nanos}-{}", std::process::id())
}

fn folder(data: &Path) -> PathBuf {
    data.join("spool")
}

/// Makes the folder the server's own, before a program of another user makes it: its group may keep events, too.
pub fn prepare(data: &Path) {
    let spool = folder(data);
    let made = std::fs::create_dir_all(&spool)
        .and_then(|()| std::fs::set_permissions(&spool, Permissions::from_mode(0o770)));
    if let Err(error) = made {
        tracing::warn!(
            folder = %spool.display(), %error,
            "programs cannot keep events for Tocsin here: give the folder to the user that Tocsin runs as"
        );
    }
}

/// Keeps an event for the server. When this returns, it is on disk.
pub fn keep(data: &Path, key: &str, json: &[u8]) -> Result<(), SpoolError> {
    let spool = folder(data);
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(&spool)?;
        let draft = spool.join(format!("{key}.draft"));
        let mut file = std::fs::File::create(&draft)?;
        // Whatever umask a system's daemon reports with.
        file.set_permissions(Permissions::from_mode(0o644))?;
        file.write_all(json)?;
        file.sync_all()?;
        std::fs::rename(&draft, spool.join(format!("{key}.json")))?;
        // The new name itself must be on disk too.
        std::fs::File::open(&spool)?.sync_all()
    };
    write().map_err(|error| SpoolError(spool.clone(), error))
}

/// Takes in what was spooled, now and whenever something new appears, until the server stops.
pub async fn drain(engine: Arc<Engine>, token: TokenId) {
    let mut told = None;
    loop {
        let wrong = look(&engine, token).await.err().map(|error| error.to_string());
        // What lasts is said once: it would fill the disk of who looks for the cause.
        if let Some(error) = wrong.as_ref().filter(|_| wrong != told) {
            tracing::warn!(%error, "the spool could not be read; it is tried again");
        }
        told = wrong;
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(engine: &Engine, token: TokenId) -> std::io::Result<()> {
    let spool = folder(&engine.config.folder);
    let mut entries = match tokio::fs::read_dir(&spool).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            names.push(path);
        }
    }
    names.sort();
    for path in names {
        if take_in(engine, token, &path).await? == TakenIn::NotNow {
            return Ok(());
        }
    }
    Ok(())
}

#[derive(PartialEq, Eq)]
enum TakenIn {
    Done,
    NotNow,
}

async fn take_in(engine: &Engine, token: TokenId, path: &Path) -> std::io::Result<TakenIn> {
    let json = tokio::fs::read(path).await?;
    let key = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let reports = match read_events(&json) {
        Ok(reports) => reports,
        Err(problem) => {
            // Somebody else's file: put aside, so that it is seen and does not block the others.
            tracing::error!(file = %path.display(), problem = problem.detail, "a spooled event cannot be read");
            tokio::fs::rename(path, path.with_extension("unreadable")).await?;
            return Ok(TakenIn::Done);
        }
    };
    let key = IdempotencyKey {
        token,
        key,
        body_hash: body_hash(&json),
    };
    match engine.accept(reports, Some(key)).await {
        Ok(_) | Err(AcceptError::KeyReused) => {
            tokio::fs::remove_file(path).await?;
            Ok(TakenIn::Done)
        }
        Err(_) => Ok(TakenIn::NotNow),
    }
}
