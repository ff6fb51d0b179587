//! The end of a sign-in: carries out what it was for.

use super::error::FinishError;
use crate::audit::Who;
use crate::engine::Engine;
use crate::oauth::{Granted, NewGrant, PasteId, Purpose, Returned, SessionHash};
use crate::sign_in::token_credential;
use serde::{Deserialize, Serialize};
use tocsin_domain::account::AccountSettings;
use tocsin_domain::id::AccountId;

/// What a finished sign-in led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finished {
    /// A new account.
    Added(AccountId),
    /// An account that can send again.
    Reauthorized(AccountId),
    /// The same, but somebody else had authorized it again since this sign-in was begun. The latest grant is used.
    ReauthorizedToo(AccountId),
    /// A Custom account that is one of the provider's now.
    Converted(AccountId),
}

impl Finished {
    /// The account.
    pub fn account(&self) -> AccountId {
        match self {
            Self::Added(id) | Self::Reauthorized(id) | Self::ReauthorizedToo(id) | Self::Converted(id) => *id,
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
        let granted = self.oauth.finish(state, returned, session).await?;
        self.carry_out(granted, session, who).await
    }

    /// Takes the address that somebody brought back from the address bar, and carries out what the sign-in was for.
    pub async fn finish_pasted(
        &self,
        id: &PasteId,
        text: &str,
        session: &SessionHash,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        let granted = self.oauth.finish_pasted(id, text, session).await?;
        self.carry_out(granted, session, who).await
    }

    /// `session` is the one that began the sign-in.
    pub(super) async fn carry_out(
        &self,
        granted: Granted,
        session: &SessionHash,
        who: &Who,
    ) -> Result<Finished, FinishError> {
        match &granted.purpose {
            Purpose::Add(draft) => {
                let draft = draft.clone();
                self.add_granted(draft, granted, who).await
            }
            Purpose::Reauthorize(id) => self.reauthorize(*id, granted, who).await,
            Purpose::Link(link) => self.reauthorize_by_link(*link, &granted, session, who).await,
            Purpose::Convert(id) => self.convert(*id, granted, who).await,
        }
    }

    /// A real sign-in with the new grant.
    pub(super) async fn prove_grant(
        &self,
        settings: &AccountSettings,
        grant: &NewGrant,
    ) -> Result<(), FinishError> {
        let credential = token_credential(settings, grant.access_token.clone());
        let opened = self.open_session(settings, &credential).await;
        opened
            .map_err(|error| FinishError::NotProven(error.into()))?
            .quit()
            .await;
        Ok(())
    }
}
