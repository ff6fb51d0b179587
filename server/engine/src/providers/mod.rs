//! The presets for accounts: those that come with Tocsin (`providers.toml` beside this file), changed and
//! added to by `providers.toml` in the data directory. How the two are put together is in `preset.rs`.
//!
//! Not here: what an account sets for itself, and the OAuth applications of an installation.

mod preset;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use tocsin_domain::account::AccountSettings;
use tocsin_domain::provider::{Provider, ProviderKey, by_domain};

const BUILT_IN: &str = include_str!("providers.toml");

/// The name of the file in the data directory.
const FILE: &str = "providers.toml";

/// The most bytes of that file: thousands of presets.
const LARGEST: u64 = 1024 * 1024;

/// Why the presets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    /// The file is there but cannot be read.
    #[error("{0} cannot be read: {1}. Check that this user may read it")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// Far more than presets are.
    #[error("{0} is larger than {size} kB: that cannot be a file of presets. Move it away, or shorten it", size = LARGEST / 1024)]
    TooLarge(PathBuf),
    /// What the file says cannot be used.
    #[error("{file}, line {line}: {reason}. Correct the line, or remove it to keep what comes with Tocsin")]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, from one.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// The presets of this installation.
#[derive(Debug)]
pub struct Providers {
    ordered: Vec<Provider>,
}

impl Providers {
    /// Reads the presets of a data directory.
    pub fn load(data_folder: &Path) -> Result<Self, ProvidersError> {
        let file = data_folder.join(FILE);
        let changes = read(&file)?;
        let wrong = |file: PathBuf| {
            move |preset::Wrong { line, reason }| ProvidersError::Wrong { file, line, reason }
        };
        let mut overlays = preset::read(BUILT_IN).map_err(wrong(FILE.into()))?;
        for (key, change) in preset::read(&changes).map_err(wrong(file.clone()))? {
            match overlays.iter_mut().find(|(known, _)| *known == key) {
                Some((_, preset)) => preset.change(change),
                None => overlays.push((key, change)),
            }
        }
        let ordered = overlays
            .into_iter()
            .map(|(key, preset)| preset.build(&key, data_folder))
            .collect::<Result<Vec<_>, _>>()
            .map_err(wrong(file))?;
        Ok(Self { ordered })
    }

    /// The preset with this key.
    pub fn get(&self, key: &ProviderKey) -> Option<&Provider> {
        self.ordered.iter().find(|provider| provider.key == *key)
    }

    /// All presets in the order in which they are offered.
    pub fn all(&self) -> &[Provider] {
        &self.ordered
    }

    /// The preset whose addresses have this domain, or are in a part of it.
    pub fn by_domain(&self, domain: &str) -> Option<&Provider> {
        by_domain(&self.ordered, domain)
    }

    /// What a Custom account can be converted to: the presets with a sign-in by OAuth whose public mail server it
    /// uses; those of its address's domain first.
    pub fn convertible(&self, settings: &AccountSettings) -> Vec<&Provider> {
        if !settings.provider.is_custom() {
            return Vec::new();
        }
        let domain = settings.address.domain();
        let mut found: Vec<_> = self
            .ordered
            .iter()
            .filter(|provider| provider.oauth.is_some() && provider.is_at(&settings.smtp.host))
            .collect();
        let home = self.by_domain(&domain).map(|provider| &provider.key);
        // A company's own domain is on the server that only companies use.
        let exactness = |provider: &&Provider| (Some(&provider.key) != home, provider.hosts.len());
        found.sort_by_key(exactness);
        found
    }
}

/// The text of the file in the data directory; empty if there is none.
fn read(file: &Path) -> Result<String, ProvidersError> {
    let unreadable = |error| ProvidersError::Unreadable(file.to_owned(), error);
    let opened = match std::fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut bytes = Vec::new();
    opened
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(ProvidersError::TooLarge(file.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        ProvidersError::Wrong {
            file: file.to_owned(),
            line: 1 + good.iter().filter(|byte| **byte == b'\n').count(),
            reason: "this is not UTF-8: save the file in that encoding".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests;
