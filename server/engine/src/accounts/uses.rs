//! Which rules send by an account, and what they would lose without it.

use super::error::AccountError;
use crate::engine::Engine;
use tocsin_domain::account::{Account, IsDefault};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, PairId, RuleId};
use tocsin_domain::rule::{Pair, Rule};
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
    /// The pair's id.
    pub id: PairId,
    /// Who gets its mail.
    pub recipients: Vec<EmailAddress>,
    /// What the pair would be left with.
    pub share: Share,
}

/// What a pair has beside one of its senders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Share {
    /// Nothing: without the account its notifications are held.
    OnlySender,
    /// Other senders, in their order; deleted ones are left out.
    OneOfSeveral(Vec<EmailAddress>),
    /// An empty list: the account sends for it because it is the default.
    Default,
}

impl Engine {
    /// The pairs that send by an account, in the order of the rules.
    pub async fn account_uses(&self, id: AccountId) -> Result<Vec<AccountUse>, AccountError> {
        let accounts = self.store.accounts().await?;
        let account = accounts.iter().find(|account| account.id == id);
        let account = account.ok_or(AccountError::Gone)?;
        Ok(uses(account, &accounts, &self.store.rules().await?))
    }
}

fn uses(account: &Account, accounts: &[Account], rules: &[Rule]) -> Vec<AccountUse> {
    let mut uses = Vec::new();
    for rule in rules {
        for (index, pair) in rule.definition.pairs.iter().enumerate() {
            if let (Some(id), Some(share)) = (pair.id, share(account, accounts, pair)) {
                uses.push(AccountUse {
                    rule: rule.id,
                    name: rule.definition.name.clone(),
                    pair: index + 1,
                    id,
                    recipients: pair.recipients.clone(),
                    share,
                });
            }
        }
    }
    uses
}

fn share(account: &Account, accounts: &[Account], pair: &Pair) -> Option<Share> {
    if pair.senders.is_empty() {
        return (account.default == IsDefault::Yes).then_some(Share::Default);
    }
    if !pair.senders.contains(&account.id) {
        return None;
    }
    let others = pair.senders.iter().filter(|sender| **sender != account.id);
    let others: Vec<_> = others
        .filter_map(|sender| accounts.iter().find(|account| account.id == *sender))
        .map(|other| other.settings.address.clone())
        .collect();
    Some(if others.is_empty() {
        Share::OnlySender
    } else {
        Share::OneOfSeveral(others)
    })
}
