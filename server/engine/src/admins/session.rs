//! Sessions: a secret in a cookie, its hash in a table. A session ends [`IDLE`] after it was last used, and
//! [`ABSOLUTE`] after it began, whichever is first.

use super::admin::Admin;
use super::error::AdminError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::AnyConnection;
use tocsin_domain::id::AdminId;

/// How long a session lasts without being used: a working day.
const IDLE: SignedDuration = SignedDuration::from_hours(12);

/// How long a session lasts at most.
const ABSOLUTE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An extension shorter than this is not worth writing.
const WORTH_WRITING: SignedDuration = SignedDuration::from_mins(5);

impl Engine {
    /// Who is signed in by the secret of a cookie.
    pub async fn session(&self, secret: &str) -> Result<Option<Admin>, AdminError> {
        let hash = secret::hash(secret);
        let now = now();
        let Some(session) = self.store.session_row(&hash, now).await? else {
            return Ok(None);
        };
        let end = end_of(session.created_at, now);
        if end.duration_since(session.expires_at) >= WORTH_WRITING
            && let Err(error) = self.extend(&hash, end).await
        {
            // As on a full disk: looking must still be possible.
            tracing::warn!(%error, "a session could not be extended");
        }
        Ok(Some(session.admin.try_into()?))
    }

    /// Ends the session of a cookie's secret, if there is one.
    pub async fn sign_out(&self, secret: &str) -> Result<(), AdminError> {
        if self.nas_sign_out(secret).await? {
            return Ok(());
        }
        let hash = secret::hash(secret);
        let Some(session) = self.store.session_row(&hash, now()).await? else {
            return Ok(());
        };
        let who = Who {
            name: session.admin.name,
            origin: String::new(),
        };
        let mut transaction = self.store.begin().await?;
        self.store.delete_session(&mut transaction, &hash).await?;
        self.audit(&mut transaction, &who, Action::SignedOut, &who.name, "")
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Writes a new session, and gives its secret.
    pub(super) async fn begin_session(
        &self,
        connection: &mut AnyConnection,
        admin: AdminId,
    ) -> Result<SecretString, AdminError> {
        let secret = secret::random("");
        let hash = secret::hash(secret.expose_secret());
        let now = now();
        self.store
            .insert_session(connection, &hash, admin, now, end_of(now, now))
            .await?;
        Ok(secret)
    }

    async fn extend(&self, hash: &[u8], end: Timestamp) -> Result<(), AdminError> {
        let mut transaction = self.store.begin().await?;
        self.store.extend_session(&mut transaction, hash, end).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// When a session ends that began and is used then.
pub(crate) fn end_of(created_at: Timestamp, now: Timestamp) -> Timestamp {
    (now + IDLE).min(created_at + ABSOLUTE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_session_in_use_goes_on_but_not_beyond_thirty_days() {
        let hours = |hours: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        assert_eq!(end_of(hours(0), hours(0)), hours(12));
        assert_eq!(end_of(hours(0), hours(11)), hours(23));
        assert_eq!(end_of(hours(0), hours(719)), hours(720));
    }
}
