//! Adding and changing accounts. What a mail server must accept is proven by a real sign-in first;
//! if it is refused, nothing is changed.

use super::check::check;
use super::error::AccountError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::sentinel::Asker;
use crate::sign_in::password_place;
use crate::store::{AccountState, StoreError};
use crate::time::now;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::AnyConnection;
use tocsin_domain::account::{Account, AccountSettings, IsDefault, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::AccountId;

/// An account to add.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What it is.
    pub settings: AccountSettings,
    /// The password, if it signs in with one.
    pub secret: Option<SecretString>,
    /// Whether it sends for rules that have no sender.
    pub default: IsDefault,
    /// What to do where the same mailbox was deleted and can be restored.
    pub of_deleted: OfDeleted,
}

/// What adding a mailbox does that was deleted and can be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfDeleted {
    /// It says so, and adds nothing.
    Offer,
    /// It adds a new account all the same.
    AddAnyway,
}

impl Engine {
    /// All accounts, oldest first.
    pub async fn accounts(&self) -> Result<Vec<Account>, AccountError> {
        Ok(self.store.accounts().await?)
    }

    /// One account.
    pub async fn account(&self, id: AccountId) -> Result<Account, AccountError> {
        Ok(self.store.account(id).await?)
    }

    /// Adds an account that signs in with a password or with nothing, once the mail server has accepted it.
    pub async fn add_account(&self, new: NewAccount, who: &Who) -> Result<AccountId, AccountError> {
        check(&new.settings)?;
        let secret = new.secret.filter(|secret| !secret.expose_secret().is_empty());
        self.refuse_taken(&new.settings, None).await?;
        if new.of_deleted == OfDeleted::Offer {
            self.offer_deleted(&new.settings).await?;
        }
        self.prove_settings(&new.settings, secret.as_ref()).await?;
        let now = now();
        let id = AccountId::new(self.store.next_id());
        let account = Account {
            default: new.default,
            ..Account::proven(id, new.settings, now)
        };
        let settings = &account.settings;
        let sealed = secret
            .filter(|_| matches!(settings.sign_in, SignIn::Password { .. }))
            .map(|secret| self.seal_password(account.id, &secret));
        let mut transaction = self.store.begin().await?;
        // Once more, now that nobody else can write: two may add the same mailbox at the same time.
        self.refuse_taken(settings, None).await?;
        self.store
            .insert_account(&mut transaction, &account, sealed, now)
            .await?;
        if account.default == IsDefault::Yes {
            self.store
                .set_default_account(&mut transaction, account.id)
                .await?;
        }
        let (address, provider) = (settings.address.as_str(), settings.provider.as_str());
        self.audit(&mut transaction, who, Action::AccountAdded, address, provider)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.observe_proof(account.id, Asker::Person).await?;
        self.routing_changed().await;
        Ok(account.id)
    }

    /// Changes an account. A new password, or a new way to the mail server, must be accepted there first; then
    /// the account is authorized, whatever its state was. Without a secret the stored password stays.
    pub async fn update_account(
        &self,
        id: AccountId,
        settings: AccountSettings,
        secret: Option<SecretString>,
        who: &Who,
    ) -> Result<(), AccountError> {
        check(&settings)?;
        let secret = secret.filter(|secret| !secret.expose_secret().is_empty());
        let before = self.store.account(id).await?;
        refuse_other_grant(&before.settings, &settings)?;
        if secret.is_none() {
            self.refuse_other_host(&before.settings, &settings)?;
        }
        self.refuse_taken(&settings, Some(id)).await?;
        let reaches_anew =
            before.settings.smtp != settings.smtp || before.settings.sign_in != settings.sign_in;
        let proven = secret.is_some() || reaches_anew;
        if proven {
            let candidate = Account {
                settings: settings.clone(),
                ..before.clone()
            };
            self.prove_update(&before, &candidate, secret.as_ref()).await?;
        }
        // Nothing that was seen with the old settings is written after the new ones.
        let turn = self.observing.lock().await;
        let mut transaction = self.store.begin().await?;
        self.refuse_taken(&settings, Some(id)).await?;
        if proven {
            self.write_proof(&mut transaction, id).await?;
        }
        self.store
            .update_account_settings(&mut transaction, id, &settings)
            .await?;
        match (&settings.sign_in, &secret) {
            (SignIn::Password { .. }, None) => {}
            (SignIn::Password { .. }, Some(secret)) => {
                let sealed = self.seal_password(id, secret);
                self.store
                    .set_account_password(&mut transaction, id, Some(sealed))
                    .await?;
            }
            (SignIn::Grant | SignIn::Nothing, _) => {
                self.store
                    .set_account_password(&mut transaction, id, None)
                    .await?;
            }
        }
        let action = match before.authorization {
            Authorization::NeedsReauthorization(_) if proven => Action::AccountReauthorized,
            _ => Action::AccountChanged,
        };
        let (address, provider) = (settings.address.as_str(), settings.provider.as_str());
        self.audit(&mut transaction, who, action, address, provider)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        drop(turn);
        if proven {
            self.observe_proof(id, Asker::Person).await?;
        }
        self.routing_changed().await;
        Ok(())
    }

    /// Lets an account, and no other, send for rules that have no sender.
    pub async fn set_default(&self, id: AccountId, who: &Who) -> Result<(), AccountError> {
        let mut transaction = self.store.begin().await?;
        let account = self.store.account(id).await?;
        self.store.set_default_account(&mut transaction, id).await?;
        let address = account.settings.address.as_str();
        self.audit(&mut transaction, who, Action::AccountMadeDefault, address, "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.routing_changed().await;
        Ok(())
    }

    /// In the transaction of the change that was proven: a process that dies right after it leaves no account
    /// that has a good password and is not tried.
    pub(crate) async fn write_proof(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
    ) -> Result<(), StoreError> {
        let now = now();
        let state = AccountState::proven(now, now);
        self.store.set_account_state(connection, id, &state).await
    }

    /// What is stored is sent to the servers that it was entered for, and to those of the provider's preset.
    fn refuse_other_host(
        &self,
        before: &AccountSettings,
        after: &AccountSettings,
    ) -> Result<(), AccountError> {
        if !matches!(before.sign_in, SignIn::Password { .. }) {
            return Ok(());
        }
        let preset = self.providers.get(&after.provider);
        let known = [Some(&before.smtp), before.imap.as_ref()];
        let known: Vec<_> = known
            .into_iter()
            .chain([preset.and_then(|preset| preset.smtp.as_ref())])
            .chain([preset.and_then(|preset| preset.imap.as_ref())])
            .flatten()
            .collect();
        let servers = std::iter::once(&after.smtp).chain(&after.imap);
        match servers
            .into_iter()
            .find(|server| !known.iter().any(|known| server.may_get_secret_of(known)))
        {
            Some(stranger) => Err(AccountError::SecretNeededForHost(stranger.host.clone())),
            None => Ok(()),
        }
    }

    async fn prove_update(
        &self,
        before: &Account,
        candidate: &Account,
        secret: Option<&SecretString>,
    ) -> Result<(), AccountError> {
        let had_password = matches!(before.settings.sign_in, SignIn::Password { .. });
        match (&candidate.settings.sign_in, secret) {
            (SignIn::Password { .. }, None) if had_password => self.prove_changed(candidate).await,
            (SignIn::Grant, None) => self.prove_changed(candidate).await,
            _ => self.prove_settings(&candidate.settings, secret).await,
        }
    }

    pub(crate) async fn refuse_taken(
        &self,
        settings: &AccountSettings,
        but: Option<AccountId>,
    ) -> Result<(), AccountError> {
        let accounts = self.store.accounts().await?;
        let same = |account: &&Account| {
            account.settings.provider == settings.provider
                && account.settings.address == settings.address
                && Some(account.id) != but
        };
        match accounts.iter().find(same) {
            Some(taken) => Err(AccountError::Taken {
                account: taken.id,
                address: taken.settings.address.clone(),
            }),
            None => Ok(()),
        }
    }

    async fn offer_deleted(&self, settings: &AccountSettings) -> Result<(), AccountError> {
        let deleted = self.restorable_of(&settings.provider, &settings.address).await?;
        deleted.map_or(Ok(()), |deleted| {
            Err(AccountError::Deleted {
                account: deleted.id,
                address: deleted.address,
            })
        })
    }

    pub(crate) fn seal_password(&self, id: AccountId, password: &SecretString) -> Vec<u8> {
        let row = id.to_string();
        self.vault.seal(password_place(&row), password)
    }
}

/// A grant belongs to one mailbox at one provider, and comes from signing in there.
fn refuse_other_grant(before: &AccountSettings, after: &AccountSettings) -> Result<(), AccountError> {
    match (&before.sign_in, &after.sign_in) {
        (SignIn::Grant, SignIn::Grant) => {
            if before.address == after.address && before.provider == after.provider {
                Ok(())
            } else {
                Err(AccountError::GrantOfAnother(before.address.clone()))
            }
        }
        (_, SignIn::Grant) => Err(AccountError::GrantNeeded),
        _ => Ok(()),
    }
}
