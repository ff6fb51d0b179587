//! The door: a file in the data directory by which the running server tells local programs where it listens, with
//! a token that may report events and do nothing else. Only the server's user and group may read it.

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use tocsin_domain::id::TokenId;
use tocsin_domain::text::Line;
use tocsin_engine::Engine;
use tocsin_engine::audit::Who;
use tocsin_engine::tokens::{Scope, TokensError};

const FILE: &str = "report.json";

/// Where the server is, and what lets a program report.
#[derive(Serialize, Deserialize)]
pub struct Door {
    /// The server's address.
    pub url: String,
    /// A token of the scope *report*.
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
    /// The door of the server that uses a data directory, if it ever ran.
    pub fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(FILE)).ok()?).ok()
    }

    fn write(&self, folder: &Path) -> std::io::Result<()> {
        let draft = folder.join("report.json.new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o640)
            .open(&draft)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        std::fs::rename(draft, folder.join(FILE))
    }
}

/// Tells local programs where the server listens. Returns the token by which they report.
pub async fn open(engine: &Engine, address: SocketAddr) -> Result<TokenId, DoorError> {
    let folder = &engine.config.folder;
    let url = format!("http://{address}");
    if let Some(door) = Door::read(folder)
        && let Ok(Some((id, Scope::Report))) = engine.check_token(&door.token).await
    {
        Door {
            url,
            token: door.token,
        }
        .write(folder)?;
        return Ok(id);
    }
    let name = Line::parse("Programs on this machine (tocsin report)").unwrap_or_default();
    let who = Who {
        name: "Tocsin".to_owned(),
        origin: "start".to_owned(),
    };
    let (id, secret) = engine.make_token(&name, Scope::Report, &who).await?;
    Door {
        url,
        token: secret.expose_secret().to_owned(),
    }
    .write(folder)?;
    Ok(id)
}

/// Where a local server's data directory may be: as named, else the usual places.
pub fn folders(named: Option<&Path>) -> Vec<PathBuf> {
    match named {
        Some(folder) => vec![folder.to_owned()],
        None => vec![PathBuf::from("data"), PathBuf::from("/var/lib/tocsin")],
    }
}
