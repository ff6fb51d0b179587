//! Undoing a deletion: the account comes back with its secrets, its history and its places in sender lists.
//!
//! It stands where it stood, relative to what was changed meanwhile: a list that somebody took it out of stays
//! without it. Who was put in its place by the deletion goes again, unless somebody changed the list since; then it
//! stays, right behind the restored account.

use super::error::AccountError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{DeletedRow, SenderPlace, StoreError};
use crate::time::now;
use sqlx::AnyConnection;
use tocsin_domain::account::IsDefault;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::deleted::DeletedAccount;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;

/// Why a deleted account did not come back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It is there: somebody restored it already, or it never was deleted.
    #[error("{0} is an account: somebody restored it already; nothing was changed")]
    NotDeleted(String),
    /// Its secrets are gone.
    #[error(
        "the secrets of {0} are erased, so it cannot be restored. Add it again with + Add SMTP Service; nothing was \
         changed"
    )]
    Erased(String),
    /// The mailbox was added again meanwhile.
    #[error(
        "{address} was added again meanwhile, and one mailbox is one account: delete the other one first if this \
         one is to come back; nothing was changed"
    )]
    AddedAgain {
        /// The other account.
        account: AccountId,
        /// The address of both.
        address: String,
    },
    /// There is no such account.
    #[error("there is no such account")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for RestoreError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::Gone,
            error => Self::Store(error),
        }
    }
}

impl Engine {
    /// The accounts that were deleted and can be restored, the last deleted first.
    pub async fn deleted_accounts(&self) -> Result<Vec<DeletedAccount>, AccountError> {
        let mut deleted = self.store.deleted_accounts().await?;
        deleted.retain(DeletedAccount::is_restorable);
        Ok(deleted)
    }

    /// The deleted account of a mailbox, if it can be restored.
    pub(crate) async fn restorable_of(
        &self,
        provider: &ProviderKey,
        address: &EmailAddress,
    ) -> Result<Option<DeletedAccount>, StoreError> {
        let deleted = self.store.deleted_accounts().await?.into_iter();
        let mut same = deleted.filter(|one| one.provider == *provider && one.address == *address);
        Ok(same.find(DeletedAccount::is_restorable))
    }

    /// One account that was deleted.
    pub async fn deleted_account(&self, id: AccountId) -> Result<DeletedAccount, AccountError> {
        Ok(self.store.deleted_account(id).await?.account)
    }

    /// Brings a deleted account back.
    pub async fn restore_account(&self, id: AccountId, who: &Who) -> Result<(), RestoreError> {
        let mut transaction = self.store.begin().await?;
        let DeletedRow {
            account,
            was_default,
            default_after,
        } = self.restorable(id).await?;
        self.store.restore_account(&mut transaction, id, now()).await?;
        self.give_places_back(&mut transaction, id).await?;
        if was_default == IsDefault::Yes && self.default_is(default_after).await? {
            self.store.set_default_account(&mut transaction, id).await?;
        }
        let (address, provider) = (account.address.as_str(), account.provider.as_str());
        self.audit(&mut transaction, who, Action::AccountRestored, address, provider)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.routing_changed().await;
        // Its authorization may have ended meanwhile.
        self.check_soon();
        Ok(())
    }

    async fn restorable(&self, id: AccountId) -> Result<DeletedRow, RestoreError> {
        let row = match self.store.deleted_account(id).await {
            Err(StoreError::Gone) => {
                let living = self.store.account(id).await?;
                return Err(RestoreError::NotDeleted(living.settings.address.to_string()));
            }
            row => row?,
        };
        let address = &row.account.address;
        if !row.account.is_restorable() {
            return Err(RestoreError::Erased(address.to_string()));
        }
        match self.account_of(&row.account.provider, address).await? {
            Some(account) => Err(RestoreError::AddedAgain {
                account,
                address: address.to_string(),
            }),
            None => Ok(row),
        }
    }

    /// Whether nobody has chosen another default than the deletion did.
    async fn default_is(&self, expected: Option<AccountId>) -> Result<bool, StoreError> {
        let accounts = self.store.accounts().await?;
        let default = accounts.iter().find(|account| account.default == IsDefault::Yes);
        Ok(default.is_none_or(|default| Some(default.id) == expected))
    }

    async fn give_places_back(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
    ) -> Result<(), StoreError> {
        for (pair, places) in self.store.sender_lists_of(&mut *connection, id).await? {
            let restored = without_stand_ins(&places, id);
            if restored != places {
                self.store
                    .write_sender_list(&mut *connection, pair, &restored)
                    .await?;
            }
        }
        Ok(())
    }
}

/// The list without who was put in the restored account's place, and without who was put in theirs.
fn without_stand_ins(places: &[SenderPlace], restored: AccountId) -> Vec<SenderPlace> {
    let mut going = vec![restored];
    let mut next = 0;
    while let Some(gone) = going.get(next).copied() {
        let stand_ins = places.iter().filter(|place| place.stands_for == Some(gone));
        let fresh: Vec<_> = stand_ins
            .map(|place| place.account)
            .filter(|account| !going.contains(account))
            .collect();
        going.extend(fresh);
        next += 1;
    }
    places
        .iter()
        .filter(|place| place.account == restored || !going.contains(&place.account))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(account: i64, stands_for: Option<i64>) -> SenderPlace {
        SenderPlace {
            account: AccountId::new(account),
            stands_for: stands_for.map(AccountId::new),
        }
    }

    fn after(places: &[SenderPlace], restored: i64) -> Vec<i64> {
        let left = without_stand_ins(places, AccountId::new(restored));
        left.iter().map(|place| place.account.get()).collect()
    }

    #[test]
    fn who_stood_for_it_goes_and_who_stands_there_by_hand_stays() {
        assert_eq!(
            after(&[place(1, None), place(2, Some(1)), place(3, None)], 1),
            [1, 3]
        );
        assert_eq!(
            after(&[place(1, None), place(2, None), place(3, None)], 1),
            [1, 2, 3]
        );
    }

    #[test]
    fn whoever_stood_for_a_stand_in_goes_with_it() {
        let list = [place(1, None), place(2, Some(1)), place(3, Some(2))];
        assert_eq!(after(&list, 1), [1]);
        assert_eq!(after(&list, 2), [1, 2]);
    }
}
