//! Adding the mailbox that signed in.

use super::error::FinishError;
use super::finish::Finished;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::oauth::{Draft, Granted, OAuthError};
use crate::sentinel::Asker;
use crate::store::StoreError;
use crate::time::now;
use tocsin_domain::account::{Account, AccountSettings, IsDefault, SignIn};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;

impl Engine {
    pub(super) async fn add_granted(
        &self,
        draft: Draft,
        granted: Granted,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        let Granted {
            provider,
            address,
            grant,
            ..
        } = granted;
        if let Some(account) = self.account_of(&provider, &address).await? {
            return Err(FinishError::Taken { account, address });
        }
        if let Some(deleted) = self.restorable_of(&provider, &address).await? {
            let account = deleted.id;
            return Err(FinishError::Deleted { account, address });
        }
        let preset = self.providers.get(&provider);
        let smtp = preset.and_then(|preset| preset.smtp.clone());
        let smtp = smtp.ok_or_else(|| OAuthError::NotOffered(provider.to_string()))?;
        let settings = AccountSettings {
            imap: preset.and_then(|preset| preset.imap.clone()),
            sign_in: SignIn::Grant,
            sender_name: draft.sender_name,
            owner: draft.owner,
            provider,
            address,
            smtp,
        };
        self.prove_grant(&settings, &grant).await?;
        let now = now();
        let id = AccountId::new(self.store.next_id());
        let account = Account {
            default: draft.default,
            ..Account::proven(id, settings, now)
        };
        let mut transaction = self.store.begin().await?;
        // Once more, now that nobody else can write: two may add the same mailbox at the same time.
        let (provider, address) = (&account.settings.provider, &account.settings.address);
        if let Some(taken) = self.account_of(provider, address).await? {
            return Err(FinishError::Taken {
                account: taken,
                address: address.clone(),
            });
        }
        self.store
            .insert_account(&mut transaction, &account, None, now)
            .await?;
        if account.default == IsDefault::Yes {
            self.store
                .set_default_account(&mut transaction, account.id)
                .await?;
        }
        self.oauth
            .insert_grant(&mut transaction, account.id, &grant)
            .await?;
        let address = account.settings.address.as_str();
        self.audit(
            &mut transaction,
            who,
            Action::AccountAdded,
            address,
            account.settings.provider.as_str(),
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.observe_proof(account.id, Asker::Person).await?;
        self.routing_changed().await;
        Ok(Finished::Added(account.id))
    }

    /// The account of a mailbox, if there is one with this preset.
    pub(crate) async fn account_of(
        &self,
        provider: &ProviderKey,
        address: &EmailAddress,
    ) -> Result<Option<AccountId>, StoreError> {
        let accounts = self.store.accounts().await?;
        let same = |account: &&Account| {
            account.settings.provider == *provider && account.settings.address.is_same_mailbox(address)
        };
        Ok(accounts.iter().find(same).map(|account| account.id))
    }
}
