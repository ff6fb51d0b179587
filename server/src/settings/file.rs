//! `tocsin.toml`: what an installation sets in a file.

use super::value::{positive, public_url};
use super::{LogFormat, SettingsError};
use crate::http::Site;
use jiff::SignedDuration;
use serde::Deserialize;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use tocsin_domain::nas::System;
use url::Url;

/// The file in the data directory.
pub(super) const FILE: &str = "tocsin.toml";

/// What may stand in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    pub(super) listen: Option<SocketAddr>,
    pub(super) site: Option<PathBuf>,
    pub(super) public_url: Option<Url>,
    pub(super) base_path: Option<String>,
    pub(super) trusted_proxy: Option<String>,
    pub(super) log: Option<LogFormat>,
    pub(super) check_every: Option<SignedDuration>,
    pub(super) confirm_after: Option<SignedDuration>,
    pub(super) nas: Option<System>,
    pub(super) nas_port: Option<NonZeroU16>,
}

/// Reads it, if it is there.
pub(super) fn read(path: &Path) -> Result<Option<File>, SettingsError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(SettingsError::Unreadable(path.to_owned(), error)),
    };
    let wrong = |reason: String| SettingsError::Wrong(path.to_owned(), reason);
    let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
    if let Some(url) = &file.public_url {
        public_url(url.as_str()).map_err(wrong)?;
    }
    for time in [file.check_every, file.confirm_after].into_iter().flatten() {
        positive(time).map_err(wrong)?;
    }
    Ok(Some(file))
}

/// The files that browsers load: as named, else as the file in the data directory says, else where they are by
/// default.
pub fn site_of(data: &Path, named: Option<PathBuf>) -> Result<Site, SettingsError> {
    match named {
        Some(named) => Ok(Site::Folder(named)),
        None => Ok(read(&data.join(FILE))?
            .unwrap_or_default()
            .site
            .map_or_else(Site::default, Site::Folder)),
    }
}
