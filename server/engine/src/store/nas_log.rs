//! What is written into the NAS's own log.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use tocsin_domain::id::AccountId;
use tocsin_domain::nas::Logged;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::told::{Kind, Told};

/// A line to be written.
#[derive(Debug, Clone)]
pub struct NasLine {
    /// In which account's history it stands.
    pub account: Option<AccountId>,
    /// Or in that of all accounts on the OAuth application of this provider.
    pub application: Option<ProviderKey>,
    /// When.
    pub at: Timestamp,
    /// Of what.
    pub kind: Kind,
    /// What it says.
    pub text: String,
}

impl Store {
    /// Writes a line that is to be written there.
    pub async fn insert_nas_line(
        &self,
        connection: &mut AnyConnection,
        line: &NasLine,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO nas_log (id, account_id, application, at, kind, text, state) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.next_id())
        .bind(line.account.map(AccountId::get))
        .bind(line.application.as_ref().map(|key| key.as_str().to_owned()))
        .bind(to_millis(line.at))
        .bind(line.kind.as_str())
        .bind(line.text.as_str())
        .bind(Logged::Waiting.as_str())
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The line that is to be written next: its id, of what it tells, and what it says.
    pub async fn next_nas_line(&self) -> Result<Option<(i64, Kind, String)>, StoreError> {
        let row =
            sqlx::query("SELECT id, kind, text FROM nas_log WHERE state = 'waiting' ORDER BY id LIMIT 1")
                .fetch_optional(self.reader())
                .await?;
        row.map(|row| {
            let kind: String = row.try_get("kind")?;
            let kind = kind.parse().map_err(|_| StoreError::Unreadable(kind))?;
            Ok((row.try_get("id")?, kind, row.try_get("text")?))
        })
        .transpose()
    }

    /// Writes what became of a line.
    pub async fn record_nas_line(
        &self,
        connection: &mut AnyConnection,
        id: i64,
        logged: Logged,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE nas_log SET state = $1 WHERE id = $2")
            .bind(logged.as_str())
            .bind(id)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// What became of the last line.
    pub async fn last_nas_line(&self) -> Result<Option<Logged>, StoreError> {
        let state: Option<String> = sqlx::query_scalar("SELECT state FROM nas_log ORDER BY id DESC LIMIT 1")
            .fetch_optional(self.reader())
            .await?;
        state.map(parse).transpose()
    }

    /// What the NAS's log was told of an account, and since a time of its OAuth application; newest first.
    pub async fn nas_told(
        &self,
        account: AccountId,
        application: &ProviderKey,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Told>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, kind, state FROM nas_log WHERE account_id = $1 OR (application = $2 AND at >= $3) \
             ORDER BY at DESC, id DESC LIMIT $4",
        )
        .bind(account.get())
        .bind(application.as_str())
        .bind(to_millis(since))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                let kind: String = row.try_get("kind")?;
                Ok(Told {
                    at: from_millis(row.try_get("at")?),
                    kind: kind.parse().map_err(|_| StoreError::Unreadable(kind))?,
                    recipients: Vec::new(),
                    notification: None,
                    nas_log: Some(parse(row.try_get("state")?)?),
                })
            })
            .collect()
    }
}

fn parse(state: String) -> Result<Logged, StoreError> {
    state.parse().map_err(|_| StoreError::Unreadable(state))
}
