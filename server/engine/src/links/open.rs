//! From a token to the link that it opens.

use super::error::OwnerError;
use super::link::{Ended, MOST_REFUSED, UsedBy};
use crate::admins::Role;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::oauth::SessionHash;
use crate::secret;
use crate::store::{LinkRow, StoreError, Taken};
use crate::time::now;
use jiff::Timestamp;
use secrecy::SecretString;
use sqlx::AnyConnection;
use tocsin_domain::account::Account;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::LinkId;
use tocsin_domain::link::LinkState;

/// The length of a token: 256 bits in base 64.
const TOKEN: usize = 43;

/// A link that works, and what it is for.
#[derive(Debug, Clone)]
pub struct OpenedLink {
    /// The link.
    pub id: LinkId,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// The account that it authorizes.
    pub account: Account,
}

/// Why a link is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Somebody looks at the page: the first time is written down.
    Page,
    /// A program asks ahead, or the page was looked at already.
    Ahead,
}

impl Engine {
    /// The link of a token. Looking never uses it up. `session` is the browser's, if it has one; `origin` the
    /// network address that asks.
    pub async fn open_link(
        &self,
        token: &str,
        session: Option<&SessionHash>,
        origin: &str,
        look: Look,
    ) -> Result<OpenedLink, OwnerError> {
        let link = self.link_of(token, origin).await?;
        let opened = self.usable(&link, session).await?;
        if look == Look::Page && link.opened_at.is_none() {
            self.note_opened(&link, &opened.account, origin).await?;
        }
        Ok(opened)
    }

    /// The link of a token, however it stands.
    async fn link_of(&self, token: &str, origin: &str) -> Result<LinkRow, OwnerError> {
        let now = now();
        let begun = self.links.guesses.begin(origin, now);
        begun.map_err(|seconds| OwnerError::Wait { seconds })?;
        let found = if token.len() == TOKEN {
            self.store.link_by_hash(&secret::hash(token)).await?
        } else {
            None
        };
        let Some(link) = found else {
            self.links.guesses.wrong(now);
            return Err(OwnerError::NotValid);
        };
        self.links.guesses.right(origin);
        Ok(link)
    }

    /// The link with its account, if it works.
    pub(super) async fn usable(
        &self,
        link: &LinkRow,
        session: Option<&SessionHash>,
    ) -> Result<OpenedLink, OwnerError> {
        if let Some(ended) = ended(link, session) {
            return Err(self.ended(link, ended).await?);
        }
        match self.store.account(link.account).await {
            Ok(account) => Ok(OpenedLink {
                id: link.id,
                expires_at: link.expires_at,
                account,
            }),
            // Deleted: the link goes with it.
            Err(StoreError::Gone) => Err(self.ended(link, Ended::Revoked).await?),
            Err(error) => Err(error.into()),
        }
    }

    /// Uses a link up, in the transaction of what it authorizes; an error if somebody else was faster.
    pub(super) async fn take(
        &self,
        connection: &mut AnyConnection,
        link: LinkId,
        session: &SessionHash,
    ) -> Result<(), OwnerError> {
        let taken = self
            .store
            .take_link(connection, link, now(), MOST_REFUSED, session.as_bytes())
            .await?;
        match taken {
            Taken::Yes => Ok(()),
            Taken::No => Err(self.lost(link, session).await?),
        }
    }

    /// Why a link that worked a moment ago does not any more.
    pub(super) async fn lost(&self, id: LinkId, session: &SessionHash) -> Result<OwnerError, StoreError> {
        let link = self.store.link_row(id).await?;
        // What another replica wrote meanwhile may not be seen yet: then it is that somebody used it.
        let ended = ended(&link, Some(session)).unwrap_or(Ended::Used(UsedBy::Another));
        self.ended(&link, ended).await
    }

    async fn ended(&self, link: &LinkRow, ended: Ended) -> Result<OwnerError, StoreError> {
        Ok(OwnerError::Ended {
            ended,
            ask: self.who_to_ask(link).await?,
        })
    }

    /// Who can make another link: its creator, or else the first administrator. The address only: the name is
    /// half of a sign-in.
    async fn who_to_ask(&self, link: &LinkRow) -> Result<Option<EmailAddress>, StoreError> {
        let mut admins = self.store.admin_rows().await?;
        admins.retain(|admin| admin.role == Role::Administrator.as_str());
        let creator = admins
            .iter()
            .find(|admin| Some(&admin.name) == link.made_by.as_ref());
        let asked = creator.or(admins.first());
        Ok(asked.and_then(|admin| admin.address.parse().ok()))
    }

    async fn note_opened(&self, link: &LinkRow, account: &Account, origin: &str) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        if self
            .store
            .set_link_opened(&mut transaction, link.id, now())
            .await?
            == Taken::No
        {
            return Ok(());
        }
        let address = account.settings.address.as_str();
        self.audit(
            &mut transaction,
            &owner(account, origin),
            Action::LinkOpened,
            address,
            "",
        )
        .await?;
        transaction.commit().await?;
        self.live.changed();
        Ok(())
    }
}

/// A secret by which a browser is known, for a cookie.
pub fn browser_secret() -> SecretString {
    secret::random("")
}

/// Who uses a link, as the audit log names them: nobody knows more than whose mailbox it is for.
pub(super) fn owner(account: &Account, origin: &str) -> Who {
    Who {
        name: account.settings.address.to_string(),
        origin: origin.to_owned(),
    }
}

fn ended(link: &LinkRow, session: Option<&SessionHash>) -> Option<Ended> {
    match link.state(now()) {
        LinkState::Usable => None,
        LinkState::Used(_) => {
            let is_own = session.is_some_and(|session| link.used_by.as_deref() == Some(session.as_bytes()));
            Some(Ended::Used(if is_own {
                UsedBy::ThisBrowser
            } else {
                UsedBy::Another
            }))
        }
        LinkState::Revoked(_) => Some(Ended::Revoked),
        LinkState::Expired => Some(Ended::Expired),
        LinkState::TriedTooOften => Some(Ended::TriedTooOften),
    }
}
