//! Starts lanes where something is due, and keeps the queue in order.

use super::lane;
use crate::engine::Engine;
use crate::store::{Depth, StoreError};
use crate::time::now;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tocsin_domain::id::AccountId;

/// How many notifications a lane takes at once; also how many must be due before another lane is worth a
/// connection and a sign-in of its own.
pub(super) const BATCH: u32 = 64;

/// A lane of its own for so many due notifications.
const PER_LANE: u64 = 4 * BATCH as u64;

/// How often the queue is looked at when nothing wakes the dispatcher: what was queued for later becomes due.
const TICK: Duration = Duration::from_secs(1);

/// How often leases that ran out are freed, old notifications given up and routes set anew.
const TIDY: Duration = Duration::from_secs(30);

/// The shortest time between two looks, so that a burst of events costs a few looks and not thousands.
const PAUSE: Duration = Duration::from_millis(5);

/// Dispatches until the engine stops.
pub(crate) async fn run(engine: Arc<Engine>) {
    let mut tidied = Instant::now();
    while !engine.stopping.is_cancelled() {
        if let Err(error) = look(&engine).await {
            tracing::error!(%error, "the queue could not be read; it is tried again");
        }
        if tidied.elapsed() >= TIDY {
            tidied = Instant::now();
            if let Err(error) = tidy(&engine).await {
                tracing::error!(%error, "the queue could not be tidied; it is tried again");
            }
        }
        tokio::time::sleep(PAUSE).await;
        tokio::select! {
            () = engine.outbox.wake.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}

async fn look(engine: &Arc<Engine>) -> Result<(), StoreError> {
    let now = now();
    let able: Vec<(AccountId, u8)> = {
        let snapshot = engine.routing.snapshot().await;
        let able = snapshot.accounts.values().filter(|account| account.carries(now));
        able.map(|account| (account.id, engine.connections(&account.settings.provider)))
            .collect()
    };
    if able.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = able.iter().map(|(account, _)| *account).collect();
    // As much as is worth all lanes of the account with the most.
    let lanes = able
        .iter()
        .map(|(_, connections)| *connections)
        .max()
        .unwrap_or(1);
    let most = PER_LANE * u64::from(lanes);
    for Depth { account, due } in engine.store.due(&ids, now, most).await? {
        let most = able
            .iter()
            .find(|(id, _)| *id == account)
            .map_or(1, |(_, connections)| *connections);
        start_lanes(engine, account, due, usize::from(most));
    }
    Ok(())
}

fn start_lanes(engine: &Arc<Engine>, account: AccountId, due: u64, most: usize) {
    let wanted = usize::try_from(due.div_ceil(PER_LANE))
        .unwrap_or(most)
        .clamp(1, most.max(1));
    let lanes = engine.outbox.lanes(account);
    let fresh = lanes.start_up_to(wanted);
    // A permit is kept for a lane that is just about to wait.
    lanes.work.notify_one();
    for _ in 0..fresh {
        engine
            .tasks
            .spawn(lane::run(Arc::clone(engine), Arc::clone(&lanes), account));
    }
}

async fn tidy(engine: &Engine) -> Result<(), StoreError> {
    let now = now();
    let oldest = now.checked_sub(engine.config.max_age).unwrap_or(now);
    let mut transaction = engine.store.begin().await?;
    let freed = engine.store.free_leases(&mut transaction, now).await?;
    let failed = engine
        .store
        .fail_older_than(&mut transaction, oldest, now)
        .await?;
    engine.store.forget_answers(&mut transaction, oldest).await?;
    transaction.commit().await?;
    if freed > 0 || failed > 0 {
        tracing::warn!(freed, failed, "leases ran out, or notifications grew too old");
        engine.live.changed();
    }
    engine.reroute().await
}
