//! Writing a mail of Tocsin's own, in the transaction of whatever it tells of.
//!
//! It is an event and a notification like any other: the queue holds it while nobody can carry it, the history
//! shows what became of it. Any account may carry it but the one that it is about, the most recently proven first.

use crate::engine::Engine;
use crate::store::{NewNotification, NewTold, Origin, StoreError};
use crate::time::now;
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::event::{Event, Report};
use tocsin_domain::id::{AccountId, EventId, NotificationId};
use tocsin_domain::notification::Reason;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::rule::Format;
use tocsin_domain::severity::Severity;
use tocsin_domain::text::Line;
use tocsin_domain::told::Kind;

/// A mail of Tocsin's own.
#[derive(Debug, Clone)]
pub struct Message {
    /// What it tells of.
    pub kind: Kind,
    /// How bad that is.
    pub severity: Severity,
    /// What it says; the first line is the subject.
    pub text: String,
    /// Names and values beneath the text.
    pub fields: BTreeMap<String, String>,
}

/// In whose history a mail stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An account's. That account does not carry it.
    LostAccount(AccountId),
    /// An account's, which may carry it like any other.
    Account(AccountId),
    /// That of each account on the OAuth application of a provider.
    Application(ProviderKey),
    /// Nobody's.
    Nothing,
}

impl Engine {
    /// Writes a mail to some people, each once, in the caller's transaction. It is held until the caller, after its
    /// commit, calls [`Engine::routing_changed`]. None where there is nobody to write to.
    pub async fn tell(
        &self,
        connection: &mut AnyConnection,
        message: Message,
        about: &About,
        recipients: Vec<EmailAddress>,
    ) -> Result<Option<NotificationId>, StoreError> {
        let recipients = each_once(recipients);
        if recipients.is_empty() {
            return Ok(None);
        }
        let now = now();
        let line = |text: &str| Line::parse(text).unwrap_or_default();
        let Message {
            kind,
            severity,
            text,
            fields,
        } = message;
        let event = Event {
            id: EventId::new(self.store.next_id()),
            report: Report {
                application: line("Tocsin"),
                category: line(category(kind)),
                severity,
                text,
                host: line(&self.instance_name().await?),
                at: now,
                fields,
            },
            received_at: now,
        };
        self.store
            .insert_events(connection, std::slice::from_ref(&event))
            .await?;
        let id = NotificationId::new(self.store.next_id());
        let origin = match about {
            About::LostAccount(account) => Origin::Warning(*account),
            About::Account(_) | About::Application(_) | About::Nothing => Origin::Own,
        };
        let notification = NewNotification {
            id,
            event: event.id,
            origin,
            severity,
            // Held until the routes are set: looking at them inside of the transaction could wait for somebody who
            // waits for the transaction to end.
            carrier: Err(Reason::NoSender),
            recipients: recipients.clone(),
            format: Format::Html,
            subject_prefix: String::new(),
            message_id: self.message_id(id),
            created_at: now,
        };
        self.store
            .insert_notifications(connection, &[notification])
            .await?;
        let told = NewTold {
            about: about.clone(),
            at: now,
            kind,
            recipients,
            notification: id,
        };
        self.store.insert_told(connection, &told).await?;
        Ok(Some(id))
    }
}

fn each_once(recipients: Vec<EmailAddress>) -> Vec<EmailAddress> {
    let mut once = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        if !once.contains(&recipient) {
            once.push(recipient);
        }
    }
    once
}

const fn category(kind: Kind) -> &'static str {
    match kind {
        Kind::ImportReport => "Import",
        _ => "Authorization",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn nobody_gets_it_twice() {
        let addresses = ["a@example.com", "b@example.com", "a@example.com"];
        let once = each_once(addresses.map(|address| address.parse().unwrap()).to_vec());
        assert_eq!(
            once,
            ["a@example.com".parse().unwrap(), "b@example.com".parse().unwrap()]
        );
    }
}
