//! Doors: files in the data directory by which the running server tells local programs where it listens, each with
//! a token. One lets programs report events and do nothing else; the server's user and group may read it. The other
//! lets this machine's administrator manage accounts from a shell; the server's user alone may read it, who could
//! read the database and its key as well.

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use std::fs::Permissions;
use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use tocsin_domain::id::TokenId;
use tocsin_domain::text::Line;
use tocsin_engine::Engine;
use tocsin_engine::audit::Who;
use tocsin_engine::tokens::{Scope, TokensError};

/// What a door is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reporting events.
    Report,
    /// Everything else that is done from a shell.
    Administer,
}

impl Purpose {
    const fn file(self) -> &'static str {
        match self {
            Self::Report => "report.json",
            Self::Administer => "administer.json",
        }
    }

    const fn mode(self) -> u32 {
        match self {
            Self::Report => 0o640,
            Self::Administer => 0o600,
        }
    }

    const fn scope(self) -> Scope {
        match self {
            Self::Report => Scope::Report,
            Self::Administer => Scope::Administer,
        }
    }

    /// What its token is called.
    const fn token_name(self) -> &'static str {
        match self {
            Self::Report => "Programs on this machine (tocsin report)",
            Self::Administer => "Commands on this machine (tocsin accounts)",
        }
    }
}

/// Where the server is, and what lets a program report.
#[derive(Serialize, Deserialize)]
pub struct Door {
    /// The server's address.
    pub url: String,
    /// A token of the door's scope.
    pub token: String,
}

/// Why the door was not opened.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The token could not be made.
    #[error("no token for local programs could be made: {0}")]
    Token(#[from] TokensError),
    /// The file could not be written.
    #[error("the file for local programs could not be written: {0}")]
    File(#[from] std::io::Error),
}

impl Door {
    /// The door of the server that uses a data directory, if it ever ran and this user may know it.
    pub fn read(folder: &Path, purpose: Purpose) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(purpose.file())).ok()?).ok()
    }

    /// Whether there may be one that this user may not read.
    pub fn is_kept_from_us(folder: &Path, purpose: Purpose) -> bool {
        let opened = std::fs::File::open(folder.join(purpose.file()));
        opened.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
    }

    fn write(&self, folder: &Path, purpose: Purpose) -> std::io::Result<()> {
        let draft = folder.join(format!("{}.new", purpose.file()));
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(purpose.mode())
            .open(&draft)?;
        // Whatever umask the server runs with.
        file.set_permissions(Permissions::from_mode(purpose.mode()))?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        std::fs::rename(draft, folder.join(purpose.file()))
    }
}

/// Tells local programs where the server listens. Returns the token by which they report.
pub async fn open(engine: &Engine, address: SocketAddr) -> Result<TokenId, DoorError> {
    open_for(engine, address, Purpose::Administer).await?;
    open_for(engine, address, Purpose::Report).await
}

async fn open_for(engine: &Engine, address: SocketAddr, purpose: Purpose) -> Result<TokenId, DoorError> {
    let folder = &engine.config.folder;
    let url = format!("http://{address}");
    if let Some(door) = Door::read(folder, purpose)
        && let Ok(Some((id, scope))) = engine.check_token(&door.token).await
        && scope == purpose.scope()
    {
        Door {
            url,
            token: door.token,
        }
        .write(folder, purpose)?;
        return Ok(id);
    }
    let name = Line::parse(purpose.token_name()).unwrap_or_default();
    let who = Who {
        name: "Tocsin".to_owned(),
        origin: "start".to_owned(),
    };
    let (id, secret) = engine.make_token(&name, purpose.scope(), &who).await?;
    Door {
        url,
        token: secret.expose_secret().to_owned(),
    }
    .write(folder, purpose)?;
    Ok(id)
}

/// Where the installed packages of Debian and of DSM keep their data.
const INSTALLED: [&str; 2] = ["/var/lib/tocsin", "/var/packages/tocsin/var"];

/// Where whoever runs it by hand keeps them.
const BY_HAND: &str = "data";

/// What there is in a data directory.
const DATABASE: &str = "tocsin.db";

/// The local server's data directory: as named, else of whoever runs it by hand here, else the installed package's.
pub fn home(named: Option<&Path>) -> Option<PathBuf> {
    match named {
        Some(named) => named.is_dir().then(|| named.to_owned()),
        None => first_of(Path::new(BY_HAND), &INSTALLED.map(Path::new)),
    }
}

/// The same, or where it would be, for words about one that is not there.
pub fn home_or_usual(named: Option<&Path>) -> PathBuf {
    home(named).unwrap_or_else(|| named.unwrap_or(Path::new(BY_HAND)).to_owned())
}

/// A folder that is only called so is none: what is kept there would wait for ever.
fn first_of(by_hand: &Path, installed: &[&Path]) -> Option<PathBuf> {
    let by_hand = by_hand.join(DATABASE).is_file().then_some(by_hand);
    let mut installed = installed.iter().copied().filter(|folder| folder.is_dir());
    by_hand.or_else(|| installed.next()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_that_is_only_called_data_is_not_the_servers() {
        let machine = tempfile::tempdir().unwrap();
        let [data, none, package] = ["data", "none", "package"].map(|name| machine.path().join(name));
        std::fs::create_dir(&data).unwrap();
        assert_eq!(first_of(&data, &[&none]), None);
        std::fs::create_dir(&package).unwrap();
        assert_eq!(first_of(&data, &[&none, &package]), Some(package.clone()));
        std::fs::write(data.join(DATABASE), "").unwrap();
        assert_eq!(first_of(&data, &[&package]), Some(data));
    }
}
