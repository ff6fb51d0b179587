//! Sealed tokens of links that mails carry, by the notification.

use super::{Store, StoreError};
use sqlx::AnyConnection;
use tocsin_domain::id::{LinkId, NotificationId};

impl Store {
    /// Keeps a sealed token for one notification.
    pub(crate) async fn insert_link_mail(
        &self,
        connection: &mut AnyConnection,
        notification: NotificationId,
        link: LinkId,
        token: Vec<u8>,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO link_mails (notification_id, link_id, token) VALUES ($1, $2, $3)")
            .bind(notification.get())
            .bind(link.get())
            .bind(token)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// The sealed token of the link that a notification carries.
    pub(crate) async fn link_mail(
        &self,
        notification: NotificationId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let token = sqlx::query_scalar("SELECT token FROM link_mails WHERE notification_id = $1")
            .bind(notification.get())
            .fetch_optional(self.reader())
            .await?;
        Ok(token)
    }

    /// Erases tokens whose mail does not wait any more, or whose link has ended.
    pub(crate) async fn erase_link_mails(
        &self,
        connection: &mut AnyConnection,
        now: jiff::Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM link_mails WHERE notification_id IN (SELECT id FROM notifications WHERE state NOT IN \
             ('queued', 'sending', 'held')) OR link_id IN (SELECT id FROM links WHERE used_at IS NOT NULL \
             OR revoked_at IS NOT NULL OR expires_at <= $1)",
        )
        .bind(crate::time::to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }
}
