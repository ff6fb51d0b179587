//! How an account stands: what the sentinel and the outbox write, and read back.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use crate::warnings::About;
use jiff::Timestamp;
use sqlx::AnyConnection;
use tocsin_domain::account::Pause;
use tocsin_domain::authorization::{Authorization, Suspicion};
use tocsin_domain::id::AccountId;
use tocsin_domain::told::Kind;

/// What holds of an account after an observation.
#[derive(Debug, Clone, Copy)]
pub struct AccountState<'a> {
    /// Whether it may send.
    pub authorization: &'a Authorization,
    /// A refusal that is not confirmed yet.
    pub suspicion: Option<&'a Suspicion>,
    /// Its rest.
    pub pause: Option<&'a Pause>,
    /// Now.
    pub checked_at: Timestamp,
    /// Now, if a server accepted its sign-in.
    pub proven_at: Option<Timestamp>,
    /// When it is looked at next.
    pub next_check_at: Timestamp,
    /// How many faults it had in a row.
    pub failures: u32,
}

impl AccountState<'static> {
    /// A server has just accepted its sign-in.
    pub const fn proven(now: Timestamp, next_check_at: Timestamp) -> Self {
        Self {
            authorization: &Authorization::Authorized,
            suspicion: None,
            pause: None,
            checked_at: now,
            proven_at: Some(now),
            next_check_at,
            failures: 0,
        }
    }
}

impl Store {
    /// Writes how an account stands, and takes warnings that this makes untrue out of the queue. A deleted account
    /// stands as it stood.
    pub async fn set_account_state(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        state: &AccountState<'_>,
    ) -> Result<(), StoreError> {
        let written = sqlx::query(
            "UPDATE accounts SET state = $1, authorization_json = $2, suspicion = $3, pause = $4, checked_at = $5, \
             proven_at = COALESCE($6, proven_at), next_check_at = $7, failures = $8 WHERE id = $9 \
             AND deleted_at IS NULL",
        )
        .bind(state.authorization.as_str())
        .bind(serde_json::to_string(state.authorization)?)
        .bind(state.suspicion.map(serde_json::to_string).transpose()?)
        .bind(state.pause.map(serde_json::to_string).transpose()?)
        .bind(to_millis(state.checked_at))
        .bind(state.proven_at.map(to_millis))
        .bind(to_millis(state.next_check_at))
        .bind(i64::from(state.failures))
        .bind(id.get())
        .execute(&mut *connection)
        .await?;
        if written.rows_affected() == 0 {
            return Err(StoreError::Gone);
        }
        // With the state, so that no warning is sent that is not true any more.
        let stale: Vec<_> = Kind::ALL
            .iter()
            .copied()
            .filter(|kind| !kind.holds_of(state.authorization))
            .collect();
        self.drop_told(connection, &About::Account(id), &stale, state.checked_at)
            .await?;
        Ok(())
    }

    /// Lets an account rest, or ends its rest.
    pub async fn set_pause(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        pause: Option<&Pause>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET pause = $1 WHERE id = $2")
            .bind(pause.map(serde_json::to_string).transpose()?)
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Sets when an account is looked at next.
    pub async fn set_next_check(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET next_check_at = $1 WHERE id = $2")
            .bind(to_millis(at))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// When the next account is due for a look.
    pub async fn next_check_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let next: Option<i64> =
            sqlx::query_scalar("SELECT MIN(next_check_at) FROM accounts WHERE deleted_at IS NULL")
                .fetch_one(self.reader())
                .await?;
        Ok(next.map(from_millis))
    }

    /// How many faults an account had in a row.
    pub async fn account_failures(&self, id: AccountId) -> Result<u32, StoreError> {
        let failures: i64 = sqlx::query_scalar("SELECT failures FROM accounts WHERE id = $1")
            .bind(id.get())
            .fetch_one(self.reader())
            .await?;
        Ok(u32::try_from(failures).unwrap_or(u32::MAX))
    }

    /// When people were last told that the account needs them.
    pub async fn warned_at(&self, id: AccountId) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = sqlx::query_scalar("SELECT warned_at FROM accounts WHERE id = $1")
            .bind(id.get())
            .fetch_one(self.reader())
            .await?;
        Ok(at.map(from_millis))
    }

    /// Remembers that people were told; none forgets an outage that is over.
    pub async fn set_warned_at(
        &self,
        connection: &mut AnyConnection,
        id: AccountId,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET warned_at = $1 WHERE id = $2")
            .bind(at.map(to_millis))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }
}
