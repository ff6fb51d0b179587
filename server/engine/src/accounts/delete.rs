//! Deleting an account: who takes its places, who is the default from now on. Everything in one transaction; what
//! waits for it goes to who can send, right after.
//!
//! The deleted account keeps its places in the sender lists, so that it can return to them. A replacement stands
//! right behind it and is marked as standing for it; where it is in the list already, the list stays as it is.

use super::error::AccountError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{Deleting, SenderPlace, StoreError};
use crate::time::now;
use crate::warnings::About;
use sqlx::AnyConnection;
use tocsin_domain::account::{Account, IsDefault};
use tocsin_domain::id::{AccountId, PairId};
use tocsin_domain::told::Kind;

/// What nobody needs to be told of a deleted account.
const NO_MATTER_ANY_MORE: [Kind; 5] = [
    Kind::Expired,
    Kind::SettingRefused,
    Kind::Unreachable,
    Kind::GrantEnds,
    Kind::LinkSent,
];

/// What becomes of what a deleted account did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// Who takes its places in sender lists.
    pub replacement: Replacement,
    /// Who sends for rules that have no sender, where it did.
    pub default: Option<AccountId>,
}

/// Who takes an account's places in sender lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replacement {
    /// Nobody: where it was the only sender, notifications are held until the pair has another.
    Leave,
    /// One account for all.
    All(AccountId),
    /// Pair by pair; none means nobody.
    Each(Vec<(PairId, Option<AccountId>)>),
}

impl Deletion {
    /// Nobody takes over.
    pub const fn leave() -> Self {
        Self {
            replacement: Replacement::Leave,
            default: None,
        }
    }

    fn accounts(&self) -> Vec<AccountId> {
        let replacements = match &self.replacement {
            Replacement::Leave => Vec::new(),
            Replacement::All(account) => vec![*account],
            Replacement::Each(pairs) => pairs.iter().filter_map(|(_, account)| *account).collect(),
        };
        replacements.into_iter().chain(self.default).collect()
    }
}

impl Engine {
    /// Deletes an account. What waits for it goes by who takes its place or stands beside it, or is held. Its
    /// secrets stay for as long as it can be restored.
    pub async fn delete_account(
        &self,
        id: AccountId,
        deletion: Deletion,
        who: &Who,
    ) -> Result<(), AccountError> {
        let mut transaction = self.store.begin().await?;
        let account = self.store.account(id).await?;
        self.check_deletion(id, &deletion).await?;
        self.pass_on_places(&mut transaction, id, &deletion.replacement)
            .await?;
        let default_after = deletion.default.filter(|_| account.default == IsDefault::Yes);
        if let Some(default) = default_after {
            self.store.set_default_account(&mut transaction, default).await?;
        }
        let deleting = Deleting {
            account: id,
            by: &who.name,
            was_default: account.default,
            default_after,
            at: now(),
        };
        self.store.delete_account(&mut transaction, deleting).await?;
        self.store
            .drop_told(&mut transaction, &About::Account(id), &NO_MATTER_ANY_MORE, now())
            .await?;
        let (address, provider) = (&account.settings.address, &account.settings.provider);
        self.audit(
            &mut transaction,
            who,
            Action::AccountDeleted,
            address.as_str(),
            provider.as_str(),
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.routing_changed().await;
        // The job that erases sleeps until the next account is due.
        self.erasing.notify_one();
        Ok(())
    }

    /// Whoever takes over must be there, and another than who goes.
    async fn check_deletion(&self, id: AccountId, deletion: &Deletion) -> Result<(), AccountError> {
        let accounts: Vec<Account> = self.store.accounts().await?;
        let can = |chosen: &AccountId| *chosen != id && accounts.iter().any(|account| account.id == *chosen);
        if deletion.accounts().iter().all(can) {
            Ok(())
        } else {
            Err(AccountError::ReplacementGone)
        }
    }

    async fn pass_on_places(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        replacement: &Replacement,
    ) -> Result<(), AccountError> {
        if *replacement == Replacement::Leave {
            return Ok(());
        }
        let in_use = self.store.pairs_in_use().await?;
        for (pair, places) in self.store.sender_lists_of(&mut *connection, id).await? {
            if !places.iter().any(|place| place.account == id) {
                continue;
            }
            let chosen = match replacement {
                Replacement::Leave => None,
                Replacement::All(account) => Some(*account),
                Replacement::Each(pairs) => match pairs.iter().find(|(known, _)| *known == pair) {
                    Some((_, chosen)) => *chosen,
                    // Somebody changed the rules since the form was made.
                    None if in_use.contains(&pair) => return Err(AccountError::RulesChanged),
                    None => None,
                },
            };
            if let Some(chosen) = chosen
                && let Some(places) = replaced(&places, id, chosen)
            {
                self.store
                    .write_sender_list(&mut *connection, pair, &places)
                    .await?;
            }
        }
        Ok(())
    }
}

/// The list with the replacement right behind who goes; none where it is in the list already.
fn replaced(places: &[SenderPlace], gone: AccountId, chosen: AccountId) -> Option<Vec<SenderPlace>> {
    if places.iter().any(|place| place.account == chosen) {
        return None;
    }
    let at = places.iter().position(|place| place.account == gone)?;
    let mut places = places.to_vec();
    places.insert(
        at + 1,
        SenderPlace {
            account: chosen,
            stands_for: Some(gone),
        },
    );
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(account: i64) -> SenderPlace {
        SenderPlace {
            account: AccountId::new(account),
            stands_for: None,
        }
    }

    #[test]
    fn the_replacement_stands_right_behind_who_goes() {
        let list = [place(1), place(2), place(3)];
        let after = replaced(&list, AccountId::new(2), AccountId::new(9)).unwrap_or_default();
        let ids: Vec<_> = after.iter().map(|place| place.account.get()).collect();
        assert_eq!(ids, [1, 2, 9, 3]);
        assert_eq!(after[2].stands_for, Some(AccountId::new(2)));
    }

    #[test]
    fn nobody_stands_in_a_list_twice() {
        let list = [place(1), place(2)];
        assert_eq!(replaced(&list, AccountId::new(1), AccountId::new(2)), None);
    }
}
