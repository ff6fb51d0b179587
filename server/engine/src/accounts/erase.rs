//! Erasing what a deleted account knew: its password, its grant and its tokens, once it can no longer be restored or
//! as soon as somebody says so. The account's name stays for the history.
//!
//! Two steps, so that a process may die between any two statements: first the account is marked, and from then on
//! cannot be restored; then the provider is asked to end the grant, which may fail, and the secrets are erased.
//! What is marked and not erased is taken up again at the next start.

use super::restore::RestoreError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::oauth::Revocation;
use crate::store::StoreError;
use crate::time::now;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::id::AccountId;

/// How often is looked for accounts whose time is over. A day more or less does not matter after thirty.
const EVERY: Duration = Duration::from_hours(1);

/// Erases what is due, until the engine stops.
pub(crate) async fn run(engine: Arc<Engine>) {
    while !engine.stopping.is_cancelled() {
        if let Err(error) = round(&engine).await {
            tracing::error!(%error, "secrets of deleted accounts could not be erased; it is tried again");
        }
        tokio::select! {
            () = engine.erasing.notified() => {}
            () = tokio::time::sleep(EVERY) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}

async fn round(engine: &Engine) -> Result<(), StoreError> {
    for id in engine.store.accounts_to_erase(now()).await? {
        let tocsin = Who {
            name: "Tocsin".to_owned(),
            origin: String::new(),
        };
        match engine.erase(id, &tocsin).await {
            // Somebody else was faster.
            Ok(()) | Err(StoreError::Gone) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Engine {
    /// Erases a deleted account's secrets now: it cannot be restored any more.
    pub async fn erase_account(&self, id: AccountId, who: &Who) -> Result<(), RestoreError> {
        match self.store.deleted_account(id).await {
            Ok(row) if row.account.is_restorable() => Ok(self.erase(id, who).await?),
            // It is done, or under way.
            Ok(_) => Ok(()),
            Err(StoreError::Gone) => {
                let living = self.store.account(id).await?;
                Err(RestoreError::NotDeleted(living.settings.address.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn erase(&self, id: AccountId, who: &Who) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        self.store.begin_erasing(&mut transaction, id, now()).await?;
        transaction.commit().await?;
        let ended = self.end_grant(id).await;
        let account = self.store.deleted_account(id).await?.account;
        let mut transaction = self.store.begin().await?;
        self.store.erase_secrets(&mut transaction, id, now()).await?;
        self.store.forget_conversion(&mut transaction, id).await?;
        self.store.give_up_places(&mut transaction, id).await?;
        let address = account.address.as_str();
        self.audit(&mut transaction, who, Action::AccountErased, address, ended)
            .await?;
        transaction.commit().await?;
        self.oauth.forget(id);
        self.live.changed();
        Ok(())
    }

    /// Asks the provider once to end the grant. The owner can end it in the mailbox's own settings, too.
    async fn end_grant(&self, id: AccountId) -> &'static str {
        match self.store.shares_its_grant(id).await {
            Ok(false) => {}
            Ok(true) => return "",
            Err(error) => {
                tracing::warn!(account = %id, %error, "it is not known whether a grant is shared; it is not ended");
                return "";
            }
        }
        match self.oauth.revoke(id).await {
            Ok(Revocation::Done) => "the grant is ended",
            Ok(Revocation::NotOffered) => "",
            Ok(Revocation::Failed(words)) => {
                tracing::warn!(account = %id, words, "the provider did not end a deleted account's grant");
                "the provider did not end the grant"
            }
            Err(error) => {
                tracing::warn!(account = %id, %error, "a deleted account's grant could not be ended");
                "the provider did not end the grant"
            }
        }
    }
}
