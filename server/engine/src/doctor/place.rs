//! The data directory and what stands in it: database, key, presets.

use super::{Check, Finding, Patient};
use crate::providers::Providers;
use crate::store::{LookError, Store, StoreError};
use crate::vault::{OnMissingKey, Vault};
use secrecy::{ExposeSecret as _, SecretString};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Opens what there is; nothing more can be told without a database.
pub(super) async fn open(
    folder: &Path,
    key: Option<&SecretString>,
    findings: &mut Vec<Finding>,
) -> Option<Patient> {
    let shown = folder.display();
    if let Err(error) = std::fs::read_dir(folder) {
        findings.push(Finding::unknown(
            Check::DataDirectory,
            format!("{shown} cannot be read: {error}"),
            "Name the data directory with --data, and run this as the user that Tocsin runs as",
        ));
        return None;
    }
    findings.push(Finding::fine(Check::DataDirectory, format!("{shown}")));
    let store = match Store::look(folder).await {
        Ok(store) => store,
        Err(error) => {
            findings.push(Finding::unknown(
                Check::Database,
                error.to_string(),
                next_of(&error),
            ));
            return None;
        }
    };
    findings.push(match store.damage().await {
        Ok(None) => Finding::fine(Check::Database, "whole"),
        Ok(Some(damage)) => Finding::act(
            Check::Database,
            format!("damaged: {damage}"),
            "Stop Tocsin, keep a copy of the data directory, and restore a backup",
        ),
        Err(error) => Finding::unknown(Check::Database, error.to_string(), "Run tocsin doctor again"),
    });
    let providers = Providers::load(folder)
        .map_err(|error| {
            findings.push(Finding::act(
                Check::Presets,
                error.to_string(),
                "Correct providers.toml, or remove it: Tocsin does not start with it",
            ));
        })
        .ok();
    Some(Patient {
        vault: vault(folder, key, findings),
        store,
        providers,
    })
}

const fn next_of(error: &LookError) -> &'static str {
    match error {
        LookError::None(_) => "Name the data directory with --data, or start Tocsin once: it makes one",
        LookError::Newer => "Use the tocsin of that version",
        LookError::Older => "Start this version of Tocsin once: it brings the database up to date",
        LookError::Database(_) => {
            "Run this as the user that Tocsin runs as. If that does not help, restore a backup"
        }
    }
}

fn vault(folder: &Path, key: Option<&SecretString>, findings: &mut Vec<Finding>) -> Option<Vault> {
    let path = folder.join("tocsin.key");
    let opened = match key {
        Some(key) => Vault::with_key(key.expose_secret(), "the environment"),
        None => Vault::with_key_file(&path, OnMissingKey::Refuse),
    };
    let others = |mode: u32| mode & 0o077 != 0;
    if key.is_none()
        && let Ok(metadata) = std::fs::metadata(&path)
        && others(metadata.permissions().mode())
    {
        findings.push(Finding::act(
            Check::Key,
            format!("others than its owner may read {}", path.display()),
            format!("Run: chmod 600 {}", path.display()),
        ));
    }
    opened
        .map_err(|error| {
            findings.push(Finding::act(
                Check::Key,
                error.to_string(),
                "Without the key no account can sign in: put it back before Tocsin starts anew",
            ));
        })
        .ok()
}

impl Patient {
    /// Whether the key opens what was sealed.
    pub(super) async fn key(&self, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
        let Some(vault) = &self.vault else {
            return Ok(());
        };
        let Some((table, column, row, sealed)) = self.store.some_secret().await? else {
            findings.push(Finding::fine(
                Check::Key,
                "there, and nothing is sealed with it yet",
            ));
            return Ok(());
        };
        let place = crate::vault::Place {
            table,
            column,
            row: &row,
        };
        findings.push(match vault.open(place, &sealed) {
            Ok(_) => Finding::fine(Check::Key, "opens what is stored"),
            Err(error) => Finding::act(
                Check::Key,
                error.to_string(),
                "Put the key file of this database back from a backup",
            ),
        });
        Ok(())
    }

    /// Whether anybody may sign in, and is warned.
    pub(super) async fn administrators(&self, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
        let admins = self.store.admin_addresses().await?.len();
        findings.push(match admins {
            0 => Finding::act(
                Check::Administrators,
                "nobody may sign in, and nobody is warned",
                "Open Tocsin's page and make the first administrator with the set-up code that it printed",
            ),
            1 => Finding::fine(Check::Administrators, "1 is warned"),
            number => Finding::fine(Check::Administrators, format!("{number} are warned")),
        });
        Ok(())
    }
}
