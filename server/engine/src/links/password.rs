//! The owner's new password: proven by a real sign-in before it replaces the old one.
//!
//! The page must not become a way to guess a mailbox's password, or to have the provider lock it: a try counts as
//! refused before it begins, a link bears few refusals, and tries wait for each account.

use super::error::OwnerError;
use super::link::MOST_REFUSED;
use super::open::{Look, OpenedLink, owner};
use crate::accounts::AccountError;
use crate::audit::Action;
use crate::engine::Engine;
use crate::oauth::SessionHash;
use crate::sentinel::Asker;
use crate::store::{StoreError, Taken};
use crate::throttle::Key;
use crate::time::now;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::account::SignIn;
use tocsin_domain::failure::FailureClass;
use tocsin_domain::id::LinkId;

impl Engine {
    /// Uses a link with the mailbox's new password.
    pub async fn use_link_with_password(
        &self,
        token: &str,
        password: &SecretString,
        session: &SessionHash,
        origin: &str,
    ) -> Result<(), OwnerError> {
        let link = self.open_link(token, Some(session), origin, Look::Ahead).await?;
        if !matches!(link.account.settings.sign_in, SignIn::Password { .. }) {
            return Err(OwnerError::OtherWay);
        }
        if password.expose_secret().is_empty() {
            return Err(OwnerError::PasswordMissing);
        }
        let keys = [Key::Account(link.account.id)];
        let begun = self.links.passwords.begin(&keys, now());
        begun.map_err(|seconds| OwnerError::Wait { seconds })?;
        self.count_refusal(link.id, session).await?;
        let settings = &link.account.settings;
        if let Err(error) = self.prove_settings(settings, Some(password)).await {
            let AccountError::NotAccepted(error) = error else {
                return Err(OwnerError::Changed);
            };
            if error.verdict.class != FailureClass::Reauthorize {
                self.uncount_refusal(link.id).await?;
            }
            return Err(OwnerError::NotAccepted(error));
        }
        self.store_password(&link, password, session, origin).await?;
        self.links.passwords.clear(&keys);
        self.observe_proof(link.account.id, Asker::Person).await?;
        // What was held for this account goes now.
        self.routing_changed().await;
        Ok(())
    }

    async fn store_password(
        &self,
        link: &OpenedLink,
        password: &SecretString,
        session: &SessionHash,
        origin: &str,
    ) -> Result<(), OwnerError> {
        let id = link.account.id;
        // Nothing that was seen with the old password is written after the new one.
        let _turn = self.observing.lock().await;
        let mut transaction = self.store.begin().await?;
        let now_set = self.store.account(id).await?.settings;
        if now_set.smtp != link.account.settings.smtp || now_set.sign_in != link.account.settings.sign_in {
            return Err(OwnerError::Changed);
        }
        self.take(&mut transaction, link.id, session).await?;
        let sealed = self.seal_password(id, password);
        self.store
            .set_account_password(&mut transaction, id, Some(sealed))
            .await?;
        self.write_proof(&mut transaction, id).await?;
        let who = owner(&link.account, origin);
        self.audit(&mut transaction, &who, Action::LinkUsed, &who.name, "")
            .await?;
        self.tell_used(&mut transaction, link, origin).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    async fn count_refusal(&self, link: LinkId, session: &SessionHash) -> Result<(), OwnerError> {
        let mut transaction = self.store.begin().await?;
        let counted = self
            .store
            .count_link_refusal(&mut transaction, link, now(), MOST_REFUSED)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        match counted {
            Taken::Yes => Ok(()),
            Taken::No => Err(self.lost(link, session).await?),
        }
    }

    async fn uncount_refusal(&self, link: LinkId) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        self.store.uncount_link_refusal(&mut transaction, link).await?;
        transaction.commit().await?;
        Ok(())
    }
}
