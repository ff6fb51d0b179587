//! What a person sees of the queue and does with a notification in it.

use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{Listed, Moved, StoreError};
use crate::time::now;
use tocsin_domain::event::Event;
use tocsin_domain::id::NotificationId;
use tocsin_domain::notification::{Attempt, Notification, Reason, State};
use tocsin_domain::receiving::{Acknowledgement, Answer};

/// Why a notification was not moved.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// It is not where the person saw it.
    #[error("the notification has moved on meanwhile: look at its state again")]
    MovedOn,
    /// No account can carry it.
    #[error(
        "no sender of its rule can send now: re-authorize one of them, or add another sender to the rule"
    )]
    NoSender,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A notification with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationDetail {
    /// The notification.
    pub notification: Notification,
    /// The event it tells of.
    pub event: Event,
    /// Its attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// What came back for it, oldest first.
    pub answers: Vec<Answer>,
    /// Who replied to it or to another notification of the same event.
    pub acknowledgement: Option<Acknowledgement>,
}

impl Engine {
    /// Notifications, newest first, and how many there are in all.
    pub async fn notifications(&self, listed: &Listed) -> Result<(Vec<Notification>, u64), StoreError> {
        self.store.notifications(listed).await
    }

    /// One notification with its event and attempts.
    pub async fn notification(&self, id: NotificationId) -> Result<NotificationDetail, StoreError> {
        let notification = self.store.notification(id).await?;
        let event = self.store.event(notification.event).await?;
        let attempts = self.store.attempts(id).await?;
        let answers = self.store.answers(id).await?;
        let acknowledgement = self.store.acknowledgement(notification.event).await?;
        Ok(NotificationDetail {
            notification,
            event,
            attempts,
            answers,
            acknowledgement,
        })
    }

    /// Tries a waiting notification at once, also one that failed or bounced.
    pub async fn send_now(&self, id: NotificationId, who: &Who) -> Result<(), QueueError> {
        // What was held, failed or bounced has no current sender: the routes give it one.
        let from = [State::Queued, State::Held, State::Failed, State::Bounced];
        self.move_by_hand(id, &from, State::Queued, None, Action::NotificationSentNow, who)
            .await?;
        self.routing_changed().await;
        match self.store.notification(id).await?.state {
            State::Held => Err(QueueError::NoSender),
            _ => Ok(()),
        }
    }

    /// Takes a waiting notification out of the queue; it stays visible as failed.
    pub async fn cancel(&self, id: NotificationId, who: &Who) -> Result<(), QueueError> {
        let reason = Some(Reason::Cancelled);
        let from = [State::Queued, State::Held];
        self.move_by_hand(
            id,
            &from,
            State::Failed,
            reason,
            Action::NotificationCancelled,
            who,
        )
        .await?;
        self.live.changed();
        Ok(())
    }

    async fn move_by_hand(
        &self,
        id: NotificationId,
        from: &[State],
        to: State,
        reason: Option<Reason>,
        action: Action,
        who: &Who,
    ) -> Result<(), QueueError> {
        let reason = reason
            .map(|reason| serde_json::to_string(&reason))
            .transpose()
            .map_err(StoreError::from)?;
        let mut transaction = self.store.begin().await?;
        if self
            .store
            .move_by_hand(&mut transaction, id, from, to, reason, now())
            .await?
            == Moved::NotThere
        {
            return Err(QueueError::MovedOn);
        }
        self.audit(&mut transaction, who, action, &id.to_string(), "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }
}
