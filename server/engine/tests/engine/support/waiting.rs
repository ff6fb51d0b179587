//! Waiting for what should come, however long the machine takes.

use super::Tocsin;
use std::time::Duration;
use tocsin_domain::account::Account;
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{Notification, State};

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

impl Tocsin {
    /// Waits until as many notifications stand in a state, and returns them, newest first.
    pub async fn when(&self, state: State, count: usize) -> Vec<Notification> {
        let mut changes = self.engine.live.listen();
        let wait = async {
            loop {
                let found = self.in_state(state).await.unwrap();
                if found.len() >= count {
                    return found;
                }
                // A change may fall between the look and the wait: look again now and then.
                let _ = tokio::time::timeout(Duration::from_millis(200), changes.changed()).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("{count} {state:?} did not come: {:#?}", self.all().await),
        }
    }

    /// Waits until an account's authorization is as wanted.
    pub async fn when_account(&self, id: AccountId, wanted: impl Fn(&Account) -> bool) -> Account {
        let wait = async {
            loop {
                let account = self.engine.store.account(id).await.unwrap();
                if wanted(&account) {
                    return account;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(account) => account,
            Err(_) => panic!(
                "the account did not change: {:#?}",
                self.engine.store.account(id).await
            ),
        }
    }

    /// Waits until a queued notification has only this recipient left.
    pub async fn when_queued_for(&self, recipient: &str) -> Notification {
        self.when_queued(|queued| queued.recipients == [recipient.parse().unwrap()])
            .await
    }

    /// Waits until a queued notification was tried so often.
    pub async fn when_tried(&self, times: u32) -> Notification {
        self.when_queued(|queued| queued.attempts >= times).await
    }

    async fn when_queued(&self, wanted: impl Fn(&Notification) -> bool) -> Notification {
        let wait = async {
            loop {
                let queued = self.in_state(State::Queued).await.unwrap();
                if let Some(found) = queued.into_iter().find(&wanted) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("it did not come: {:#?}", self.all().await),
        }
    }
}
