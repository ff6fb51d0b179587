//! What was warned of: incidents of OAuth applications, announcements of ends, and the ends themselves.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use crate::warnings::About;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use tocsin_domain::ending::Announced;
use tocsin_domain::id::{AccountId, GrantId};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::told::Kind;

/// A grant whose end is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingGrant {
    /// The grant.
    pub id: GrantId,
    /// The account that it is for.
    pub account: AccountId,
    /// When it was given.
    pub granted_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl Store {
    /// The grants in use that end before a time.
    pub async fn ending_grants(&self, before: Timestamp) -> Result<Vec<EndingGrant>, StoreError> {
        let rows = sqlx::query(
            "SELECT g.id, g.account_id, g.granted_at, g.ends_at FROM grants g \
             JOIN accounts a ON a.id = g.account_id \
             WHERE g.replaced_at IS NULL AND a.deleted_at IS NULL AND g.ends_at < $1 ORDER BY g.ends_at",
        )
        .bind(to_millis(before))
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(EndingGrant {
                    id: GrantId::new(row.try_get("id")?),
                    account: AccountId::new(row.try_get("account_id")?),
                    granted_at: from_millis(row.try_get("granted_at")?),
                    ends_at: from_millis(row.try_get("ends_at")?),
                })
            })
            .collect()
    }

    /// The providers whose OAuth application's client secret ends before a time.
    pub async fn ending_secrets(
        &self,
        before: Timestamp,
    ) -> Result<Vec<(ProviderKey, Timestamp)>, StoreError> {
        let rows = sqlx::query(
            "SELECT provider, secret_ends_at FROM oauth_applications WHERE secret_ends_at < $1 ORDER BY provider",
        )
        .bind(to_millis(before))
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                let provider: String = row.try_get("provider")?;
                Ok((
                    ProviderKey::new(&provider),
                    from_millis(row.try_get("secret_ends_at")?),
                ))
            })
            .collect()
    }

    /// What was announced last of an end.
    pub async fn announced(&self, subject: &str) -> Result<Option<Announced>, StoreError> {
        let row = sqlx::query("SELECT ends_at, days FROM announcements WHERE subject = $1")
            .bind(subject)
            .fetch_optional(self.reader())
            .await?;
        row.map(|row| {
            let days: i64 = row.try_get("days")?;
            Ok(Announced {
                ends: from_millis(row.try_get("ends_at")?),
                days: u8::try_from(days).unwrap_or(u8::MAX),
            })
        })
        .transpose()
    }

    /// Remembers what was announced.
    pub async fn set_announced(
        &self,
        connection: &mut AnyConnection,
        subject: &str,
        announced: Announced,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO announcements (subject, ends_at, days, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (subject) DO UPDATE SET ends_at = excluded.ends_at, days = excluded.days, at = excluded.at",
        )
        .bind(subject)
        .bind(to_millis(announced.ends))
        .bind(i64::from(announced.days))
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The refused OAuth applications that people were told of, and when last.
    pub async fn application_incidents(&self) -> Result<Vec<(ProviderKey, Timestamp)>, StoreError> {
        let rows = sqlx::query("SELECT application, warned_at FROM application_incidents")
            .fetch_all(self.reader())
            .await?;
        rows.iter()
            .map(|row| {
                let provider: String = row.try_get("application")?;
                Ok((
                    ProviderKey::new(&provider),
                    from_millis(row.try_get("warned_at")?),
                ))
            })
            .collect()
    }

    /// Remembers that people were told of a refused OAuth application.
    pub async fn set_application_incident(
        &self,
        connection: &mut AnyConnection,
        provider: &ProviderKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO application_incidents (application, warned_at) VALUES ($1, $2) \
             ON CONFLICT (application) DO UPDATE SET warned_at = excluded.warned_at",
        )
        .bind(provider.as_str())
        .bind(to_millis(now))
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The OAuth application is taken again.
    pub async fn forget_application_incident(
        &self,
        connection: &mut AnyConnection,
        provider: &ProviderKey,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM application_incidents WHERE application = $1")
            .bind(provider.as_str())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Whether a mail of this kind still waits to be sent.
    pub async fn told_waits(
        &self,
        connection: &mut AnyConnection,
        about: &About,
        kind: Kind,
    ) -> Result<bool, StoreError> {
        let column = match about {
            About::LostAccount(_) | About::Account(_) => "account_id",
            About::Application(_) => "application",
            About::Nothing => return Ok(false),
        };
        let sql = AssertSqlSafe(format!(
            "SELECT COUNT(*) FROM told t JOIN notifications n ON n.id = t.notification_id \
             WHERE t.kind = $1 AND t.{column} = $2 AND n.state IN ('queued', 'sending', 'held')"
        ));
        let query = sqlx::query_scalar(sql).bind(kind.as_str());
        let query = match about {
            About::LostAccount(account) | About::Account(account) => query.bind(account.get()),
            About::Application(provider) => query.bind(provider.as_str().to_owned()),
            About::Nothing => return Ok(false),
        };
        let waiting: i64 = query.fetch_one(connection).await?;
        Ok(waiting > 0)
    }

    /// The accounts of which something of a kind waits to be sent.
    pub async fn accounts_told_waiting(&self, kind: Kind) -> Result<Vec<AccountId>, StoreError> {
        let accounts: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT t.account_id FROM told t JOIN notifications n ON n.id = t.notification_id \
             WHERE t.kind = $1 AND t.account_id IS NOT NULL AND n.state IN ('queued', 'held')",
        )
        .bind(kind.as_str())
        .fetch_all(self.reader())
        .await?;
        Ok(accounts.into_iter().map(AccountId::new).collect())
    }

    /// How many warnings are held because no account can carry them.
    pub async fn unheard_warnings(&self) -> Result<u64, StoreError> {
        let held: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM told t JOIN notifications n ON n.id = t.notification_id WHERE n.state = 'held'",
        )
        .fetch_one(self.reader())
        .await?;
        Ok(held.unsigned_abs())
    }
}
