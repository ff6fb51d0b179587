//! What an answer does to its notification.

use super::bounce::{Bounce, Undelivered};
use super::own::OwnId;
use crate::engine::Engine;
use crate::store::{Answerable, NewAnswer, Novel, Place, StoreError};
use crate::time::now;
use jiff::Timestamp;
use sqlx::AnyConnection;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::receiving::Said;

/// A mail that answers one of ours, or seems to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answering {
    /// What tells it from all other mails.
    pub(super) mail: String,
    /// When the mailbox got it.
    pub(super) at: Timestamp,
    /// What it says.
    pub(super) answer: Answer,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Somebody did not get it.
    Bounce(Bounce),
    /// A person replied.
    Reply(Vec<OwnId>, EmailAddress),
}

/// Whether all answers could be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// They are.
    All,
    /// A notification is still being handed in, though its answer is here: the result of the attempt comes first.
    TooEarly,
}

impl Engine {
    /// Writes what some mails say, and how far the mailbox has been looked through, together.
    pub(super) async fn settle(
        &self,
        account: AccountId,
        answers: &[Answering],
        place: &Place,
    ) -> Result<Settled, StoreError> {
        let mut settled = Vec::new();
        for answering in answers {
            if let Some(notification) = self.answered(account, answering).await? {
                if notification.state == State::Sending {
                    return Ok(Settled::TooEarly);
                }
                settled.push((answering, notification));
            }
        }
        let mut transaction = self.store.begin().await?;
        let mut changed = false;
        for (answering, notification) in settled {
            changed |= self
                .settle_one(&mut transaction, account, answering, notification)
                .await?;
        }
        self.store
            .set_inbox_place(&mut transaction, account, place, now())
            .await?;
        transaction.commit().await?;
        if changed {
            self.live.changed();
        }
        Ok(Settled::All)
    }

    /// The notification that a mail is about, if this account handed it in.
    async fn answered(
        &self,
        account: AccountId,
        answering: &Answering,
    ) -> Result<Option<Answerable>, StoreError> {
        let ids = match &answering.answer {
            Answer::Bounce(bounce) => &bounce.about,
            Answer::Reply(ids, _) => ids,
        };
        for id in ids {
            let found = self
                .store
                .answerable(id.notification, &id.message_id, account)
                .await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn settle_one(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        answering: &Answering,
        notification: Answerable,
    ) -> Result<bool, StoreError> {
        let told = match &answering.answer {
            Answer::Reply(_, by) => vec![(Some(by.clone()), Said::Acknowledged)],
            Answer::Bounce(bounce) => marks(bounce, &notification.recipients),
        };
        let mut new = false;
        for (recipient, said) in &told {
            let answer = NewAnswer {
                notification: notification.id,
                account,
                mail: &answering.mail,
                recipient: recipient.as_ref(),
                said,
                at: answering.at,
            };
            new |= self.store.insert_answer(connection, &answer).await? == Novel::New;
        }
        if !new {
            return Ok(false);
        }
        let (state, reason) = match &answering.answer {
            Answer::Reply(_, by) => (
                State::Acknowledged,
                Reason::Replied {
                    by: by.clone(),
                    at: answering.at,
                },
            ),
            Answer::Bounce(_) => (State::Bounced, undelivered(&told, notification.reason.as_ref())),
        };
        // A second report about a mail that has bounced already adds its recipient.
        if notification.state.may_become(state) || notification.state == State::Bounced {
            self.store
                .set_answered(connection, &notification, state, &reason, now())
                .await?;
        }
        Ok(true)
    }
}

/// Which of the notification's recipients a report is about. An address that is none of them is one that a
/// recipient's mail was passed on to: where there is but one recipient, it is that one's.
fn marks(bounce: &Bounce, recipients: &[EmailAddress]) -> Vec<(Option<EmailAddress>, Said)> {
    let said = |undelivered: &Undelivered| Said::Bounced {
        meaning: undelivered.meaning,
        words: undelivered.words.clone(),
    };
    let mut marks: Vec<(Option<EmailAddress>, Said)> = Vec::new();
    for undelivered in &bounce.undelivered {
        let named = recipients.iter().find(|recipient| {
            let mut addresses = undelivered.addresses.iter();
            addresses.any(|address| address.eq_ignore_ascii_case(recipient.as_str()))
        });
        if let Some(recipient) = named
            && !marks.iter().any(|(marked, _)| marked.as_ref() == Some(recipient))
        {
            marks.push((Some(recipient.clone()), said(undelivered)));
        }
    }
    if marks.is_empty() {
        let only = match recipients {
            [only] => Some(only.clone()),
            _ => None,
        };
        marks.extend(bounce.undelivered.first().map(|first| (only, said(first))));
    }
    marks
}

fn undelivered(told: &[(Option<EmailAddress>, Said)], before: Option<&Reason>) -> Reason {
    let mut recipients = match before {
        Some(Reason::Undelivered { recipients, .. }) => recipients.clone(),
        _ => Vec::new(),
    };
    for recipient in told.iter().filter_map(|(recipient, _)| recipient.as_ref()) {
        if !recipients.contains(recipient) {
            recipients.push(recipient.clone());
        }
    }
    let (meaning, words) = told
        .iter()
        .find_map(|(_, said)| match said {
            Said::Bounced { meaning, words } => Some((*meaning, words.clone())),
            Said::Acknowledged => None,
        })
        .unwrap_or((tocsin_domain::failure::Meaning::ServerFault, String::new()));
    Reason::Undelivered {
        recipients,
        meaning,
        words,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tocsin_domain::failure::Meaning;

    fn bounce(addresses: &[&str]) -> Bounce {
        let undelivered = addresses.iter().map(|address| Undelivered {
            addresses: vec![(*address).to_owned()],
            words: "550 5.1.1 no".to_owned(),
            meaning: Meaning::MailboxUnknown,
        });
        Bounce {
            about: Vec::new(),
            undelivered: undelivered.collect(),
        }
    }

    fn marked(addresses: &[&str], recipients: &[&str]) -> Vec<Option<String>> {
        let recipients: Vec<EmailAddress> = recipients.iter().map(|text| text.parse().unwrap()).collect();
        marks(&bounce(addresses), &recipients)
            .into_iter()
            .map(|(recipient, _)| recipient.map(|recipient| recipient.to_string()))
            .collect()
    }

    #[test]
    fn of_several_recipients_those_are_marked_whom_the_report_names() {
        assert_eq!(
            marked(&["B@x.org", "stranger@y.org", "b@x.org"], &["a@x.org", "b@x.org"]),
            [Some("b@x.org".to_owned())]
        );
    }

    #[test]
    fn a_forwarded_mail_is_the_only_recipients() {
        assert_eq!(
            marked(&["elsewhere@y.org"], &["a@x.org"]),
            [Some("a@x.org".to_owned())]
        );
        assert_eq!(marked(&["elsewhere@y.org"], &["a@x.org", "b@x.org"]), [None]);
    }
}
