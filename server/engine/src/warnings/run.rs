//! Looks again and again at what people must be told.

use crate::engine::Engine;
use crate::store::StoreError;
use crate::time::now;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// The longest sleep. Reminders and announcements count in days.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// The sleep after a fault of the database.
const AFTER_FAULT: Duration = Duration::from_secs(5);

/// One look.
pub(super) struct Round<'a> {
    pub(super) engine: &'a Engine,
    pub(super) now: Timestamp,
    /// Whether something was told.
    pub(super) wrote: bool,
}

/// Looks until the engine stops. What was written down as told is never told twice, and what was not, because the
/// process ended in between, is told by the first look of the next one.
pub(crate) async fn run(engine: Arc<Engine>) {
    while !engine.stopping.is_cancelled() {
        let sleep = match look(&engine).await {
            Ok(()) => LONGEST_SLEEP,
            Err(error) => {
                tracing::error!(%error, "a warning could not be written; it is tried again");
                AFTER_FAULT
            }
        };
        tokio::select! {
            () = engine.warnings_wake.notified() => {}
            () = tokio::time::sleep(sleep) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}

async fn look(engine: &Engine) -> Result<(), StoreError> {
    let mut round = Round {
        engine,
        now: now(),
        wrote: false,
    };
    let looked = round.all().await;
    if round.wrote {
        engine.routing_changed().await;
        engine.webhook_wake.notify_one();
        if let Some(nas) = &engine.nas {
            nas.log_wake.notify_one();
        }
    }
    looked
}

impl Round<'_> {
    async fn all(&mut self) -> Result<(), StoreError> {
        for account in self.engine.store.accounts().await? {
            self.outage(account.id).await?;
        }
        self.incidents().await?;
        self.ahead().await
    }
}
