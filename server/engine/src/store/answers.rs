//! What came back for notifications, and how far each mailbox has been looked through.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, EventId, NotificationId};
use tocsin_domain::notification::{Outcome, Reason, State};
use tocsin_domain::receiving::{Acknowledgement, Answer, Said, Undeliverable};

/// How far an account's mailbox has been looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which mailbox: its server and user.
    pub mailbox: String,
    /// UIDs hold as long as this stays the same.
    pub uid_validity: u32,
    /// All mails up to this one were looked at.
    pub last_uid: u32,
}

/// A notification that may be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answerable {
    /// Its id.
    pub id: NotificationId,
    /// Where it stands.
    pub state: State,
    /// Why.
    pub reason: Option<Reason>,
    /// Everybody it was for, also those who have it already.
    pub recipients: Vec<EmailAddress>,
}

/// An answer to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer<'a> {
    /// The notification.
    pub notification: NotificationId,
    /// Whose mailbox it came to.
    pub account: AccountId,
    /// Which mail says it.
    pub mail: &'a str,
    /// Which recipient it is about.
    pub recipient: Option<&'a EmailAddress>,
    /// What it says.
    pub said: &'a Said,
    /// When the mailbox got it.
    pub at: Timestamp,
}

/// Whether an answer is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novel {
    /// It is.
    New,
    /// It was written before.
    Known,
}

impl Store {
    /// How far an account's mailbox has been looked through.
    pub async fn inbox_place(&self, account: AccountId) -> Result<Option<Place>, StoreError> {
        let row = sqlx::query("SELECT mailbox, uid_validity, last_uid FROM inboxes WHERE account_id = $1")
            .bind(account.get())
            .fetch_optional(self.reader())
            .await?;
        row.map(|row| {
            let number = |column: &str| {
                let number: i64 = row.try_get(column)?;
                u32::try_from(number).map_err(|_| StoreError::Unreadable(column.to_owned()))
            };
            Ok(Place {
                mailbox: row.try_get("mailbox")?,
                uid_validity: number("uid_validity")?,
                last_uid: number("last_uid")?,
            })
        })
        .transpose()
    }

    /// Writes how far an account's mailbox has been looked through.
    pub async fn set_inbox_place(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        place: &Place,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO inboxes (account_id, mailbox, uid_validity, last_uid, looked_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO UPDATE SET mailbox = EXCLUDED.mailbox, \
             uid_validity = EXCLUDED.uid_validity, last_uid = EXCLUDED.last_uid, looked_at = EXCLUDED.looked_at",
        )
        .bind(account.get())
        .bind(place.mailbox.as_str())
        .bind(i64::from(place.uid_validity))
        .bind(i64::from(place.last_uid))
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// When an account sent the oldest notification, since a time, that may still be answered.
    pub async fn oldest_answerable(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let oldest: Option<i64> = sqlx::query_scalar(
            "SELECT MIN(since) FROM notifications WHERE state IN ('sent', 'bounced', 'acknowledged') \
             AND since >= $1 AND account_id = $2",
        )
        .bind(to_millis(since))
        .bind(account.get())
        .fetch_one(self.reader())
        .await?;
        Ok(oldest.map(from_millis))
    }

    /// The notification that carries this `Message-ID`, if the account handed it in.
    pub async fn answerable(
        &self,
        id: NotificationId,
        message_id: &str,
        account: AccountId,
    ) -> Result<Option<Answerable>, StoreError> {
        let row = sqlx::query(
            "SELECT n.state, n.reason, n.recipients, p.recipients AS listed FROM notifications n \
             LEFT JOIN pairs p ON p.id = n.pair_id WHERE n.id = $1 AND n.message_id = $2 AND (n.state = 'sending' \
             OR EXISTS (SELECT 1 FROM attempts t WHERE t.notification_id = n.id AND t.account_id = $3 \
             AND t.outcome = $4))",
        )
        .bind(id.get())
        .bind(message_id)
        .bind(account.get())
        .bind(serde_json::to_string(&Outcome::Accepted)?)
        .fetch_optional(self.reader())
        .await?;
        row.map(|row| answerable(id, &row)).transpose()
    }

    /// Writes an answer unless it is known.
    pub async fn insert_answer(
        &self,
        connection: &mut AnyConnection,
        answer: &NewAnswer<'_>,
    ) -> Result<Novel, StoreError> {
        let inserted = sqlx::query(
            "INSERT INTO answers (id, notification_id, account_id, mail, recipient, said, bounced, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (notification_id, mail, recipient) DO NOTHING",
        )
        .bind(self.next_id())
        .bind(answer.notification.get())
        .bind(answer.account.get())
        .bind(answer.mail)
        .bind(answer.recipient.map_or("", EmailAddress::as_str))
        .bind(serde_json::to_string(answer.said)?)
        .bind(i64::from(matches!(answer.said, Said::Bounced { .. })))
        .bind(to_millis(answer.at))
        .execute(connection)
        .await?;
        Ok(if inserted.rows_affected() == 1 {
            Novel::New
        } else {
            Novel::Known
        })
    }

    /// Moves a notification that was answered, if it still stands where it stood.
    pub async fn set_answered(
        &self,
        connection: &mut AnyConnection,
        notification: &Answerable,
        state: State,
        reason: &Reason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE notifications SET state = $1, reason = $2, since = $3 WHERE id = $4 AND state = $5",
        )
        .bind(state.as_str())
        .bind(serde_json::to_string(reason)?)
        .bind(to_millis(now))
        .bind(notification.id.get())
        .bind(notification.state.as_str())
        .execute(connection)
        .await?;
        Ok(())
    }

    /// What came back for a notification, oldest first.
    pub async fn answers(&self, notification: NotificationId) -> Result<Vec<Answer>, StoreError> {
        let rows = sqlx::query(
            "SELECT recipient, said, at FROM answers WHERE notification_id = $1 ORDER BY at, id LIMIT 100",
        )
        .bind(notification.get())
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                let recipient: String = row.try_get("recipient")?;
                Ok(Answer {
                    at: from_millis(row.try_get("at")?),
                    recipient: recipient.parse().ok(),
                    said: serde_json::from_str(row.try_get("said")?)?,
                })
            })
            .collect()
    }

    /// Who replied first to any notification of an event.
    pub async fn acknowledgement(&self, event: EventId) -> Result<Option<Acknowledgement>, StoreError> {
        let row = sqlx::query(
            "SELECT id, reason FROM notifications WHERE event_id = $1 AND state = 'acknowledged' \
             ORDER BY since, id LIMIT 1",
        )
        .bind(event.get())
        .fetch_optional(self.reader())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(match serde_json::from_str(row.try_get("reason")?)? {
            Reason::Replied { by, at } => Some(Acknowledgement {
                by,
                at,
                notification: NotificationId::new(row.try_get("id")?),
            }),
            _ => None,
        })
    }

    /// Whether somebody has replied, since a time, to one of Tocsin's own warnings about an account.
    pub async fn warning_acknowledged(
        &self,
        account: AccountId,
        since: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = sqlx::query_scalar(
            "SELECT MIN(since) FROM notifications WHERE state = 'acknowledged' AND since >= $1 \
             AND except_account = $2 AND created_at >= $1",
        )
        .bind(to_millis(since))
        .bind(account.get())
        .fetch_one(self.reader())
        .await?;
        Ok(at.map(from_millis))
    }

    /// The recipients whose mail came back since a time, each with the last report.
    pub async fn undeliverable(&self, since: Timestamp) -> Result<Vec<Undeliverable>, StoreError> {
        let rows = sqlx::query(
            "SELECT b.recipient, b.said, b.at, b.notification_id FROM answers b WHERE b.bounced = 1 \
             AND b.recipient <> '' AND b.at >= $1 AND NOT EXISTS (SELECT 1 FROM answers later \
             WHERE later.recipient = b.recipient AND (later.at > b.at OR (later.at = b.at AND later.id > b.id))) \
             ORDER BY b.recipient",
        )
        .bind(to_millis(since))
        .fetch_all(self.reader())
        .await?;
        let mut undeliverable = Vec::with_capacity(rows.len());
        for row in &rows {
            let recipient: String = row.try_get("recipient")?;
            if let (Ok(recipient), Said::Bounced { meaning, words }) =
                (recipient.parse(), serde_json::from_str(row.try_get("said")?)?)
            {
                undeliverable.push(Undeliverable {
                    recipient,
                    at: from_millis(row.try_get("at")?),
                    meaning,
                    words,
                    notification: NotificationId::new(row.try_get("notification_id")?),
                });
            }
        }
        Ok(undeliverable)
    }
}

fn answerable(id: NotificationId, row: &AnyRow) -> Result<Answerable, StoreError> {
    let state: String = row.try_get("state")?;
    let reason: Option<String> = row.try_get("reason")?;
    let listed: Option<String> = row.try_get("listed")?;
    let mut recipients: Vec<EmailAddress> = serde_json::from_str(row.try_get("recipients")?)?;
    let listed: Vec<EmailAddress> = match listed {
        Some(listed) => serde_json::from_str(&listed)?,
        None => Vec::new(),
    };
    for recipient in listed {
        if !recipients.contains(&recipient) {
            recipients.push(recipient);
        }
    }
    Ok(Answerable {
        id,
        state: state
            .parse()
            .map_err(|_| StoreError::Unreadable(format!("state: {state}")))?,
        reason: reason.as_deref().map(serde_json::from_str).transpose()?,
        recipients,
    })
}
