//! What the Overview page shows.

use crate::engine::Engine;
use crate::store::{DAYS, StoreError};
use crate::time::now;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use tocsin_domain::account::Account;
use tocsin_domain::event::Event;
use tocsin_domain::notification::State;
use tocsin_domain::overview::{AccountCounts, Counts, DayCounts};

/// How many recent events are shown.
const EVENTS: u32 = 10;

/// All that the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// What stands where.
    pub counts: Counts,
    /// Day by day, oldest first.
    pub days: Vec<DayCounts>,
    /// The accounts, those that need somebody first.
    pub accounts: Vec<Account>,
    /// What each account carried.
    pub carried: Vec<AccountCounts>,
    /// The latest events, newest first, with the states of their notifications.
    pub events: Vec<(Event, Vec<State>)>,
}

impl Engine {
    /// All that the Overview shows, as of now.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        let zone = TimeZone::system();
        let now = now();
        let since = now
            .checked_sub(SignedDuration::from_hours(24 * i64::from(DAYS)))
            .unwrap_or(now);
        let today = now
            .to_zoned(zone.clone())
            .start_of_day()
            .map_or(now, |start| start.timestamp());
        let mut accounts = self.store.accounts().await?;
        accounts.sort_by_key(|account| !account.authorization.needs_somebody());
        let events = self.store.recent_events(EVENTS).await?;
        let ids: Vec<_> = events.iter().map(|event| event.id).collect();
        let states = self.store.states_of_events(&ids).await?;
        let of = |event: &Event| {
            states
                .iter()
                .filter(|(id, _)| *id == event.id)
                .map(|(_, state)| *state)
                .collect()
        };
        Ok(Overview {
            counts: self.store.counts(since).await?,
            days: self.store.days(now, &zone).await?,
            accounts,
            carried: self.store.account_counts(since, today).await?,
            events: events
                .into_iter()
                .map(|event| (event.clone(), of(&event)))
                .collect(),
        })
    }
}
