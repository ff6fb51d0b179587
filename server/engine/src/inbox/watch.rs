//! Which accounts' mailboxes are watched, and how each stands.

use super::mailbox;
use crate::engine::Engine;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::Server;
use tocsin_domain::receiving::Receiving;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::{AbortHandle, JoinSet};

/// How many mailboxes are looked into at the same time: each may hold a mail of 256 KiB in memory.
const AT_ONCE: usize = 8;

/// How long changes are gathered before they are looked at.
const SETTLE: Duration = Duration::from_millis(200);

/// How the mailboxes stand.
#[derive(Debug)]
pub(crate) struct Inbox {
    standing: Mutex<HashMap<AccountId, Receiving>>,
    /// How often somebody asked to begin anew with an account.
    again: Mutex<HashMap<AccountId, u64>>,
    turns: Semaphore,
}

/// What a watch depends on: when it changes, the watch begins anew.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ground {
    imap: Server,
    sign_in: SignIn,
    address: EmailAddress,
    again: u64,
}

struct Watched {
    ground: Ground,
    task: AbortHandle,
}

impl Inbox {
    /// Nothing is watched yet.
    pub(crate) fn new() -> Self {
        Self {
            standing: Mutex::default(),
            again: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
        }
    }

    /// Lets the watch of an account begin anew, whatever it waits for: something has changed for it.
    pub(crate) fn try_again(&self, id: AccountId) {
        *lock(&self.again).entry(id).or_default() += 1;
    }

    /// Waits until this mailbox may be looked into.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.turns.acquire().await.ok()
    }

    fn ground(&self, account: &Account) -> Option<Ground> {
        let settings = &account.settings;
        Some(Ground {
            imap: settings.imap.clone()?,
            sign_in: settings.sign_in.clone(),
            address: settings.address.clone(),
            again: lock(&self.again).get(&account.id).copied().unwrap_or_default(),
        })
    }
}

impl Engine {
    /// How the watch of an account's mailbox stands.
    pub fn receiving(&self, id: AccountId) -> Receiving {
        lock(&self.inbox.standing)
            .get(&id)
            .cloned()
            .unwrap_or(Receiving::Off)
    }

    pub(super) fn set_receiving(&self, id: AccountId, receiving: Receiving) {
        let mut standing = lock(&self.inbox.standing);
        let differs = standing.get(&id) != Some(&receiving);
        standing.insert(id, receiving);
        drop(standing);
        if differs {
            self.live.changed();
        }
    }
}

/// Watches until the engine stops.
pub(crate) async fn run(engine: Arc<Engine>) {
    let mut changes = engine.live.listen();
    let mut watched: HashMap<AccountId, Watched> = HashMap::new();
    let mut tasks = JoinSet::new();
    while !engine.stopping.is_cancelled() {
        changes.mark_unchanged();
        take_up(&engine, &mut watched, &mut tasks).await;
        while tasks.try_join_next().is_some() {}
        tokio::select! {
            _ = changes.changed() => tokio::time::sleep(SETTLE).await,
            () = engine.stopping.cancelled() => {}
        }
    }
    // Nothing is half done: an answer and the place behind it are written together.
    tasks.shutdown().await;
}

async fn take_up(engine: &Arc<Engine>, watched: &mut HashMap<AccountId, Watched>, tasks: &mut JoinSet<()>) {
    let accounts: Vec<Account> = engine
        .routing
        .snapshot()
        .await
        .accounts
        .values()
        .cloned()
        .collect();
    let mut wanted = HashMap::new();
    for account in &accounts {
        let lost = matches!(account.authorization, Authorization::NeedsReauthorization(_));
        match engine.inbox.ground(account) {
            Some(ground) if !lost => {
                wanted.insert(account.id, ground);
            }
            Some(_) => stand(engine, watched, account.id, Receiving::Stopped),
            None => stand(engine, watched, account.id, Receiving::Off),
        }
    }
    watched.retain(|id, known| {
        let keeps = wanted.get(id) == Some(&known.ground);
        if !keeps {
            known.task.abort();
        }
        keeps
    });
    lock(&engine.inbox.standing).retain(|id, _| accounts.iter().any(|account| account.id == *id));
    for (id, ground) in wanted {
        watched.entry(id).or_insert_with(|| {
            engine.set_receiving(id, Receiving::Starting);
            let task = tasks.spawn(mailbox::watch(Arc::clone(engine), id));
            Watched { ground, task }
        });
    }
}

/// Ends the watch of an account and says how it stands instead.
fn stand(engine: &Engine, watched: &mut HashMap<AccountId, Watched>, id: AccountId, instead: Receiving) {
    if let Some(known) = watched.remove(&id) {
        known.task.abort();
    }
    engine.set_receiving(id, instead);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
