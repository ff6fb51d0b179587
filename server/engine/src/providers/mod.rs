//! The presets for accounts: those that come with Tocsin (`providers.toml` beside this file), changed and
//! added to by `providers.toml` in the data directory. How the two are put together is in `preset.rs`.
//!
//! Not here: what an account sets for itself, and the OAuth applications of an installation.

mod preset;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tocsin_domain::provider::{Provider, ProviderKey};

const BUILT_IN: &str = include_str!("providers.toml");

/// The name of the file in the data directory.
const FILE: &str = "providers.toml";

/// Why the presets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProvidersError {
    /// The file is there but cannot be read.
    #[error("{0} cannot be read: {1}. Check that this user may read it")]
    Unreadable(PathBuf, #[source] std::io::Error),
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
    by_domain: HashMap<String, usize>,
}

impl Providers {
    /// Reads the presets of a data directory.
    pub fn load(data_folder: &Path) -> Result<Self, ProvidersError> {
        let file = data_folder.join(FILE);
        let changes = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(ProvidersError::Unreadable(file, error)),
        };
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
        Ok(Self::new(ordered))
    }

    fn new(ordered: Vec<Provider>) -> Self {
        let domains = |(index, provider): (usize, &Provider)| {
            provider
                .domains
                .iter()
                .map(move |domain| (domain.to_ascii_lowercase(), index))
                .collect::<Vec<_>>()
        };
        let by_domain = ordered.iter().enumerate().flat_map(domains).collect();
        Self { ordered, by_domain }
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
        let domain = domain.to_ascii_lowercase();
        let mut rest = Some(domain.as_str());
        while let Some(part) = rest {
            if let Some(index) = self.by_domain.get(part) {
                return self.ordered.get(*index);
            }
            rest = part.split_once('.').map(|(_, parent)| parent);
        }
        None
    }

    /// The preset with a sign-in by OAuth to which a Custom account on this host can be converted: the public
    /// hosts of Gmail, Outlook.com and Microsoft 365.
    pub fn public_gmail_or_outlook_host(&self, host: &str) -> Option<&Provider> {
        let key = match host.trim_end_matches('.').to_ascii_lowercase().as_str() {
            "smtp.gmail.com" => "gmail",
            "smtp-mail.outlook.com" => "outlook",
            "smtp.office365.com" => "microsoft365",
            _ => return None,
        };
        self.get(&ProviderKey::new(key))
    }
}

#[cfg(test)]
mod tests;
