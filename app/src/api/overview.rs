//! What the Overview shows.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    account::Account,
    notification::State,
    overview::{AccountCounts, Counts, DayCounts},
    senderless::SenderlessPair,
    severity::Severity,
    told::Unheard,
};

use super::error::ApiError;

/// All that the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// What stands where.
    pub counts: Counts,
    /// Day by day, oldest first.
    pub days: Vec<DayCounts>,
    /// The accounts, those that need somebody first.
    pub accounts: Vec<Health>,
    /// How many of them send now or will by themselves.
    pub able: usize,
    /// The pairs that nobody sends for.
    pub senderless: Vec<SenderlessPair>,
    /// The warnings that nobody could be sent.
    pub unheard: Unheard,
    /// To how many addresses of administrators warnings go.
    pub addresses: usize,
    /// The latest events, newest first.
    pub events: Vec<Recent>,
}

/// An account, and what it carried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// The account.
    pub account: Account,
    /// Its provider's name.
    pub provider: String,
    /// What it carried, and what waits for it.
    pub counts: AccountCounts,
}

/// An event, and where its notifications stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Its headline.
    pub headline: String,
    /// Its application.
    pub application: String,
    /// How bad it is.
    pub severity: Severity,
    /// When Tocsin accepted it.
    pub at: jiff::Timestamp,
    /// The states of its notifications; none where no rule caught it.
    pub states: Vec<State>,
}

/// All that the page shows, as of now.
#[server(endpoint = "overview")]
pub async fn fetch_overview() -> Result<Overview, ApiError> {
    ssr::answer(ssr::overview().await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use tocsin_domain::{
        account::{Account, Availability},
        event::Event,
        notification::State,
        overview::AccountCounts,
    };
    use tocsin_engine::Engine;

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        error::ApiError,
        overview::{Health, Overview, Recent},
        visit::{engine, signed_in},
    };

    pub(super) async fn overview() -> Result<Overview, ApiError> {
        signed_in()?;
        let engine = engine();
        let seen = engine.overview().await?;
        let now = jiff::Timestamp::now();
        let is_able = |account: &&Account| account.availability(now) != Availability::Unavailable;
        let able = seen.accounts.iter().filter(is_able).count();
        let accounts = seen.accounts.into_iter();
        Ok(Overview {
            counts: seen.counts,
            days: seen.days,
            able,
            accounts: accounts
                .map(|account| health(&engine, account, &seen.carried))
                .collect(),
            senderless: engine.senderless_pairs().await?,
            unheard: engine.unheard().await?,
            addresses: engine.store.admin_addresses().await?.len(),
            events: seen.events.into_iter().map(recent).collect(),
        })
    }

    fn health(engine: &Engine, account: Account, carried: &[AccountCounts]) -> Health {
        let key = &account.settings.provider;
        let counts = carried.iter().find(|counts| counts.account == account.id);
        Health {
            provider: engine
                .providers
                .get(key)
                .map_or_else(|| key.to_string(), |provider| provider.name.clone()),
            counts: counts.cloned().unwrap_or_else(|| AccountCounts {
                account: account.id,
                address: account.settings.address.to_string(),
                sent: 0,
                sent_today: 0,
                held: 0,
            }),
            account,
        }
    }

    fn recent((event, states): (Event, Vec<State>)) -> Recent {
        Recent {
            headline: event.report.headline(),
            application: event.report.application.into(),
            severity: event.report.severity,
            at: event.received_at,
            states,
        }
    }
}
