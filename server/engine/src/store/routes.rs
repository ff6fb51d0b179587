//! Which account carries what waits: set pair by pair, whole sets at a time.

use super::rows::list;
use super::{Store, StoreError};
use crate::time::to_millis;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::id::{AccountId, PairId};
use tocsin_domain::notification::Reason;

/// What shares a route: the notifications of one pair, or Tocsin's warnings about one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    /// A pair: its senders carry.
    Pair(PairId),
    /// Warnings about an account: any other carries.
    Warning(AccountId),
    /// Other mails of Tocsin's own: any account carries.
    Own,
}

impl Route {
    /// What its notifications have in common, with the value of `$3`.
    const fn condition(self) -> (&'static str, i64) {
        match self {
            Self::Pair(pair) => ("pair_id = $3", pair.get()),
            Self::Warning(account) => ("except_account = $3", account.get()),
            Self::Own => (
                "pair_id IS NULL AND except_account IS NULL AND CAST($3 AS BIGINT) = 0",
                0,
            ),
        }
    }
}

/// How much waits for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// The account.
    pub account: AccountId,
    /// How many notifications it may take now, as far as was counted.
    pub due: u64,
}

impl Store {
    /// The routes that have something waiting.
    pub async fn waiting_routes(&self, connection: &mut AnyConnection) -> Result<Vec<Route>, StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT pair_id, except_account FROM notifications WHERE state IN ('queued', 'held')",
        )
        .fetch_all(connection)
        .await?;
        let mut routes = Vec::new();
        for row in rows {
            let pair: Option<i64> = row.try_get("pair_id")?;
            let except: Option<i64> = row.try_get("except_account")?;
            routes.push(match (pair, except) {
                (Some(pair), _) => Route::Pair(PairId::new(pair)),
                (None, Some(account)) => Route::Warning(AccountId::new(account)),
                (None, None) => Route::Own,
            });
        }
        Ok(routes)
    }

    /// Gives what waits on a route to an account, or holds it and says why. Returns how many moved.
    pub async fn set_route(
        &self,
        connection: &mut AnyConnection,
        route: Route,
        carrier: &Result<AccountId, Reason>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (condition, id) = route.condition();
        let moved = match carrier {
            Ok(account) => {
                let sql = AssertSqlSafe(format!(
                    "UPDATE notifications SET state = 'queued', account_id = $1, next_at = $2, reason = NULL, \
                     since = $2 WHERE {condition} AND (state = 'held' OR (state = 'queued' \
                     AND (account_id IS NULL OR account_id <> $1)))"
                ));
                sqlx::query(sql)
                    .bind(account.get())
                    .bind(to_millis(now))
                    .bind(id)
                    .execute(connection)
                    .await?
            }
            Err(reason) => {
                let sql = AssertSqlSafe(format!(
                    "UPDATE notifications SET state = 'held', account_id = NULL, reason = $1, \
                     since = CASE WHEN state = 'held' THEN since ELSE $2 END WHERE {condition} \
                     AND (state = 'queued' OR (state = 'held' AND (reason IS NULL OR reason <> $1)))"
                ));
                sqlx::query(sql)
                    .bind(serde_json::to_string(reason)?)
                    .bind(to_millis(now))
                    .bind(id)
                    .execute(connection)
                    .await?
            }
        };
        Ok(moved.rows_affected())
    }

    /// How much each of these accounts may take now, counted up to `most`: a deep queue costs no more than that.
    /// Accounts with nothing are left out.
    pub async fn due(
        &self,
        accounts: &[AccountId],
        now: Timestamp,
        most: u64,
    ) -> Result<Vec<Depth>, StoreError> {
        let sql = AssertSqlSafe(format!(
            "SELECT a.id AS account_id, (SELECT COUNT(*) FROM (SELECT 1 FROM notifications n \
             WHERE n.state = 'queued' AND n.account_id = a.id AND n.next_at <= $1 LIMIT $2) AS waiting) AS due \
             FROM accounts a WHERE a.id IN ({})",
            list(accounts.iter().map(|account| account.get()))
        ));
        let rows = sqlx::query(sql)
            .bind(to_millis(now))
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(self.reader())
            .await?;
        let mut depths = Vec::new();
        for row in rows {
            let due: i64 = row.try_get("due")?;
            if due > 0 {
                depths.push(Depth {
                    account: AccountId::new(row.try_get("account_id")?),
                    due: due.unsigned_abs(),
                });
            }
        }
        Ok(depths)
    }

    /// Gives up what has waited since before a time. Returns how many.
    pub async fn fail_older_than(
        &self,
        connection: &mut AnyConnection,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let failed = sqlx::query(
            "UPDATE notifications SET state = 'failed', reason = $1, since = $2 \
             WHERE state IN ('queued', 'held') AND created_at < $3",
        )
        .bind(serde_json::to_string(&Reason::TooOld)?)
        .bind(to_millis(now))
        .bind(to_millis(before))
        .execute(connection)
        .await?;
        Ok(failed.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::StoreConfig;
    use crate::time::from_millis;

    /// Two accounts; for each time of `next_at` a notification that the first carries.
    async fn queued(store: &Store, next_at: impl Iterator<Item = i64>) {
        let mut transaction = store.begin().await.unwrap();
        for sql in [
            "INSERT INTO events VALUES (1, 0, 0, '', '', 0, '', '', '{}')",
            "INSERT INTO accounts (id, address, settings, state, authorization_json, next_check_at, created_at) \
             VALUES (1, '', '', '', '', 0, 0), (2, '', '', '', '', 0, 0)",
        ] {
            sqlx::query(sql).execute(&mut *transaction).await.unwrap();
        }
        for (id, next_at) in (1..).zip(next_at) {
            let sql = "INSERT INTO notifications (id, event_id, severity, state, since, next_at, account_id, \
                       recipients, format, subject_prefix, message_id, created_at) \
                       VALUES ($1, 1, 0, 'queued', 0, $2, 1, '[]', '', '', '', 0)";
            let insert = sqlx::query(sql).bind(id).bind(next_at);
            insert.execute(&mut *transaction).await.unwrap();
        }
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn what_is_due_is_counted_per_account_and_no_further_than_asked() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig {
            folder: folder.path().to_owned(),
        };
        let store = Store::open(&config).await.unwrap();
        // Three for now, two for later.
        queued(&store, [1, 2, 3, 100, 100].into_iter()).await;
        let both = [AccountId::new(1), AccountId::new(2)];
        let due = async |most| store.due(&both, from_millis(10), most).await.unwrap();
        let first = |due| {
            vec![Depth {
                account: both[0],
                due,
            }]
        };
        assert_eq!(due(1000).await, first(3));
        assert_eq!(due(2).await, first(2));
    }
}
