//! A link in a mail. What is stored of the mail, and shown in the history to whoever may look, holds a placeholder;
//! the token is sealed beside that one notification, and put in its place while the mail is built.

use super::error::LinkError;
use super::link::{Life, Maker};
use super::make::url;
use crate::engine::Engine;
use crate::store::{Leased, StoreError};
use crate::time::now;
use crate::vault::Place;
use secrecy::SecretString;
use sqlx::AnyConnection;
use tocsin_domain::account::Account;
use tocsin_domain::event::Event;
use tocsin_domain::id::{LinkId, NotificationId};

/// What stands in a mail's text where its link will.
pub const PLACEHOLDER: &str = "[the re-authorization link, which only the mail itself shows]";

/// What a mail says that is sent again after its link was forgotten.
const FORGOTTEN: &str = "(this mail was sent before; its link is not known any more: ask for a new one)";

/// A link that a mail will carry.
#[derive(Debug)]
pub struct MailedLink {
    /// The link.
    pub id: LinkId,
    /// Its token.
    pub token: SecretString,
}

impl Engine {
    /// Makes a link for a mail that is about to be written in the same transaction, and has [`PLACEHOLDER`] in its
    /// text. None where it is not known where people reach the pages, or where there is nothing to authorize: the
    /// mail then says where to ask instead.
    pub async fn make_link_for_mail(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        maker: &Maker,
    ) -> Result<Option<MailedLink>, StoreError> {
        if self.reached_by().await?.is_none() {
            return Ok(None);
        }
        self.store.erase_link_mails(connection, now()).await?;
        match self.make_link_in(connection, account, maker, Life::DEFAULT).await {
            Ok((id, token)) => Ok(Some(MailedLink { id, token })),
            Err(LinkError::Store(error)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Lets a notification carry a link, in the transaction that writes it.
    pub async fn mail_link(
        &self,
        connection: &mut AnyConnection,
        link: MailedLink,
        notification: NotificationId,
    ) -> Result<(), StoreError> {
        let row = notification.to_string();
        let sealed = self.vault.seal(place(&row), &link.token);
        self.store
            .insert_link_mail(connection, notification, link.id, sealed)
            .await
    }

    /// The event of a notification, with the link in its place if it is the one that carries it. An event of a
    /// program that writes the placeholder gets nothing.
    pub(crate) async fn with_link(
        &self,
        event: &Event,
        leased: &Leased,
    ) -> Result<Option<Event>, StoreError> {
        if !event.report.text.contains(PLACEHOLDER) {
            return Ok(None);
        }
        let link = match self.store.link_mail(leased.id).await? {
            Some(sealed) => {
                let row = leased.id.to_string();
                let token = self.vault.open(place(&row), &sealed).ok();
                token
                    .zip(self.reached_by().await?)
                    .map(|(token, base)| url(&base, &token))
            }
            None => None,
        };
        let words = link.map_or_else(|| FORGOTTEN.to_owned(), String::from);
        let mut event = event.clone();
        event.report.text = event.report.text.replace(PLACEHOLDER, &words);
        Ok(Some(event))
    }
}

fn place(row: &str) -> Place<'_> {
    Place {
        table: "link_mails",
        column: "token",
        row,
    }
}
