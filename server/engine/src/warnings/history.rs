//! What was told of an account, and whether anybody could be told at all.

use crate::engine::Engine;
use crate::store::StoreError;
use std::cmp::Reverse;
use tocsin_domain::id::AccountId;
use tocsin_domain::told::{Told, Unheard, WebhookReach};

/// How many lines are shown.
const LINES: u32 = 50;

impl Engine {
    /// The warnings that nobody could be sent because no account can carry them.
    pub async fn unheard(&self) -> Result<Unheard, StoreError> {
        let webhook = match self.store.webhook_row().await? {
            None => WebhookReach::None,
            Some(_) => match self.store.last_webhook_call().await? {
                Some(last) if !last.answer.is_accepted() => WebhookReach::Failing,
                _ => WebhookReach::Told,
            },
        };
        Ok(Unheard {
            warnings: self.store.unheard_warnings().await?,
            webhook,
            nas_log: self.nas_log_reach().await?,
        })
    }

    /// What was told of an account or of its OAuth application, newest first, at most 50 lines.
    pub async fn told(&self, id: AccountId) -> Result<Vec<Told>, StoreError> {
        let account = self.store.account(id).await?;
        let (application, since) = (&account.settings.provider, account.created_at);
        let mut told = self.store.told(id, application, since, LINES).await?;
        told.extend(self.store.nas_told(id, application, since, LINES).await?);
        told.sort_by_key(|line| Reverse(line.at));
        told.truncate(LINES as usize);
        Ok(told)
    }
}
