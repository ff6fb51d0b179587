//! An account as a further sender of pairs: what a new one is offered, and what mends pairs that lost theirs.

use super::error::AccountError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::StoreError;
use crate::time::now;
use tocsin_domain::id::{AccountId, PairId};

impl Engine {
    /// Puts an account at the end of some pairs' sender lists, all at once. A pair that has it already, or was
    /// deleted meanwhile, stays as it is. Answers how many pairs were changed.
    pub async fn give_sender(
        &self,
        id: AccountId,
        pairs: &[PairId],
        who: &Who,
    ) -> Result<usize, AccountError> {
        let mut transaction = self.store.begin().await?;
        let account = self.store.account(id).await?;
        let mut given = 0;
        for mut rule in self.store.rules().await? {
            let lists = rule.definition.pairs.iter_mut();
            let wanted = lists.filter(|pair| {
                !pair.senders.contains(&id) && pair.id.is_some_and(|pair| pairs.contains(&pair))
            });
            let before = given;
            for pair in wanted {
                pair.senders.push(id);
                given += 1;
            }
            if given == before {
                continue;
            }
            let definition = &rule.definition;
            self.store
                .save_rule(&mut transaction, rule.id, definition, now())
                .await?;
            let (name, address) = (definition.name.as_str(), account.settings.address.as_str());
            self.audit(&mut transaction, who, Action::RuleSaved, name, address)
                .await?;
        }
        transaction.commit().await.map_err(StoreError::from)?;
        self.routing_changed().await;
        Ok(given)
    }
}
