//! Re-authorization links for the owners of mailboxes that are authorized by a sign-in at their provider. They are
//! made when somebody asks for them, to be shown once or to be mailed, so that no file, no report
//! and no history holds any.

use super::error::ImportError;
use crate::audit::Who;
use crate::engine::Engine;
use crate::links::{self, Life, LinkError, MailedLink, Maker, PLACEHOLDER, is_this_machine};
use crate::store::StoreError;
use crate::warnings::{About, Message};
use secrecy::SecretString;
use std::collections::BTreeMap;
use tocsin_domain::account::Account;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::ImportId;
use tocsin_domain::severity::Severity;
use tocsin_domain::told::Kind;
use url::Url;

/// How many links are made, or mailed, in one transaction.
const BATCH: usize = 64;

/// A link and whom it is for.
#[derive(Debug, Clone)]
pub struct OwnerLink {
    /// The mailbox.
    pub address: EmailAddress,
    /// Its owner, or the mailbox itself.
    pub owner: EmailAddress,
    /// The link, which cannot be seen again.
    pub url: SecretString,
}

/// What is done with a link once it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    Show,
    Mail,
}

impl Engine {
    /// Makes a link for each mailbox of an import that still awaits its owner, to be shown once.
    pub async fn make_import_links(
        &self,
        id: ImportId,
        base: &Url,
        who: &Who,
    ) -> Result<Vec<OwnerLink>, ImportError> {
        self.make_links(id, base, who, Then::Show).await
    }

    /// Mails a link to the owner of each mailbox of an import that still awaits its owner. Returns how many.
    pub async fn mail_import_links(&self, id: ImportId, base: &Url, who: &Who) -> Result<usize, ImportError> {
        if is_this_machine(base) {
            return Err(ImportError::NotReachable);
        }
        // The mails are built later, and lead there.
        self.note_reached_by(base).await;
        let mailed = self.make_links(id, base, who, Then::Mail).await?.len();
        self.routing_changed().await;
        Ok(mailed)
    }

    async fn make_links(
        &self,
        id: ImportId,
        base: &Url,
        who: &Who,
        then: Then,
    ) -> Result<Vec<OwnerLink>, ImportError> {
        let maker = Maker::Admin(who.clone());
        let accounts = self.awaiting_accounts(id).await?;
        let mut made = Vec::with_capacity(accounts.len());
        for batch in accounts.chunks(BATCH) {
            let mut transaction = self.store.begin().await?;
            for account in batch {
                let (link_id, token) = self
                    .make_link_in(&mut transaction, account, &maker, Life::DEFAULT)
                    .await?;
                let settings = &account.settings;
                let link = OwnerLink {
                    address: settings.address.clone(),
                    owner: settings.owner.clone().unwrap_or_else(|| settings.address.clone()),
                    url: String::from(links::url(base, &token)).into(),
                };
                if then == Then::Mail {
                    let about = About::LostAccount(account.id);
                    let message = self.letter(&link.address).await?;
                    let told = self
                        .tell(&mut transaction, message, &about, vec![link.owner.clone()])
                        .await?;
                    let mailed = MailedLink { id: link_id, token };
                    if let Some(notification) = told {
                        self.mail_link(&mut transaction, mailed, notification).await?;
                    }
                }
                made.push(link);
            }
            transaction.commit().await.map_err(StoreError::from)?;
        }
        self.live.changed();
        Ok(made)
    }

    /// The accounts of an import whose owners have not signed in yet.
    async fn awaiting_accounts(&self, id: ImportId) -> Result<Vec<Account>, ImportError> {
        self.store.import(id).await?;
        let mut accounts = Vec::new();
        for account in self.store.import_awaiting(id).await? {
            match self.store.account(account).await {
                Ok(account) if is_lost(&account) => accounts.push(account),
                Ok(_) | Err(StoreError::Gone) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(accounts)
    }

    /// How many mailboxes of an import still await their owners.
    pub(super) async fn count_awaiting(&self, id: ImportId) -> Result<u64, ImportError> {
        Ok(self.awaiting_accounts(id).await?.len() as u64)
    }

    async fn letter(&self, address: &EmailAddress) -> Result<Message, StoreError> {
        let instance = self.instance_name().await?;
        let text = format!(
            "{instance} asks you to authorize {address}\n\nThe administrator of {instance} wants to send \
             notifications by {address}. For that its owner signs in once at the mailbox's provider; no password is \
             given to {instance}.\n\nOpen this link, which works once and for three days: {PLACEHOLDER}\n\nIf you do not expect this, do \
             nothing, or ask the administrator."
        );
        Ok(Message {
            kind: Kind::LinkSent,
            severity: Severity::Information,
            text,
            fields: BTreeMap::new(),
        })
    }
}

fn is_lost(account: &Account) -> bool {
    matches!(account.authorization, Authorization::NeedsReauthorization(_))
}

impl From<LinkError> for ImportError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Store(error) => error.into(),
            error => Self::Links(error.to_string()),
        }
    }
}
