//! Authorizing an account again by the grant that a sign-in brought.

use super::error::FinishError;
use super::finish::Finished;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::oauth::{Granted, NewGrant};
use crate::sentinel::Asker;
use crate::store::StoreError;
use jiff::Timestamp;
use sqlx::AnyConnection;
use tocsin_domain::account::Account;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AccountId;

impl Engine {
    pub(super) async fn reauthorize(
        &self,
        id: AccountId,
        granted: Granted,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        let account = self.store.account(id).await?;
        self.prove_reauthorization(&account, &granted.address, &granted.grant)
            .await?;
        let mut transaction = self.store.begin().await?;
        let too = self.was_reauthorized_since(id, granted.begun_at).await?;
        self.write_reauthorization(&mut transaction, &account, &granted.grant, who)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.observe_proof(id, Asker::Person).await?;
        // What was held for this account goes now.
        self.routing_changed().await;
        Ok(if too {
            Finished::ReauthorizedToo(id)
        } else {
            Finished::Reauthorized(id)
        })
    }

    /// Whether a grant is the account's own mailbox's and serves: by a real sign-in to the mail server.
    pub(crate) async fn prove_reauthorization(
        &self,
        account: &Account,
        signed_in: &EmailAddress,
        grant: &NewGrant,
    ) -> Result<(), FinishError> {
        check_mailbox(account, signed_in, grant)?;
        self.prove_grant(&account.settings, grant).await
    }

    /// Writes a grant that has proven itself in the place of the former one.
    pub(crate) async fn write_reauthorization(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        grant: &NewGrant,
        who: &Who,
    ) -> Result<(), StoreError> {
        self.oauth.replace_grant(connection, account.id, grant).await?;
        // With the grant, so that no kill leaves a good grant on an account that still waits for one.
        self.write_proof(connection, account.id).await?;
        let address = account.settings.address.as_str();
        self.audit(connection, who, Action::AccountReauthorized, address, "")
            .await
    }

    /// Whether somebody else gave a grant since a sign-in was begun.
    async fn was_reauthorized_since(&self, id: AccountId, begun_at: Timestamp) -> Result<bool, StoreError> {
        let former = self.oauth.current_grant(id).await?;
        Ok(former.is_some_and(|former| former.granted_at > begun_at))
    }
}

/// Whether the mailbox that signed in is the account's own.
pub(super) fn check_mailbox(
    account: &Account,
    signed_in: &EmailAddress,
    grant: &NewGrant,
) -> Result<(), FinishError> {
    let expected = &account.settings.address;
    if signed_in.is_same_mailbox(expected) {
        return Ok(());
    }
    Err(FinishError::OtherMailbox {
        account: account.id,
        expected: expected.clone(),
        provider: grant.provider.clone(),
        signed_in: signed_in.clone(),
    })
}
