//! The parts of Tocsin, put together.

use crate::accept::{self, Acceptor};
use crate::accounts;
use crate::admins::Admins;
use crate::config::{Config, LostKey};
use crate::detect;
use crate::import::{self, Imports};
use crate::inbox::{self, Inbox};
use crate::links::Links;
use crate::live::Live;
use crate::nas::{self, Nas};
use crate::oauth::{self, OAuthClient};
use crate::outbox::{self, Outbox};
use crate::providers::{Providers, ProvidersError};
use crate::routing::Routing;
use crate::store::{OpenError, Store, StoreConfig, StoreError};
use crate::time::now;
use crate::vault::{OnMissingKey, Vault, VaultError};
use crate::{sentinel, sign_ins, warnings, webhook};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::account::Account;
use tocsin_domain::id::{AccountId, NotificationId};
use tocsin_domain::provider::ProviderKey;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long stopping waits for mails that are being handed in.
const STOP_WITHIN: Duration = Duration::from_secs(8);

/// What every `Message-ID` of Tocsin's ends with.
pub(crate) const MESSAGE_ID_HOST: &str = "tocsin.local";

/// The running engine. One for a process, shared.
#[derive(Debug)]
pub struct Engine {
    /// The settings it was started with.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The secrets.
    pub vault: Arc<Vault>,
    /// The presets.
    pub providers: Arc<Providers>,
    /// Grants.
    pub oauth: OAuthClient,
    /// What tells the pages that something changed.
    pub live: Live,
    pub(crate) routing: Routing,
    pub(crate) outbox: Outbox,
    pub(crate) acceptor: Acceptor,
    pub(crate) admins: Admins,
    pub(crate) links: Links,
    pub(crate) detecting: detect::Throttle,
    pub(crate) imports: Imports,
    pub(crate) inbox: Inbox,
    pub(crate) observing: Mutex<()>,
    pub(crate) sentinel_wake: Notify,
    pub(crate) warnings_wake: Notify,
    pub(crate) webhook_wake: Notify,
    /// The NAS that it runs on, where it was told so.
    pub(crate) nas: Option<Nas>,
    /// Follows no redirects.
    pub(crate) http: reqwest::Client,
    /// Wakes what erases the secrets of deleted accounts.
    pub(crate) erasing: Notify,
    /// A sign-in by device code was begun.
    pub(crate) device_wake: Notify,
    /// An account was converted.
    pub(crate) conversions_wake: Notify,
    /// Cancelled when the engine begins to stop.
    pub(crate) stopping: CancellationToken,
    /// Cancelled when all lanes have ended, so that the recorder may end too.
    pub(crate) lanes_ended: CancellationToken,
    pub(crate) tasks: TaskTracker,
    recording: TaskTracker,
    instance: String,
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
    /// The presets cannot be used.
    #[error(transparent)]
    Providers(#[from] ProvidersError),
    /// The client for providers' token endpoints, or for the NAS's web service, cannot be made.
    #[error("the HTTPS client cannot be made: {0}")]
    Http(#[source] reqwest::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Opens what is stored and starts working.
    pub async fn start(config: Config) -> Result<Arc<Self>, StartError> {
        let providers = Arc::new(Providers::load(&config.folder)?);
        let store = Store::open(&StoreConfig {
            folder: config.folder.clone(),
        })
        .await?;
        let vault = Arc::new(open_vault(&config, &store).await?);
        let http = oauth::client(oauth::TIMEOUT).map_err(StartError::Http)?;
        let oauth = OAuthClient::new(
            store.clone(),
            Arc::clone(&vault),
            Arc::clone(&providers),
            http.clone(),
        );
        let nas = config
            .nas
            .clone()
            .map(Nas::new)
            .transpose()
            .map_err(StartError::Http)?;
        let (outbox, results) = Outbox::new();
        let (acceptor, requests) = Acceptor::new();
        let instance = store.instance_id().await?;
        let engine = Arc::new(Self {
            config,
            store,
            vault,
            providers,
            oauth,
            live: Live::new(),
            routing: Routing::new(),
            outbox,
            acceptor,
            admins: Admins::new(),
            links: Links::default(),
            detecting: detect::Throttle::default(),
            imports: Imports::default(),
            inbox: Inbox::new(),
            observing: Mutex::new(()),
            sentinel_wake: Notify::new(),
            warnings_wake: Notify::new(),
            webhook_wake: Notify::new(),
            nas,
            http,
            erasing: Notify::new(),
            device_wake: Notify::new(),
            conversions_wake: Notify::new(),
            stopping: CancellationToken::new(),
            lanes_ended: CancellationToken::new(),
            tasks: TaskTracker::new(),
            recording: TaskTracker::new(),
            instance,
        });
        engine.take_over().await?;
        engine.forget_broken_uploads().await?;
        engine.tasks.spawn(accept::run(Arc::clone(&engine), requests));
        engine.tasks.spawn(outbox::dispatch(Arc::clone(&engine)));
        engine.tasks.spawn(sentinel::run(Arc::clone(&engine)));
        engine.tasks.spawn(warnings::run(Arc::clone(&engine)));
        engine.tasks.spawn(webhook::run(Arc::clone(&engine)));
        engine.tasks.spawn(nas::write_log(Arc::clone(&engine)));
        engine.tasks.spawn(accounts::erase_when_due(Arc::clone(&engine)));
        engine.tasks.spawn(import::run(Arc::clone(&engine)));
        engine.tasks.spawn(inbox::run(Arc::clone(&engine)));
        engine
            .tasks
            .spawn(sign_ins::ask_about_devices(Arc::clone(&engine)));
        engine
            .tasks
            .spawn(sign_ins::forget_conversions(Arc::clone(&engine)));
        engine
            .recording
            .spawn(outbox::record(Arc::clone(&engine), results));
        Ok(engine)
    }

    /// The lock on the data directory proves that whoever held a lease is dead.
    async fn take_over(&self) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        let freed = self.store.free_leases(&mut transaction, Timestamp::MAX).await?;
        transaction.commit().await?;
        if freed > 0 {
            tracing::info!(
                freed,
                "notifications that were being sent when the last process ended are queued again"
            );
        }
        self.reroute().await
    }

    /// Stops accepting, finishes what is being handed in, gives back the rest, and closes the database.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        if tokio::time::timeout(STOP_WITHIN, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("mails were still being handed in; they are tried again at the next start");
        }
        self.lanes_ended.cancel();
        self.recording.close();
        self.recording.wait().await;
        self.store.close().await;
    }

    /// The account, if it can send now.
    pub(crate) async fn sender(&self, id: AccountId) -> Option<Account> {
        let now = now();
        let snapshot = self.routing.snapshot().await;
        let account = snapshot.accounts.get(&id)?;
        account.carries(now).then(|| account.clone())
    }

    /// Whether an account is still there.
    pub(crate) async fn has_account(&self, id: AccountId) -> bool {
        self.routing.snapshot().await.accounts.contains_key(&id)
    }

    /// How many connections a provider takes from one account.
    pub(crate) fn connections(&self, provider: &ProviderKey) -> u8 {
        self.providers
            .get(provider)
            .map_or(1, |provider| provider.connections)
    }

    /// A provider's name, for people.
    pub(crate) fn provider_name(&self, key: &ProviderKey) -> String {
        self.providers
            .get(key)
            .map_or_else(|| key.to_string(), |provider| provider.name.clone())
    }

    /// What all `Message-ID`s of this installation have in common.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    /// A new `Message-ID` for a notification (RFC 5322 section 3.6.4), without brackets; stored with it, so that
    /// every try carries the same, whoever carries it. Its random part cannot be guessed from the ids of other
    /// mails: who names it has seen the mail, which is what a bounce or a reply is recognised by.
    pub(crate) fn message_id(&self, id: NotificationId) -> String {
        let random = getrandom::u64().expect("the operating system gives random numbers");
        format!("{id}.{random:016x}.{}@{MESSAGE_ID_HOST}", self.instance)
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
