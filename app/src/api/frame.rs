//! What stands around every page: whose system it is, and what needs somebody.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{authorization::Authorization, id::AccountId, provider::ProviderKey};

use super::error::ApiError;
use crate::components::layout::Needs;

/// What the frame shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surroundings {
    /// What the installation is called.
    pub host: String,
    /// Who is signed in.
    pub user: String,
    /// How many things need somebody, by area.
    pub needs: Needs,
    /// The worst of them: the account that most waits for.
    pub worst: Option<Stuck>,
}

/// An account that cannot send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// The account.
    pub id: AccountId,
    /// Its address.
    pub address: String,
    /// Its provider.
    pub provider: ProviderKey,
    /// Why.
    pub authorization: Authorization,
    /// How many notifications wait for it.
    pub held: u64,
}

/// What the frame shows, as of now.
#[server(endpoint = "frame")]
pub async fn fetch_surroundings() -> Result<Surroundings, ApiError> {
    ssr::answer(ssr::surroundings().await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use std::{cmp::Reverse, collections::BTreeSet};

    use tocsin_domain::authorization::Authorization;
    use tocsin_engine::Overview;

    pub(super) use crate::api::visit::answer;
    use crate::{
        api::{
            error::ApiError,
            frame::{Stuck, Surroundings},
            visit::{engine, signed_in},
        },
        components::layout::Needs,
    };

    pub(super) async fn surroundings() -> Result<Surroundings, ApiError> {
        let session = signed_in()?;
        let engine = engine();
        let seen = engine.overview().await?;
        let rules: BTreeSet<_> = engine
            .senderless_pairs()
            .await?
            .into_iter()
            .map(|pair| pair.rule)
            .collect();
        let stuck = stuck(&seen);
        let applications: BTreeSet<_> = stuck
            .iter()
            .filter(|one| one.authorization.application_fault().is_some())
            .map(|one| &one.provider)
            .collect();
        Ok(Surroundings {
            host: engine.instance_name().await?,
            user: session.admin.name,
            needs: Needs {
                accounts: number(stuck.len()),
                rules: number(rules.len()),
                settings: number(applications.len()),
                ..Needs::default()
            },
            worst: stuck.into_iter().next(),
        })
    }

    /// The accounts that cannot send: those whose owner must sign in again first, then by what waits for them.
    fn stuck(seen: &Overview) -> Vec<Stuck> {
        let mut stuck: Vec<_> = seen
            .accounts
            .iter()
            .filter(|account| account.authorization.needs_somebody())
            .map(|account| Stuck {
                id: account.id,
                address: account.settings.address.to_string(),
                provider: account.settings.provider.clone(),
                authorization: account.authorization.clone(),
                held: seen
                    .carried
                    .iter()
                    .find(|counts| counts.account == account.id)
                    .map_or(0, |counts| counts.held),
            })
            .collect();
        stuck.sort_by_key(|one| {
            let is_expired = matches!(one.authorization, Authorization::NeedsReauthorization(_));
            (Reverse(is_expired), Reverse(one.held))
        });
        stuck
    }

    fn number(count: usize) -> u32 {
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}
