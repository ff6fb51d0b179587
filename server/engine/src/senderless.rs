//! The pairs that nobody sends for, until somebody gives each a sender.

use crate::engine::Engine;
use crate::store::StoreError;
use tocsin_domain::senderless::{self, SenderlessPair};

impl Engine {
    /// The pairs that need a sender, in the order of the rules, with what they hold.
    pub async fn senderless_pairs(&self) -> Result<Vec<SenderlessPair>, StoreError> {
        let (rules, accounts) = (self.store.rules().await?, self.store.accounts().await?);
        let deleted = self.store.deleted_accounts().await?;
        let mut pairs = senderless::senderless_pairs(&rules, &accounts, &deleted);
        if pairs.is_empty() {
            return Ok(pairs);
        }
        let held = self.store.held_by_pair().await?;
        for pair in &mut pairs {
            pair.held = held.get(&pair.pair).copied().unwrap_or_default();
        }
        Ok(pairs)
    }
}
