//! Writes results of attempts, many in one commit. A result that cannot be written, as on a full disk, is kept
//! and tried again: the mail was sent and must not be sent twice.

use crate::engine::Engine;
use crate::store::{AttemptResult, Next, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The most results in one commit.
const MOST: usize = 500;

/// How long to wait before results that could not be written are tried again.
const RETRY: Duration = Duration::from_secs(1);

/// How many times writing is tried once the engine is stopping.
const TRIES_WHEN_STOPPING: u32 = 3;

/// Records until every lane has ended after the engine began to stop.
pub(crate) async fn run(engine: Arc<Engine>, mut incoming: mpsc::Receiver<AttemptResult>) {
    let mut results = Vec::with_capacity(MOST);
    loop {
        tokio::select! {
            biased;
            _ = incoming.recv_many(&mut results, MOST) => {}
            () = engine.lanes_ended.cancelled() => {
                incoming.close();
                if incoming.recv_many(&mut results, MOST).await == 0 {
                    return;
                }
            }
        }
        write(&engine, &results).await;
        let reroute = needs_another_sender(&engine, &results).await;
        results.clear();
        if reroute {
            engine.routing_changed().await;
        } else {
            engine.live.changed();
        }
    }
}

/// Whether something goes back to the queue that the account which tried it does not carry any more.
async fn needs_another_sender(engine: &Engine, results: &[AttemptResult]) -> bool {
    for result in results {
        match result.next {
            Next::NextSender(_) => return true,
            Next::Later(..) if !engine.has_account(result.account).await => return true,
            _ => {}
        }
    }
    false
}

async fn write(engine: &Engine, results: &[AttemptResult]) {
    let mut tries = 0;
    while let Err(error) = try_write(engine, results).await {
        tracing::error!(%error, results = results.len(), "results could not be written; they are tried again");
        tries += 1;
        if engine.stopping.is_cancelled() && tries >= TRIES_WHEN_STOPPING {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}

async fn try_write(engine: &Engine, results: &[AttemptResult]) -> Result<(), StoreError> {
    let mut transaction = engine.store.begin().await?;
    engine.store.record(&mut transaction, results).await?;
    transaction.commit().await?;
    Ok(())
}
