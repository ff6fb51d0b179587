//! Who carries what: the rules and accounts as they stand, and the routes that follow from them.
//!
//! A snapshot in memory answers for each event at once. Whoever changes a rule or an account's ability to send
//! calls [`Engine::routing_changed`]: it reads the snapshot anew and moves what waits, route by route. Accepting
//! an event holds the snapshot from matching until its commit, so that nothing is written by an old snapshot
//! after what waits has been moved by a new one.

use crate::engine::Engine;
use crate::store::{Route, Store, StoreError};
use crate::time::now;
use jiff::Timestamp;
use std::collections::HashMap;
use tocsin_domain::account::{Account, IsDefault, choose_sender};
use tocsin_domain::id::{AccountId, PairId};
use tocsin_domain::notification::Reason;
use tocsin_domain::rule::Rule;
use tokio::sync::{RwLock, RwLockReadGuard};

/// The current snapshot.
#[derive(Debug)]
pub(crate) struct Routing {
    snapshot: RwLock<Snapshot>,
}

/// Rules and accounts at one moment.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// All rules.
    pub(crate) rules: Vec<Rule>,
    /// All accounts but the deleted ones.
    pub(crate) accounts: HashMap<AccountId, Account>,
    senders: HashMap<PairId, Vec<AccountId>>,
}

impl Snapshot {
    async fn read(store: &Store) -> Result<Self, StoreError> {
        let accounts = store.accounts().await?;
        Ok(Self {
            rules: store.rules().await?,
            accounts: accounts
                .into_iter()
                .map(|account| (account.id, account))
                .collect(),
            senders: store.pair_senders().await?.into_iter().collect(),
        })
    }

    /// Who carries a route now, or why what waits on it is held. A list whose senders were all deleted is not an
    /// empty one: the default account does not take over from them.
    pub(crate) fn carrier(&self, route: Route, now: Timestamp) -> Result<AccountId, Reason> {
        let senders: Vec<&Account> = match route {
            Route::Pair(pair) => {
                let listed = self.senders.get(&pair).map_or(&[][..], Vec::as_slice);
                let living = self.find(listed);
                match (listed, living.as_slice()) {
                    ([], _) => self.default_sender(),
                    (_, []) => return Err(Reason::SendersGone),
                    _ => living,
                }
            }
            Route::Warning(except) => self.most_recently_proven(Some(except)),
            Route::Own => self.most_recently_proven(None),
        };
        choose_sender(&senders, now).ok_or(Reason::NoSender)
    }

    fn find(&self, ids: &[AccountId]) -> Vec<&Account> {
        ids.iter().filter_map(|id| self.accounts.get(id)).collect()
    }

    fn default_sender(&self) -> Vec<&Account> {
        self.accounts
            .values()
            .filter(|account| account.default == IsDefault::Yes)
            .collect()
    }

    fn most_recently_proven(&self, except: Option<AccountId>) -> Vec<&Account> {
        let mut others: Vec<_> = self
            .accounts
            .values()
            .filter(|account| Some(account.id) != except)
            .collect();
        others.sort_by_key(|account| std::cmp::Reverse((account.proven_at, account.id)));
        others
    }
}

impl Routing {
    /// An empty snapshot; [`Engine::routing_changed`] fills it.
    pub(crate) fn new() -> Self {
        Self {
            snapshot: RwLock::new(Snapshot::default()),
        }
    }

    /// The snapshot, kept as it is for as long as the guard lives.
    pub(crate) async fn snapshot(&self) -> RwLockReadGuard<'_, Snapshot> {
        self.snapshot.read().await
    }
}

impl Engine {
    /// Takes up a change of rules or accounts: what waits goes to who can send now. A fault of the database is
    /// logged and made good by the next round of the outbox.
    pub async fn routing_changed(&self) {
        if let Err(error) = self.reroute().await {
            tracing::error!(%error, "what waits could not be given to its senders; it is tried again");
        }
        self.outbox.wake();
        self.live.changed();
    }

    pub(crate) async fn reroute(&self) -> Result<(), StoreError> {
        let mut snapshot = self.routing.snapshot.write().await;
        *snapshot = Snapshot::read(&self.store).await?;
        let now = now();
        let mut transaction = self.store.begin().await?;
        for route in self.store.waiting_routes(&mut transaction).await? {
            let carrier = snapshot.carrier(route, now);
            let moved = self
                .store
                .set_route(&mut transaction, route, &carrier, now)
                .await?;
            if moved > 0 {
                tracing::info!(?route, ?carrier, moved, "waiting notifications have a new sender");
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}
