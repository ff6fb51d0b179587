//! Converting a Custom account on a public server of Gmail or Outlook: it keeps its id, its rules and its history, and
//! signs in by a grant from then on. What it was is kept for a day, sealed, so that it can be turned back.

use super::error::FinishError;
use super::finish::Finished;
use super::reauthorize::check_mailbox;
use super::turn_back::former;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::oauth::{Granted, OAuthError};
use crate::sentinel::Asker;
use crate::sign_in::password_place;
use crate::store::{Conversion, StoreError};
use crate::time::now;
use jiff::SignedDuration;
use secrecy::SecretString;
use tocsin_domain::account::{AccountSettings, SignIn};
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;

/// How long a conversion can be turned back.
const TURN_BACK: SignedDuration = SignedDuration::from_hours(24);

impl Engine {
    pub(super) async fn convert(
        &self,
        id: AccountId,
        granted: Granted,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        let account = self.store.account(id).await?;
        check_mailbox(&account, &granted.address, &granted.grant)?;
        let before = account.settings;
        let settings = self.converted(id, &before, &granted.provider).await?;
        self.prove_grant(&settings, &granted.grant).await?;
        let now = now();
        // Nothing that was seen with the old settings is written after the new ones.
        let turn = self.observing.lock().await;
        let mut transaction = self.store.begin().await?;
        // Once more, now that nobody else can write.
        if self.store.account(id).await?.settings != before {
            return Err(FinishError::NotConvertible(id));
        }
        let password = self.former_password(id).await?;
        let conversion = Conversion {
            account: id,
            password: password.map(|password| self.seal_former_password(id, &password)),
            settings: before.clone(),
            converted_at: now,
            until: now + TURN_BACK,
        };
        self.store.put_conversion(&mut transaction, &conversion).await?;
        self.store
            .update_account_settings(&mut transaction, id, &settings)
            .await?;
        self.store
            .set_account_password(&mut transaction, id, None)
            .await?;
        self.oauth
            .replace_grant(&mut transaction, id, &granted.grant)
            .await?;
        self.write_proof(&mut transaction, id).await?;
        let address = settings.address.as_str();
        self.audit(
            &mut transaction,
            who,
            Action::AccountConverted,
            address,
            settings.provider.as_str(),
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        drop(turn);
        self.conversions_wake.notify_one();
        self.observe_proof(id, Asker::Person).await?;
        // What was held for this account goes now.
        self.routing_changed().await;
        Ok(Finished::Converted(id))
    }

    /// The account's settings as one of a provider's.
    async fn converted(
        &self,
        id: AccountId,
        before: &AccountSettings,
        to: &ProviderKey,
    ) -> Result<AccountSettings, FinishError> {
        let convertible = self.providers.convertible(before);
        let preset = convertible.into_iter().find(|preset| preset.key == *to);
        let preset = preset.ok_or(FinishError::NotConvertible(id))?;
        if let Some(taken) = self.account_of(to, &before.address).await? {
            return Err(FinishError::Taken {
                account: taken,
                address: before.address.clone(),
            });
        }
        let smtp = preset.smtp.clone();
        Ok(AccountSettings {
            provider: to.clone(),
            smtp: smtp.ok_or_else(|| OAuthError::NotOffered(to.to_string()))?,
            imap: preset.imap.clone(),
            sign_in: SignIn::Grant,
            ..before.clone()
        })
    }

    async fn former_password(&self, id: AccountId) -> Result<Option<SecretString>, FinishError> {
        let row = id.to_string();
        let sealed = self.store.account_password(id).await?;
        // One that does not open was of no use before either.
        Ok(sealed.and_then(|sealed| self.vault.open(password_place(&row), &sealed).ok()))
    }

    fn seal_former_password(&self, id: AccountId, password: &SecretString) -> Vec<u8> {
        self.vault.seal(former(&id.to_string()), password)
    }
}
