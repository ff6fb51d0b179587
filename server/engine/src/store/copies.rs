//! Copies of the database, made before a newer version of Tocsin changes its tables: in the folder `copies` of the
//! data directory, `tocsin-VERSION-schema-NUMBER-DATE.db`, where VERSION and NUMBER are those of what was copied.
//! A copy has that name only when it is whole and on disk. It is sealed with the same key as the database.

use super::{OpenError, is_full};
use jiff::Timestamp;
use rustix::fs::statvfs;
use sqlx::AnyConnection;
use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

const FOLDER: &str = "copies";

/// What a copy is called until it is whole.
const DRAFT: &str = "part";

/// How many are kept.
const KEEP: usize = 3;

const MEBIBYTE: u64 = 1024 * 1024;

/// What must stay free beside the copy, in bytes.
const MARGIN: u64 = MEBIBYTE;

/// Of which state of the database something is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Written {
    /// The version of Tocsin that last used it; none before versions were noted.
    pub version: Option<String>,
    /// The number of its newest migration.
    pub schema: i64,
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.version {
            Some(version) => write!(f, "Tocsin {version} (schema {})", self.schema),
            None => write!(f, "a Tocsin with schema {}", self.schema),
        }
    }
}

/// A whole copy.
#[derive(Debug, Clone)]
pub(super) struct Copied {
    pub path: PathBuf,
    pub of: Written,
    made: String,
}

impl Copied {
    /// As its name says; none for another file.
    fn parse(path: PathBuf) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (rest, made) = name
            .strip_prefix("tocsin-")?
            .strip_suffix(".db")?
            .rsplit_once('-')?;
        let (version, schema) = rest.rsplit_once("-schema-")?;
        let of = Written {
            version: (version != UNKNOWN).then(|| version.to_owned()),
            schema: schema.parse().ok()?,
        };
        let made = made.to_owned();
        Some(Self { path, of, made })
    }
}

/// Stands for a version that was not noted.
const UNKNOWN: &str = "unknown";

fn name(of: &Written, at: Timestamp) -> String {
    let version = of.version.as_deref().unwrap_or(UNKNOWN);
    format!(
        "tocsin-{version}-schema-{}-{}.db",
        of.schema,
        at.strftime("%Y%m%dT%H%M%SZ")
    )
}

/// The newest copy that a version with this schema can use.
pub(super) fn usable(data: &Path, schema: i64) -> Option<PathBuf> {
    let copies = list(&data.join(FOLDER)).unwrap_or_default();
    copies
        .into_iter()
        .find(|copy| copy.of.schema <= schema)
        .map(|copy| copy.path)
}

/// The newest first.
fn list(folder: &Path) -> std::io::Result<Vec<Copied>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut copies = Vec::new();
    for entry in entries {
        copies.extend(Copied::parse(entry?.path()));
    }
    copies.sort_by(|one, other| other.made.cmp(&one.made));
    Ok(copies)
}

/// Copies the database, and removes copies that nobody needs any more. What a process that was killed left of a
/// copy goes as well.
pub(super) async fn make(
    database: &mut AnyConnection,
    data: &Path,
    of: &Written,
    at: Timestamp,
) -> Result<PathBuf, OpenError> {
    let folder = data.join(FOLDER);
    let unusable = |error| OpenError::of_file(error, &folder);
    forget_drafts(&folder).map_err(unusable)?;
    has_room(&mut *database, data).await?;
    if !folder.is_dir() {
        DirBuilder::new().mode(0o700).create(&folder).map_err(unusable)?;
        sync(data).map_err(unusable)?;
    }
    let path = folder.join(name(of, at));
    let draft = path.with_extension(DRAFT);
    let copied = copy(database, &draft).await;
    if let Err(error) = copied {
        // What there is of it would only take room.
        let _ = forget_drafts(&folder);
        return Err(match error {
            CopyError::File(error) => unusable(error),
            CopyError::Database(error) if is_full(&error) => OpenError::Full(data.to_owned()),
            CopyError::Database(error) => OpenError::Copy(error),
        });
    }
    std::fs::rename(&draft, &path)
        .and_then(|()| sync(&folder))
        .map_err(unusable)?;
    prune(&folder, &path);
    Ok(path)
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// `VACUUM INTO` takes what is in the write-ahead log along, accepts an empty file, and neither syncs nor removes
/// what it wrote (<https://www.sqlite.org/lang_vacuum.html#vacuuminto>).
async fn copy(database: &mut AnyConnection, draft: &Path) -> Result<(), CopyError> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(draft)?;
    sqlx::query("VACUUM INTO $1")
        .bind(draft.display().to_string())
        .execute(database)
        .await?;
    Ok(file.sync_all()?)
}

async fn has_room(database: &mut AnyConnection, data: &Path) -> Result<(), OpenError> {
    let size: i64 =
        sqlx::query_scalar("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            .fetch_one(database)
            .await
            .map_err(OpenError::Copy)?;
    let needed = u64::try_from(size).unwrap_or_default().saturating_add(MARGIN);
    let disk = statvfs(data).map_err(|error| OpenError::Folder(data.to_owned(), error.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < needed {
        return Err(OpenError::NoRoom {
            data: data.to_owned(),
            needed: needed.div_ceil(MEBIBYTE),
            free: free / MEBIBYTE,
        });
    }
    Ok(())
}

fn forget_drafts(folder: &Path) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        // SQLite may have left its journal beside it.
        if extension.is_some_and(|extension| extension.starts_with(DRAFT)) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Keeps the copy that was just made, whatever the clock says, the newest of each state, and of those the newest few.
fn prune(folder: &Path, made: &Path) {
    let mut copies = list(folder).unwrap_or_default();
    copies.sort_by_key(|copy| copy.path != made);
    let mut kept = HashSet::new();
    for copy in copies {
        if kept.len() < KEEP && kept.insert(copy.of) {
            continue;
        }
        if let Err(error) = std::fs::remove_file(&copy.path) {
            tracing::warn!(copy = %copy.path.display(), %error, "an old copy of the database could not be removed");
        }
    }
}

/// A new name in a folder is on disk only when the folder is.
fn sync(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn put(folder: &Path, version: &str, schema: i64, second: i64) -> PathBuf {
        let of = Written {
            version: Some(version.to_owned()),
            schema,
        };
        let path = folder.join(name(&of, Timestamp::from_second(second).unwrap()));
        std::fs::write(&path, "").unwrap();
        path
    }

    #[test]
    fn a_name_says_of_which_version_and_when() {
        let of = Written {
            version: Some("1.2.0-rc.1".into()),
            schema: 12,
        };
        let name = name(&of, Timestamp::from_second(0).unwrap());
        assert_eq!(name, "tocsin-1.2.0-rc.1-schema-12-19700101T000000Z.db");
        let copy = Copied::parse(PathBuf::from("x").join(name)).unwrap();
        assert_eq!(copy.of, of);
        for other in [
            "tocsin.db",
            "tocsin-1-schema-x-1.db",
            "notes.txt",
            "tocsin-1-2.db",
        ] {
            assert!(Copied::parse(PathBuf::from(other)).is_none(), "{other}");
        }
    }

    #[test]
    fn the_newest_three_states_are_kept_and_of_each_the_newest_copy() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        put(folder, "0.1.0", 1, 1);
        let second = put(folder, "0.2.0", 2, 2);
        put(folder, "0.3.0", 3, 3);
        let third = put(folder, "0.3.0", 3, 4);
        let fourth = put(folder, "0.4.0", 3, 5);
        std::fs::write(folder.join("mine.db"), "").unwrap();
        prune(folder, &fourth);
        let left: Vec<_> = list(folder).unwrap().into_iter().map(|copy| copy.path).collect();
        assert_eq!(left, [fourth, third, second]);
        assert!(
            folder.join("mine.db").exists(),
            "what is not a copy of Tocsin's stays"
        );
    }

    #[test]
    fn the_copy_that_was_just_made_stays_also_where_the_clock_is_behind() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for state in 1..=3 {
            put(folder, "0.1.0", state, state * 10);
        }
        let made = put(folder, "0.4.0", 4, 5);
        prune(folder, &made);
        assert!(made.exists());
        assert_eq!(list(folder).unwrap().len(), KEEP);
    }

    #[test]
    fn the_copy_that_an_older_version_can_use_is_the_newest_that_it_reads() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join(FOLDER);
        std::fs::create_dir(&folder).unwrap();
        let wanted = put(&folder, "0.2.0", 2, 2);
        put(&folder, "0.1.0", 1, 1);
        put(&folder, "0.3.0", 3, 3);
        assert_eq!(usable(data.path(), 2), Some(wanted));
        assert_eq!(usable(data.path(), 0), None);
    }
}
