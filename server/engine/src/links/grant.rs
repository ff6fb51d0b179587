//! The owner's consent at the provider, in each of the three ways. A sign-in is bound to the link and to the
//! browser that began it; the link is used up in the transaction that stores the grant.

use super::error::OwnerError;
use super::open::{Look, owner};
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::oauth::{Granted, PasteId, Purpose, Returned, SessionHash};
use crate::secret;
use crate::sentinel::Asker;
use crate::sign_ins::{Begun, FinishError, Finished, NewSignIn};
use crate::store::StoreError;
use crate::throttle::Key;
use crate::time::now;
use tocsin_domain::account::SignIn;
use tocsin_domain::id::LinkId;
use tocsin_domain::sign_in_way::Way;
use url::Url;

impl Engine {
    /// Begins a sign-in at the provider by a link.
    pub async fn begin_by_link(
        &self,
        token: &str,
        way: Way,
        base: &Url,
        session: &SessionHash,
        origin: &str,
    ) -> Result<Begun, OwnerError> {
        let link = self.open_link(token, Some(session), origin, Look::Ahead).await?;
        let settings = &link.account.settings;
        if settings.sign_in != SignIn::Grant {
            return Err(OwnerError::OtherWay);
        }
        let begun = self.links.sign_ins.begin(&[Key::Account(link.account.id)], now());
        begun.map_err(|seconds| OwnerError::Wait { seconds })?;
        let who = owner(&link.account, origin);
        let new = NewSignIn {
            way,
            session,
            who: &who,
            base,
        };
        let purpose = Purpose::Link(link.id);
        Ok(self
            .begin_sign_in(&settings.provider, purpose, Some(&settings.address), &new)
            .await?)
    }

    /// The link for which a sign-in was begun whose `state` comes back; none if it is an administrator's.
    pub async fn link_of_state(&self, state: &str) -> Result<Option<LinkId>, StoreError> {
        let Some(purpose) = self.store.oauth_flow_purpose(&secret::hash(state)).await? else {
            return Ok(None);
        };
        Ok(match serde_json::from_str(&purpose)? {
            Purpose::Link(link) => Some(link),
            _ => None,
        })
    }

    /// Finishes a sign-in whose owner comes back from the provider.
    pub async fn finish_by_link(
        &self,
        link: LinkId,
        state: &str,
        returned: Returned,
        session: &SessionHash,
        origin: &str,
    ) -> Result<(), OwnerError> {
        let account = self
            .store
            .account(self.store.link_row(link).await?.account)
            .await?;
        let who = owner(&account, origin);
        self.finish_sign_in(state, returned, session, &who).await?;
        Ok(())
    }

    /// Finishes a sign-in by what the owner pasted.
    pub async fn finish_link_pasted(
        &self,
        token: &str,
        id: &PasteId,
        text: &str,
        session: &SessionHash,
        origin: &str,
    ) -> Result<(), OwnerError> {
        let link = self.open_link(token, Some(session), origin, Look::Ahead).await?;
        let who = owner(&link.account, origin);
        self.finish_pasted(id, text, session, &who).await?;
        Ok(())
    }

    /// Stores what the owner granted, and uses the link up.
    pub(crate) async fn reauthorize_by_link(
        &self,
        link: LinkId,
        granted: &Granted,
        session: &SessionHash,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        let row = self.store.link_row(link).await?;
        let link = self.usable(&row, Some(session)).await.map_err(refused)?;
        let id = link.account.id;
        self.prove_reauthorization(&link.account, &granted.address, &granted.grant)
            .await?;
        let mut transaction = self.store.begin().await?;
        self.take(&mut transaction, link.id, session)
            .await
            .map_err(refused)?;
        self.write_reauthorization(&mut transaction, &link.account, &granted.grant, who)
            .await?;
        let address = link.account.settings.address.as_str();
        self.audit(&mut transaction, who, Action::LinkUsed, address, "")
            .await?;
        self.tell_used(&mut transaction, &link, &who.origin).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.links.sign_ins.clear(&[Key::Account(id)]);
        self.observe_proof(id, Asker::Person).await?;
        // What was held for this account goes now.
        self.routing_changed().await;
        Ok(Finished::Reauthorized(id))
    }
}

/// The link stopped working while its owner was at the provider's page.
fn refused(error: OwnerError) -> FinishError {
    match error {
        OwnerError::Ended { ended, .. } => FinishError::LinkEnded(ended),
        OwnerError::Store(error) => error.into(),
        // No other follows from looking at a link that is there.
        _ => FinishError::AccountGone,
    }
}
