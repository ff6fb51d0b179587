//! A mail to see that it arrives.

use super::error::AccountError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::outbox::Mail;
use crate::sentinel::Asker;
use crate::sign_in::SignInError;
use crate::smtp::{Envelope, Timeouts};
use crate::store::StoreError;
use crate::time::now;
use tocsin_domain::account::Account;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::event::{Draft, Event};
use tocsin_domain::failure::FailureClass;
use tocsin_domain::id::{AccountId, EventId, NotificationId};
use tocsin_domain::rule::Format;

impl Engine {
    /// Signs in for real and sends a mail. What the server says also changes the account's state: a success
    /// mends it.
    pub async fn test_sending(
        &self,
        id: AccountId,
        to: &EmailAddress,
        who: &Who,
    ) -> Result<(), AccountError> {
        let account = self.store.account(id).await?;
        let mail = self.test_mail(&account, to).await?;
        let outcome = self.try_to_send(&account, to, &mail).await;
        let detail = match &outcome {
            Ok(()) => to.to_string(),
            Err(error) => format!("{to}: {}", error.verdict.meaning),
        };
        let mut transaction = self.store.begin().await?;
        let address = account.settings.address.as_str();
        self.audit(&mut transaction, who, Action::AccountTested, address, &detail)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        match outcome {
            Ok(()) => {
                self.observe_proof(id, Asker::Person).await?;
                Ok(())
            }
            Err(error) => {
                if concerns_account(error.verdict.class) {
                    self.observe_failure(id, error.verdict, error.words.clone())
                        .await?;
                }
                Err(AccountError::NotAccepted(error))
            }
        }
    }

    async fn try_to_send(
        &self,
        account: &Account,
        to: &EmailAddress,
        mail: &[u8],
    ) -> Result<(), SignInError> {
        let mut session = self
            .sign_in_within(account, &Timeouts::while_somebody_waits())
            .await?;
        let envelope = Envelope {
            from: account.settings.address.clone(),
            to: vec![to.clone()],
        };
        session.send(&envelope, mail).await?;
        session.quit().await;
        Ok(())
    }

    async fn test_mail(&self, account: &Account, to: &EmailAddress) -> Result<Vec<u8>, AccountError> {
        let instance = self.instance_name().await?;
        let draft = Draft {
            application: "Tocsin".to_owned(),
            category: "Test".to_owned(),
            severity: "information".to_owned(),
            text: format!(
                "Test from Tocsin on {instance}\n\n{} can send notifications.",
                account.settings.address
            ),
            host: instance,
            ..Draft::default()
        };
        let now = now();
        let unwritten = |error: &dyn std::fmt::Display| AccountError::Mail(error.to_string());
        let report = draft.check(now).map_err(|error| unwritten(&error))?;
        let id = self.store.next_id();
        let mail = Mail {
            from: &account.settings,
            to: std::slice::from_ref(to),
            subject_prefix: "",
            event: &Event {
                id: EventId::new(id),
                report,
                received_at: now,
            },
            format: Format::Html,
            message_id: &self.message_id(NotificationId::new(id)),
        };
        mail.build().map_err(|error| unwritten(&error))
    }
}

/// Whether a failure tells of the account rather than of this mail or its recipient.
fn concerns_account(class: FailureClass) -> bool {
    !matches!(class, FailureClass::Recipient | FailureClass::Message)
}
