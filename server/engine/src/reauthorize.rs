//! From a finished sign-in at the provider to an account that sends: adding one, and authorizing one again.
//!
//! Re-authorizing keeps the account: its id, its rules, its history. The old grant is kept until the new one has
//! proven itself by a real sign-in to the mail server. The mailbox that signed in must be the account's own.

use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::oauth::{Draft, Granted, NewGrant, OAuthError, Purpose, Returned, SessionHash};
use crate::sentinel::Asker;
use crate::sign_in::{SignInError, token_credential};
use crate::store::StoreError;
use crate::time::now;
use tocsin_domain::account::{Account, AccountSettings, IsDefault, SignIn};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;

/// What a finished sign-in led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// A new account.
    Added(AccountId),
    /// An account that can send again.
    Reauthorized(AccountId),
}

/// Why a finished sign-in changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// The sign-in itself did not succeed.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// Another mailbox signed in than the account's own.
    #[error(
        "you signed in as {signed_in}, but this account is {expected}. Nothing was changed. Start again and \
         choose {expected} on the provider's page, or add {signed_in} as an account of its own"
    )]
    OtherMailbox {
        /// The account.
        account: AccountId,
        /// Its address.
        expected: EmailAddress,
        /// Who signed in.
        signed_in: EmailAddress,
    },
    /// There is an account for this mailbox already.
    #[error("{address} is an account already. Open it and use Re-authorization there; nothing was changed")]
    Taken {
        /// The account.
        account: AccountId,
        /// Its address.
        address: EmailAddress,
    },
    /// The same mailbox was deleted, and can be restored.
    #[error(
        "{address} was deleted and can be restored, with its places in the rules and its history; nothing was \
         changed. Restore it and use Re-authorization there if it needs it; or erase it first, and sign in again"
    )]
    Deleted {
        /// The deleted account.
        account: AccountId,
        /// Its address.
        address: EmailAddress,
    },
    /// The mail server did not accept what the provider granted.
    #[error("the provider granted access, but its mail server refused it: {0}. Nothing was changed")]
    NotProven(#[source] SignInError),
    /// The account was deleted meanwhile.
    #[error("the account was deleted meanwhile; nothing was changed")]
    AccountGone,
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for FinishError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Gone => Self::AccountGone,
            error => Self::Store(error),
        }
    }
}

impl Engine {
    /// Takes the browser's return from the provider, and carries out what the sign-in was for.
    pub async fn finish_sign_in(
        &self,
        state: &str,
        returned: Returned,
        session: &SessionHash,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        let Granted {
            provider,
            purpose,
            address,
            grant,
        } = self.oauth.finish(state, returned, session).await?;
        match purpose {
            Purpose::Add(draft) => self.add_granted(provider, draft, address, grant, who).await,
            Purpose::Reauthorize(account) => self.reauthorize(account, address, grant, who).await,
        }
    }

    async fn add_granted(
        &self,
        provider: ProviderKey,
        draft: Draft,
        address: EmailAddress,
        grant: NewGrant,
        who: &Who,
    ) -> Result<Finished, FinishError> {
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
        self.prove(&settings, &grant).await?;
        let now = now();
        let account = Account {
            id: AccountId::new(self.store.next_id()),
            authorization: Authorization::Authorized,
            suspicion: None,
            pause: None,
            default: draft.default,
            proven_at: Some(now),
            checked_at: Some(now),
            sent_at: None,
            created_at: now,
            settings,
        };
        let mut transaction = self.store.begin().await?;
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

    async fn reauthorize(
        &self,
        id: AccountId,
        signed_in: EmailAddress,
        grant: NewGrant,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        let account = self.store.account(id).await?;
        let expected = account.settings.address.clone();
        if signed_in != expected {
            return Err(FinishError::OtherMailbox {
                account: id,
                expected,
                signed_in,
            });
        }
        self.prove(&account.settings, &grant).await?;
        let mut transaction = self.store.begin().await?;
        self.oauth.replace_grant(&mut transaction, id, &grant).await?;
        // With the grant, so that no kill leaves a good grant on an account that still waits for one.
        self.write_proof(&mut transaction, id).await?;
        self.audit(
            &mut transaction,
            who,
            Action::AccountReauthorized,
            expected.as_str(),
            "",
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.observe_proof(id, Asker::Person).await?;
        // What was held for this account goes now.
        self.routing_changed().await;
        Ok(Finished::Reauthorized(id))
    }

    /// A real sign-in with the new grant.
    async fn prove(&self, settings: &AccountSettings, grant: &NewGrant) -> Result<(), FinishError> {
        let credential = token_credential(settings, grant.access_token.clone());
        let opened = self.open_session(settings, &credential).await;
        opened
            .map_err(|error| FinishError::NotProven(error.into()))?
            .quit()
            .await;
        Ok(())
    }

    /// The account of a mailbox, if there is one with this preset.
    pub(crate) async fn account_of(
        &self,
        provider: &ProviderKey,
        address: &EmailAddress,
    ) -> Result<Option<AccountId>, StoreError> {
        let accounts = self.store.accounts().await?;
        let same = |account: &&Account| {
            account.settings.provider == *provider && account.settings.address == *address
        };
        Ok(accounts.iter().find(same).map(|account| account.id))
    }
}
