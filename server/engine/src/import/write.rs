//! Outcomes and what they change, in batches: many rows share a commit, and a row's outcome is never apart from what
//! it changed.

use super::plan::Proof;
use super::run::Finished;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::jitter::jitter;
use crate::store::{AccountState, ImportRecord, SettledRow, StoreError};
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use sqlx::AnyConnection;
use tocsin_domain::account::{Account, AccountSettings, SignIn};
use tocsin_domain::authorization::{Authorization, Refusal};
use tocsin_domain::failure::Meaning;
use tocsin_domain::id::AccountId;
use tocsin_domain::import::{Outcome, Remark};

/// How often people are told again of an account that waits for its owner.
const REMIND: SignedDuration = SignedDuration::from_hours(24);

/// What a row changes.
#[derive(Debug)]
pub(super) enum Change {
    /// A new account, which its server has accepted.
    Add {
        settings: AccountSettings,
        secret: Option<SecretString>,
        receiving: Proof,
    },
    /// A new account whose owner must sign in at the provider.
    AddAwaiting { settings: AccountSettings },
    /// Other settings, and what its server has accepted.
    Set {
        before: Box<Account>,
        settings: AccountSettings,
        secret: Option<SecretString>,
        proof: Proof,
        receiving: Proof,
    },
}

impl Engine {
    /// Writes a batch. Nothing of it is written if it fails.
    pub(super) async fn write_rows(
        &self,
        import: &ImportRecord,
        finished: &[Finished],
    ) -> Result<(), StoreError> {
        // Nothing that was seen with the old settings is written after the new ones.
        let _turn = self.observing.lock().await;
        let mut transaction = self.store.begin().await?;
        let who = Who {
            name: import.who.clone(),
            origin: import.origin.clone(),
        };
        for row in finished {
            let mut settled = row.row.clone();
            if let Some(change) = &row.change {
                match self.apply(&mut transaction, change, &who).await? {
                    Some(account) => settled.account = Some(account),
                    None => overtaken(&mut settled),
                }
            }
            self.store
                .settle_import_row(&mut transaction, import.id, &settled)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// None where somebody else was faster.
    async fn apply(
        &self,
        connection: &mut AnyConnection,
        change: &Change,
        who: &Who,
    ) -> Result<Option<AccountId>, StoreError> {
        match change {
            Change::Add { settings, secret, .. } => {
                self.add_row(connection, settings, secret.as_ref(), who).await
            }
            Change::AddAwaiting { settings } => self.add_awaiting(connection, settings, who).await,
            Change::Set {
                before,
                settings,
                secret,
                proof,
                ..
            } => {
                let now_there = self.store.accounts_of(&before.settings.address).await?;
                let same = now_there.iter().find(|account| account.id == before.id);
                if same.is_none_or(|account| account.settings != before.settings) {
                    return Ok(None);
                }
                self.set_row(connection, before, settings, secret.as_ref(), *proof, who)
                    .await?;
                Ok(Some(before.id))
            }
        }
    }

    async fn add_row(
        &self,
        connection: &mut AnyConnection,
        settings: &AccountSettings,
        secret: Option<&SecretString>,
        who: &Who,
    ) -> Result<Option<AccountId>, StoreError> {
        let now = now();
        let account = Account {
            proven_at: Some(now),
            checked_at: Some(now),
            ..self.new_account(settings, Authorization::Authorized, now)
        };
        let sealed = secret.map(|secret| self.seal_password(account.id, secret));
        let next_check = self.spread_check(now);
        self.insert_row(connection, &account, sealed, next_check, who)
            .await
    }

    async fn add_awaiting(
        &self,
        connection: &mut AnyConnection,
        settings: &AccountSettings,
        who: &Who,
    ) -> Result<Option<AccountId>, StoreError> {
        let now = now();
        let refusal = Refusal {
            since: now,
            meaning: Meaning::ConsentRequired,
            words: "added in bulk: nobody has signed in yet".to_owned(),
        };
        let account = self.new_account(settings, Authorization::NeedsReauthorization(refusal), now);
        let later = now.checked_add(REMIND).unwrap_or(Timestamp::MAX);
        let added = self.insert_row(connection, &account, None, later, who).await?;
        // The report tells of it, and the link; a warning for each would say nothing more.
        self.store
            .set_warned_at(connection, account.id, Some(now))
            .await?;
        Ok(added)
    }

    fn new_account(
        &self,
        settings: &AccountSettings,
        authorization: Authorization,
        now: Timestamp,
    ) -> Account {
        let id = AccountId::new(self.store.next_id());
        Account::new(id, settings.clone(), authorization, now)
    }

    async fn insert_row(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        sealed: Option<Vec<u8>>,
        next_check: Timestamp,
        who: &Who,
    ) -> Result<Option<AccountId>, StoreError> {
        let settings = &account.settings;
        let there = self.store.accounts_of(&settings.address).await?;
        if there
            .iter()
            .any(|other| other.settings.provider == settings.provider)
        {
            return Ok(None);
        }
        self.store
            .insert_account(connection, account, sealed, next_check)
            .await?;
        let (address, provider) = (settings.address.as_str(), settings.provider.as_str());
        self.audit(connection, who, Action::AccountAdded, address, provider)
            .await?;
        Ok(Some(account.id))
    }

    async fn set_row(
        &self,
        connection: &mut AnyConnection,
        before: &Account,
        settings: &AccountSettings,
        secret: Option<&SecretString>,
        proof: Proof,
        who: &Who,
    ) -> Result<(), StoreError> {
        let id = before.id;
        self.store
            .update_account_settings(connection, id, settings)
            .await?;
        let is_proven = proof == Proof::Needed;
        if is_proven {
            let now = now();
            // A grant's end is known to the sentinel's check alone.
            let next_check = match settings.sign_in {
                SignIn::Grant => now,
                _ => self.spread_check(now),
            };
            let state = AccountState::proven(now, next_check);
            self.store.set_account_state(connection, id, &state).await?;
        }
        match (&settings.sign_in, secret) {
            (SignIn::Password { .. }, Some(secret)) => {
                let sealed = self.seal_password(id, secret);
                self.store
                    .set_account_password(connection, id, Some(sealed))
                    .await?;
            }
            (SignIn::Password { .. }, None) => {}
            (SignIn::Grant | SignIn::Nothing, _) => {
                self.store.set_account_password(connection, id, None).await?;
            }
        }
        let action = match before.authorization {
            Authorization::NeedsReauthorization(_) if is_proven => Action::AccountReauthorized,
            _ => Action::AccountChanged,
        };
        let (address, provider) = (settings.address.as_str(), settings.provider.as_str());
        self.audit(connection, who, action, address, provider).await
    }

    /// Thousands of new accounts are not all checked at the same moment.
    fn spread_check(&self, now: Timestamp) -> Timestamp {
        let wait = self.config.check_every.mul_f64(0.2 + 0.8 * jitter());
        now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

fn overtaken(settled: &mut SettledRow) {
    settled.outcome = Outcome::Failed;
    settled.remark = Some(Remark::ChangedMeanwhile);
    settled.awaits_owner = false;
}
