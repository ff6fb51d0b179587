//! The parts of Tocsin, put together.

use crate::config::{Config, LostKey};
use crate::live::Live;
use crate::store::{OpenError, Store, StoreConfig, StoreError};
use crate::vault::{OnMissingKey, Vault, VaultError};
use secrecy::ExposeSecret as _;
use std::sync::Arc;

/// The running engine. One for a process, shared.
#[derive(Debug)]
pub struct Engine {
    /// The settings it was started with.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The secrets.
    pub vault: Arc<Vault>,
    /// What tells the pages that something changed.
    pub live: Live,
}

/// Why the engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The secrets cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Opens what is stored and starts working.
    pub async fn start(config: Config) -> Result<Arc<Self>, StartError> {
        let store = Store::open(&StoreConfig {
            folder: config.folder.clone(),
        })
        .await?;
        let vault = Arc::new(open_vault(&config, &store).await?);
        Ok(Arc::new(Self {
            store,
            vault,
            live: Live::new(),
            config,
        }))
    }

    /// Finishes what is under way, gives back what is not, and closes the database.
    pub async fn stop(&self) {
        self.store.close().await;
    }
}

async fn open_vault(config: &Config, store: &Store) -> Result<Vault, StartError> {
    if let Some(key) = &config.key {
        return Ok(Vault::with_key(key.expose_secret(), "the environment")?);
    }
    let on_missing = match config.lost_key {
        LostKey::Refuse if store.holds_secrets().await? => OnMissingKey::Refuse,
        _ => OnMissingKey::Make,
    };
    Ok(Vault::with_key_file(
        &config.folder.join("tocsin.key"),
        on_missing,
    )?)
}
