//! Telling the creator and the admins that a link was used.

use super::open::OpenedLink;
use crate::engine::Engine;
use crate::store::StoreError;
use crate::warnings::{About, Message};
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tocsin_domain::severity::Severity;
use tocsin_domain::told::Kind;

impl Engine {
    /// Writes the mail in the transaction that uses the link up. The creator is one of the admins.
    pub(super) async fn tell_used(
        &self,
        connection: &mut AnyConnection,
        link: &OpenedLink,
        origin: &str,
    ) -> Result<(), StoreError> {
        let address = &link.account.settings.address;
        let made_by = match self.store.link_row(link.id).await?.made_by {
            Some(admin) => format!("{admin} made"),
            None => "Tocsin sent with its warning".to_owned(),
        };
        let mut text = format!(
            "{address} is authorized again\n\nIts owner used the re-authorization link that {made_by}. What was held \
             for this account is being sent. The link cannot be used again.\n"
        );
        if let Some(url) = self.account_url(link.account.id).await? {
            let _ = write!(text, "\nOpen the account: {url}\n");
        }
        let message = Message {
            kind: Kind::LinkUsed,
            severity: Severity::Information,
            text,
            fields: BTreeMap::from([("Used from".to_owned(), origin.to_owned())]),
        };
        let admins = self.store.admin_addresses().await?;
        self.tell(connection, message, &About::Account(link.account.id), admins)
            .await?;
        Ok(())
    }
}
