//! Rules, as people keep them.

use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{Store, StoreError};
use crate::time::now;
use tocsin_domain::deleted::DeletedAccount;
use tocsin_domain::id::{AccountId, PairId, RuleId};
use tocsin_domain::rule::{InvalidRule, Pair, Rule, RuleDefinition, Switch};

/// The most recipients of one pair: what every mail server must take for one mail (RFC 5321 section 4.5.3.1.8).
pub const MAX_RECIPIENTS: usize = 100;

/// Why a rule was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// Something is missing or doubled.
    #[error("{0}")]
    Invalid(#[from] InvalidRule),
    /// More recipients than one mail can have.
    #[error("pair {0}: at most {MAX_RECIPIENTS} recipients fit one mail: use a further pair")]
    TooManyRecipients(usize),
    /// A sender was deleted meanwhile.
    #[error("pair {0}: a sender in the list does not exist any more: take it out of the list")]
    SenderGone(usize),
    /// The rule was deleted meanwhile.
    #[error("the rule does not exist any more")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for RuleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::Gone,
            error => Self::Store(error),
        }
    }
}

impl Engine {
    /// All rules, oldest first.
    pub async fn rules(&self) -> Result<Vec<Rule>, RuleError> {
        Ok(self.store.rules().await?)
    }

    /// One rule.
    pub async fn rule(&self, id: RuleId) -> Result<Rule, RuleError> {
        Ok(self.store.rule(id).await?)
    }

    /// Writes a rule, new if there is no id. Pairs that keep their id keep what waits on them.
    pub async fn save_rule(
        &self,
        id: Option<RuleId>,
        definition: RuleDefinition,
        who: &Who,
    ) -> Result<RuleId, RuleError> {
        definition.check()?;
        let mut transaction = self.store.begin().await?;
        let before = match id {
            Some(id) => self.store.rule(id).await?.definition.pairs,
            None => Vec::new(),
        };
        let senders = Senders::read(&self.store, &before).await?;
        let definition = senders.settle(with_own_pair_ids(definition, &before))?;
        let id = id.unwrap_or_else(|| RuleId::new(self.store.next_id()));
        self.store
            .save_rule(&mut transaction, id, &definition, now())
            .await?;
        self.audit(
            &mut transaction,
            who,
            Action::RuleSaved,
            definition.name.as_str(),
            "",
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.routing_changed().await;
        Ok(id)
    }

    /// Lets a rule listen, or not.
    pub async fn switch_rule(&self, id: RuleId, switch: Switch, who: &Who) -> Result<(), RuleError> {
        let mut transaction = self.store.begin().await?;
        let rule = self.store.rule(id).await?;
        self.store.switch_rule(&mut transaction, id, switch).await?;
        let detail = match switch {
            Switch::On => "on",
            Switch::Off => "off",
        };
        let name = rule.definition.name.as_str();
        self.audit(&mut transaction, who, Action::RuleSaved, name, detail)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.routing_changed().await;
        Ok(())
    }

    /// Deletes a rule. What it has caught already is still sent.
    pub async fn delete_rule(&self, id: RuleId, who: &Who) -> Result<(), RuleError> {
        let mut transaction = self.store.begin().await?;
        let rule = self.store.rule(id).await?;
        self.store.delete_rule(&mut transaction, id, now()).await?;
        let name = rule.definition.name.as_str();
        self.audit(&mut transaction, who, Action::RuleDeleted, name, "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.routing_changed().await;
        Ok(())
    }
}

/// Who may stand in a sender list.
struct Senders {
    living: Vec<AccountId>,
    /// Deleted, and they may come back.
    restorable: Vec<AccountId>,
    /// Those in the rule's lists as they stood, whoever they are.
    listed: Vec<AccountId>,
}

impl Senders {
    async fn read(store: &Store, before: &[Pair]) -> Result<Self, StoreError> {
        let living = store.accounts().await?;
        let deleted = store.deleted_accounts().await?.into_iter();
        let restorable = deleted.filter(DeletedAccount::is_restorable);
        Ok(Self {
            living: living.iter().map(|account| account.id).collect(),
            restorable: restorable.map(|account| account.id).collect(),
            listed: before.iter().flat_map(|pair| pair.senders.clone()).collect(),
        })
    }

    /// Checks the lists, and settles who stays in them. A deleted account keeps a place that it had, so that it can
    /// return to it. One that cannot come back stays only where the list has nobody else: it says that the pair
    /// lost its sender, until somebody gives it another.
    fn settle(&self, mut definition: RuleDefinition) -> Result<RuleDefinition, RuleError> {
        for (index, pair) in definition.pairs.iter_mut().enumerate() {
            if pair.recipients.len() > MAX_RECIPIENTS {
                return Err(RuleError::TooManyRecipients(index + 1));
            }
            let known = |sender: &AccountId| self.living.contains(sender) || self.listed.contains(sender);
            if !pair.senders.iter().all(known) {
                return Err(RuleError::SenderGone(index + 1));
            }
            if pair.senders.iter().any(|sender| self.living.contains(sender)) {
                pair.senders
                    .retain(|sender| self.living.contains(sender) || self.restorable.contains(sender));
            }
        }
        Ok(definition)
    }
}

/// A pair keeps an id that is this rule's, once; with any other it is a new pair.
fn with_own_pair_ids(mut definition: RuleDefinition, before: &[Pair]) -> RuleDefinition {
    let mut known: Vec<PairId> = before.iter().filter_map(|pair| pair.id).collect();
    for pair in &mut definition.pairs {
        let place = pair.id.and_then(|id| known.iter().position(|known| *known == id));
        pair.id = place.map(|place| known.swap_remove(place));
    }
    definition
}
