//! Which rules send by an account, and what they would lose without it.

use super::error::AccountError;
use crate::engine::Engine;
use tocsin_domain::account::{Account, IsDefault};
use tocsin_domain::id::{AccountId, RuleId};
use tocsin_domain::rule::Rule;
use tocsin_domain::text::Line;

/// A pair that sends by an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountUse {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub name: Line,
    /// The pair's place in the rule, from 1.
    pub pair: usize,
    /// What the pair would be left with.
    pub share: Share,
}

/// What a pair has beside one of its senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Nothing: without the account nobody sends for it, unless another account is the default.
    OnlySender,
    /// Other senders.
    OneOfSeveral,
    /// An empty list, from the start or since its senders were deleted: the account sends for it because it is
    /// the default.
    Default,
}

impl Engine {
    /// The pairs that send by an account, in the order of the rules.
    pub async fn account_uses(&self, id: AccountId) -> Result<Vec<AccountUse>, AccountError> {
        let account = self.store.account(id).await?;
        Ok(uses(&account, &self.store.rules().await?))
    }
}

fn uses(account: &Account, rules: &[Rule]) -> Vec<AccountUse> {
    let mut uses = Vec::new();
    for rule in rules {
        for (index, pair) in rule.definition.pairs.iter().enumerate() {
            let share = match pair.senders.as_slice() {
                [] if account.default == IsDefault::Yes => Share::Default,
                [only] if *only == account.id => Share::OnlySender,
                several if several.contains(&account.id) => Share::OneOfSeveral,
                _ => continue,
            };
            uses.push(AccountUse {
                rule: rule.id,
                name: rule.definition.name.clone(),
                pair: index + 1,
                share,
            });
        }
    }
    uses
}
