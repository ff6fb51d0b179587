//! What people were told of Tocsin's own accord.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use crate::warnings::About;
use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::address::EmailAddress;
use tocsin_domain::id::{AccountId, NotificationId};
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::told::{Kind, Told};

/// A line to be written.
#[derive(Debug, Clone)]
pub struct NewTold {
    /// In whose history.
    pub about: About,
    /// When.
    pub at: Timestamp,
    /// Of what.
    pub kind: Kind,
    /// To whom.
    pub recipients: Vec<EmailAddress>,
    /// The notification that carries it.
    pub notification: NotificationId,
}

impl Store {
    /// Writes what was told.
    pub async fn insert_told(
        &self,
        connection: &mut AnyConnection,
        told: &NewTold,
    ) -> Result<(), StoreError> {
        let (account, application) = match &told.about {
            About::LostAccount(account) | About::Account(account) => (Some(account.get()), None),
            About::Application(provider) => (None, Some(provider.as_str())),
            About::Nothing => (None, None),
        };
        sqlx::query(
            "INSERT INTO told (id, account_id, application, at, kind, recipients, notification_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.next_id())
        .bind(account)
        .bind(application)
        .bind(to_millis(told.at))
        .bind(told.kind.as_str())
        .bind(serde_json::to_string(&told.recipients)?)
        .bind(told.notification.get())
        .execute(connection)
        .await?;
        Ok(())
    }

    /// What was told of an account, and since a time of its OAuth application; newest first.
    pub async fn told(
        &self,
        account: AccountId,
        application: &ProviderKey,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Told>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.at, t.kind, t.recipients, n.id AS notification, n.state FROM told t \
             LEFT JOIN notifications n ON n.id = t.notification_id \
             WHERE t.account_id = $1 OR (t.application = $2 AND t.at >= $3) ORDER BY t.at DESC, t.id DESC LIMIT $4",
        )
        .bind(account.get())
        .bind(application.as_str())
        .bind(to_millis(since))
        .bind(i64::from(limit))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(read).collect()
    }

    /// Takes out of the queue what was told of an account and has not been sent, of certain kinds.
    pub async fn drop_told(
        &self,
        connection: &mut AnyConnection,
        about: &About,
        kinds: &[Kind],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let kinds: Vec<_> = kinds.iter().map(|kind| format!("'{}'", kind.as_str())).collect();
        let column = match about {
            About::LostAccount(_) | About::Account(_) => "account_id",
            About::Application(_) => "application",
            About::Nothing => return Ok(0),
        };
        let sql = AssertSqlSafe(format!(
            "UPDATE notifications SET state = 'failed', reason = $1, since = $2 WHERE state IN ('queued', 'held') \
             AND pair_id IS NULL AND id IN (SELECT notification_id FROM told WHERE {column} = $3 AND kind IN ({}))",
            kinds.join(", ")
        ));
        let query = sqlx::query(sql)
            .bind(serde_json::to_string(&Reason::Over)?)
            .bind(to_millis(now));
        let query = match about {
            About::LostAccount(account) | About::Account(account) => query.bind(account.get()),
            About::Application(provider) => query.bind(provider.as_str().to_owned()),
            About::Nothing => return Ok(0),
        };
        let dropped = query.execute(connection).await?;
        Ok(dropped.rows_affected())
    }
}

fn read(row: &AnyRow) -> Result<Told, StoreError> {
    let unreadable = |what: &str| StoreError::Unreadable(what.to_owned());
    let kind: String = row.try_get("kind")?;
    let notification: Option<i64> = row.try_get("notification")?;
    let state: Option<String> = row.try_get("state")?;
    let state: Option<State> = state
        .map(|state| state.parse().map_err(|_| unreadable(&state)))
        .transpose()?;
    Ok(Told {
        at: from_millis(row.try_get("at")?),
        kind: kind.parse().map_err(|_| unreadable(&kind))?,
        recipients: serde_json::from_str(row.try_get("recipients")?)?,
        notification: notification.map(NotificationId::new).zip(state),
        nas_log: None,
    })
}
