//! Pairs that nobody sends for. What they catch is held until somebody gives them a sender: a pair whose senders
//! were all deleted does not fall to the default account, which sends only for pairs whose list was left empty.

use crate::account::{Account, IsDefault};
use crate::address::EmailAddress;
use crate::deleted::DeletedAccount;
use crate::id::{AccountId, PairId, RuleId};
use crate::rule::{Pair, Rule, Switch};
use crate::text::Line;
use serde::{Deserialize, Serialize};

/// A pair that nobody sends for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderlessPair {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub name: Line,
    /// Whether it listens.
    pub switch: Switch,
    /// The pair.
    pub pair: PairId,
    /// The pair's place in the rule, from 1.
    pub place: usize,
    /// Who would get its mail.
    pub recipients: Vec<EmailAddress>,
    /// Why nobody sends for it.
    pub why: Senderless,
    /// How many notifications it holds.
    pub held: u64,
}

/// Why nobody sends for a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Senderless {
    /// Its senders are gone, in the order of its list.
    SendersGone(Vec<GoneSender>),
    /// Its list is empty, and no account is the default.
    NoDefault,
}

/// A sender in a pair's list that is no account any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoneSender {
    /// It was deleted.
    Deleted(DeletedAccount),
    /// There never was such an account here: the rule came from elsewhere without it.
    Unknown(AccountId),
}

impl GoneSender {
    /// The sender of this id among the deleted accounts.
    pub fn find(id: AccountId, deleted: &[DeletedAccount]) -> Self {
        deleted
            .iter()
            .find(|one| one.id == id)
            .cloned()
            .map_or(Self::Unknown(id), Self::Deleted)
    }

    /// The account's id.
    pub const fn id(&self) -> AccountId {
        match self {
            Self::Deleted(deleted) => deleted.id,
            Self::Unknown(id) => *id,
        }
    }
}

/// The pairs that nobody sends for, in the order of the rules. A rule that is switched off counts where its
/// senders were deleted: once it is on again, nobody would hear of it. What is held is not counted here.
pub fn senderless_pairs(
    rules: &[Rule],
    accounts: &[Account],
    deleted: &[DeletedAccount],
) -> Vec<SenderlessPair> {
    let has_default = accounts.iter().any(|account| account.default == IsDefault::Yes);
    let mut found = Vec::new();
    for rule in rules {
        for (index, pair) in rule.definition.pairs.iter().enumerate() {
            let Some(id) = pair.id else { continue };
            let why = match why(pair, accounts, deleted) {
                Some(Senderless::NoDefault) if has_default || rule.definition.switch == Switch::Off => {
                    continue;
                }
                Some(why) => why,
                None => continue,
            };
            found.push(SenderlessPair {
                rule: rule.id,
                name: rule.definition.name.clone(),
                switch: rule.definition.switch,
                pair: id,
                place: index + 1,
                recipients: pair.recipients.clone(),
                why,
                held: 0,
            });
        }
    }
    found
}

fn why(pair: &Pair, accounts: &[Account], deleted: &[DeletedAccount]) -> Option<Senderless> {
    if pair.senders.is_empty() {
        return Some(Senderless::NoDefault);
    }
    let lives = |sender: &AccountId| accounts.iter().any(|account| account.id == *sender);
    if pair.senders.iter().any(lives) {
        return None;
    }
    let gone = pair.senders.iter().map(|id| GoneSender::find(*id, deleted));
    Some(Senderless::SendersGone(gone.collect()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::account::tests::account;
    use crate::authorization::Authorization;
    use crate::deleted::Secrets;
    use crate::provider::ProviderKey;
    use crate::rule::{Conditions, Format, RuleDefinition};
    use jiff::Timestamp;

    fn rule(senders: &[i64]) -> Rule {
        let pair = Pair {
            id: Some(PairId::new(7)),
            senders: senders.iter().map(|id| AccountId::new(*id)).collect(),
            recipients: vec!["ops@example.com".parse().unwrap()],
            format: Format::Html,
            subject_prefix: Line::default(),
        };
        Rule {
            id: RuleId::new(9),
            definition: RuleDefinition {
                name: Line::parse("Storage").unwrap(),
                switch: Switch::On,
                conditions: Conditions::Event { sources: vec![] },
                pairs: vec![pair],
            },
        }
    }

    fn deleted(id: i64) -> DeletedAccount {
        DeletedAccount {
            id: AccountId::new(id),
            provider: ProviderKey::new("custom"),
            address: "nas@example.com".parse().unwrap(),
            deleted_at: Timestamp::UNIX_EPOCH,
            deleted_by: "admin".into(),
            secrets: Secrets::Erased,
        }
    }

    fn whys(rule: Rule, accounts: &[Account]) -> Vec<Senderless> {
        let found = senderless_pairs(&[rule], accounts, &[deleted(2)]);
        found.into_iter().map(|pair| pair.why).collect()
    }

    #[test]
    fn a_pair_whose_senders_are_gone_is_found_even_where_there_is_a_default_account() {
        let mut default = account(1, Authorization::Authorized);
        default.default = IsDefault::Yes;
        let gone = vec![
            GoneSender::Deleted(deleted(2)),
            GoneSender::Unknown(AccountId::new(3)),
        ];
        assert_eq!(
            whys(rule(&[2, 3]), &[default.clone()]),
            [Senderless::SendersGone(gone)]
        );
        assert_eq!(whys(rule(&[2, 1]), &[default]), []);
    }

    #[test]
    fn an_empty_list_is_the_default_accounts_business() {
        let mut one = account(1, Authorization::Authorized);
        assert_eq!(whys(rule(&[]), &[one.clone()]), [Senderless::NoDefault]);
        one.default = IsDefault::Yes;
        assert_eq!(whys(rule(&[]), &[one]), []);
    }

    #[test]
    fn a_rule_that_is_switched_off_still_asks_for_the_sender_it_lost() {
        let mut off = rule(&[2]);
        off.definition.switch = Switch::Off;
        assert_eq!(whys(off.clone(), &[]).len(), 1);
        off.definition.pairs[0].senders.clear();
        assert_eq!(whys(off, &[]), []);
    }
}
