//! What an installation sets when it starts the engine.

use crate::nas::NasConfig;
use jiff::SignedDuration;
use secrecy::SecretString;
use std::path::PathBuf;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::base_path::BasePath;
use tocsin_domain::notification;

/// The engine's settings.
#[derive(Debug)]
pub struct Config {
    /// The data directory.
    pub folder: PathBuf,
    /// The vault's key in base64 from the environment; none means the key file in the data directory.
    pub key: Option<SecretString>,
    /// Whether a lost key file is replaced by a new one, giving up the secrets sealed with it.
    pub lost_key: LostKey,
    /// The path below which people reach the pages: what links in mails carry.
    pub base_path: BasePath,
    /// How often the sentinel checks an account.
    pub check_every: SignedDuration,
    /// How long after a first refusal the confirming try waits at least.
    pub confirm_after: SignedDuration,
    /// How often a mailbox is looked into whose server does not tell of news by itself.
    pub poll_every: SignedDuration,
    /// How long a notification waits to be sent at most.
    pub max_age: SignedDuration,
    /// How long an import leaves a mail server alone that asks for patience, the first time.
    pub import_pause: SignedDuration,
    /// The NAS that it runs on, whose administrators may sign in and whose log is written to; none elsewhere.
    pub nas: Option<NasConfig>,
}

/// What to do about a key file that is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostKey {
    /// Refuse to start.
    Refuse,
    /// Make a new key; every mailbox must be authorized again.
    StartOver,
}

impl Config {
    /// The defaults, in a data directory.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            key: None,
            lost_key: LostKey::Refuse,
            base_path: BasePath::default(),
            check_every: SignedDuration::from_mins(15),
            confirm_after: Authorization::CONFIRM_AFTER,
            poll_every: SignedDuration::from_mins(2),
            max_age: notification::MAX_AGE,
            import_pause: SignedDuration::from_secs(10),
            nas: None,
        }
    }
}
