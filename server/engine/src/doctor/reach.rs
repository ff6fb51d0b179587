//! What waits to be sent, and whether anybody could be warned.

use super::{Check, Finding, Patient};
use crate::store::StoreError;
use crate::time::now;
use crate::webhook::place;
use tocsin_domain::account::{Account, Availability};
use tocsin_domain::webhook::{Answer, CallState};

impl Patient {
    /// What waits for somebody to act.
    pub(super) async fn waiting(&self, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
        let counts = self.store.counts(now()).await?;
        findings.push(match (counts.held, counts.queued) {
            (0, 0) => Finding::fine(Check::Notifications, "none waits"),
            (0, queued) => Finding::fine(Check::Notifications, format!("{queued} on their way")),
            (held, _) => Finding::act(
                Check::Notifications,
                format!("{held} held, because no sender of theirs can send"),
                "Nothing is lost. Re-authorize a sender, or add another one to the rule: then they go out by themselves",
            ),
        });
        Ok(())
    }

    /// Whether the webhook takes what it is told.
    pub(super) async fn webhook(&self, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
        let Some(row) = self.store.webhook_row().await? else {
            return Ok(());
        };
        if let Some(vault) = &self.vault
            && let Err(error) = vault
                .open(place("url"), &row.url)
                .and_then(|_| vault.open(place("secret"), &row.secret))
        {
            findings.push(Finding::act(
                Check::Webhook,
                error.to_string(),
                "Enter its address anew in Settings, Webhook",
            ));
            return Ok(());
        }
        findings.push(match self.store.last_webhook_call().await? {
            None => Finding::note(
                Check::Webhook,
                "set, and never called yet",
                "Send a test in Settings, Webhook",
            ),
            Some(last) if last.answer.is_accepted() => {
                Finding::fine(Check::Webhook, "took what it was told last")
            }
            Some(last) => {
                let again = match last.state {
                    CallState::Waiting => "; it is tried again",
                    CallState::Accepted | CallState::Failed => "",
                };
                Finding::act(
                    Check::Webhook,
                    format!(
                        "did not take what it was told last: {}{again}",
                        words(last.answer)
                    ),
                    "See Settings, Webhook: the receiver's words and what to do stand there",
                )
            }
        });
        Ok(())
    }

    /// Whether a warning could be carried, and whether one is stuck.
    pub(super) async fn warnings(
        &self,
        accounts: &[Account],
        findings: &mut Vec<Finding>,
    ) -> Result<(), StoreError> {
        let unheard = self.store.unheard_warnings().await?;
        if unheard > 0 {
            findings.push(Finding::act(
                Check::Warnings,
                format!("{unheard} could not be sent to anybody: no other account can send"),
                "Re-authorize the accounts named above. A second account would have told somebody",
            ));
            return Ok(());
        }
        let able: Vec<_> = accounts
            .iter()
            .filter(|account| account.availability(now()) != Availability::Unavailable)
            .collect();
        let has_webhook = self.store.webhook_row().await?.is_some();
        findings.push(match able.as_slice() {
            [] if has_webhook => Finding::note(
                Check::Warnings,
                "no account can carry one; the webhook is told",
                "Re-authorize an account, or add one",
            ),
            [] => Finding::act(
                Check::Warnings,
                "no account can carry one, and no webhook is set",
                "Re-authorize an account, or add one",
            ),
            [only] if !has_webhook => Finding::note(
                Check::Warnings,
                format!(
                    "if {} loses its authorization, nobody can be told: no other account can send, and no webhook is \
                     set",
                    only.settings.address
                ),
                "Add a second account, or set a webhook in Settings",
            ),
            _ => Finding::fine(Check::Warnings, "would reach somebody"),
        });
        Ok(())
    }
}

fn words(answer: Answer) -> String {
    match (answer, answer.status()) {
        (_, Some(status)) => format!("it answered with HTTP status {status}"),
        (Answer::NameUnknown, _) => "its host's name is not known".to_owned(),
        (Answer::NotConnected, _) => "nothing answers at its host and port".to_owned(),
        (Answer::NotTrusted, _) => "its certificate is not trusted".to_owned(),
        (Answer::TimedOut, _) => "it did not answer in time".to_owned(),
        _ => "the connection broke off".to_owned(),
    }
}
