//! The events by which the editor of a rule shows what the rule would have caught.

use crate::engine::Engine;
use crate::store::{DAYS, StoreError};
use crate::time::now;
use jiff::SignedDuration;
use tocsin_domain::event::Event;

/// How many events are given at most.
const EVENTS: u32 = 500;

impl Engine {
    /// The events of the last 30 days, newest first, at most 500.
    pub async fn events_to_try(&self) -> Result<Vec<Event>, StoreError> {
        let now = now();
        let since = now
            .checked_sub(SignedDuration::from_hours(24 * i64::from(DAYS)))
            .unwrap_or(now);
        let events = self.store.recent_events(EVENTS).await?;
        Ok(events
            .into_iter()
            .filter(|event| event.received_at >= since)
            .collect())
    }
}
