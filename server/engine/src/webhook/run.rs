//! Tries what waits, one call at a time, and again with back-off.

use super::call::call;
use crate::engine::Engine;
use crate::jitter::jitter;
use crate::store::{CallResult, StoreError, WaitingCall};
use crate::time::now;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::backoff;
use tocsin_domain::webhook::CallState;

/// How long a call is tried. An outage that lasts is told anew each day.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The longest sleep, and the one after a fault of the database.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Calls until the engine stops. What is under way then is made again at the next start.
pub(crate) async fn run(engine: Arc<Engine>) {
    while !engine.stopping.is_cancelled() {
        let sleep = tokio::select! {
            tried = try_next(&engine) => tried,
            () = engine.stopping.cancelled() => return,
        };
        let sleep = match sleep {
            Ok(None) => continue,
            Ok(Some(sleep)) => sleep,
            Err(error) => {
                tracing::error!(%error, "the webhook's calls could not be read or written; it is tried again");
                LONGEST_SLEEP
            }
        };
        tokio::select! {
            () = engine.webhook_wake.notified() => {}
            () = tokio::time::sleep(sleep) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}

/// Makes the next call that is due; where none is, returns how long to sleep.
async fn try_next(engine: &Engine) -> Result<Option<Duration>, StoreError> {
    let Some(waiting) = engine.store.next_webhook_call().await? else {
        return Ok(Some(LONGEST_SLEEP));
    };
    let wait = Duration::try_from(waiting.next_at.duration_since(now())).unwrap_or_default();
    if !wait.is_zero() {
        return Ok(Some(wait.min(LONGEST_SLEEP)));
    }
    let Some(target) = engine.webhook_target().await? else {
        // It cannot be opened: `tocsin doctor` and the page say so.
        return Ok(Some(LONGEST_SLEEP));
    };
    let WaitingCall { id, kind, body, .. } = &waiting;
    let tried = call(&engine.http, &target, *id, kind, body).await;
    let now = now();
    let attempts = waiting.attempts + 1;
    let (state, next_at) = if tried.answer.is_accepted() {
        (CallState::Accepted, now)
    } else if now.duration_since(waiting.created_at) >= GIVE_UP_AFTER {
        tracing::error!(kind, answer = ?tried.answer, "the webhook was not reached for a day; this news is given up");
        (CallState::Failed, now)
    } else {
        tracing::warn!(kind, answer = ?tried.answer, attempts, "the webhook did not accept a call; it is tried again");
        (CallState::Waiting, now + backoff::wait(attempts, jitter()))
    };
    let result = CallResult {
        id: *id,
        state,
        attempts,
        tried_at: now,
        next_at,
        answer: tried.answer,
        words: tried.words,
    };
    let mut transaction = engine.store.begin().await?;
    engine
        .store
        .record_webhook_call(&mut transaction, &result)
        .await?;
    transaction.commit().await?;
    engine.live.changed();
    Ok(None)
}
