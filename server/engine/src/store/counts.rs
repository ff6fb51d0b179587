//! What the Overview counts.

use super::{Store, StoreError};
use crate::time::{from_millis, to_millis};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sqlx::Row as _;
use std::collections::BTreeMap;
use tocsin_domain::id::AccountId;
use tocsin_domain::overview::{AccountCounts, Counts, DayCounts};

/// How far back the charts reach, in days.
pub const DAYS: i32 = 30;

impl Store {
    /// How many notifications stand where; sent and failed since a time.
    pub async fn counts(&self, since: Timestamp) -> Result<Counts, StoreError> {
        let rows = sqlx::query(
            "SELECT state, COUNT(*) AS number FROM notifications \
             WHERE state IN ('queued', 'sending', 'held') OR since >= $1 GROUP BY state",
        )
        .bind(to_millis(since))
        .fetch_all(self.reader())
        .await?;
        let mut counts = Counts::default();
        for row in rows {
            let number: i64 = row.try_get("number")?;
            let number = number.unsigned_abs();
            let state: String = row.try_get("state")?;
            match state.as_str() {
                "queued" | "sending" => counts.queued += number,
                "held" => counts.held += number,
                "failed" | "bounced" => counts.failed += number,
                _ => counts.sent += number,
            }
        }
        Ok(counts)
    }

    /// Counts per day, oldest first, every one of the last [`DAYS`] days, by a time zone's days.
    pub async fn days(&self, now: Timestamp, zone: &TimeZone) -> Result<Vec<DayCounts>, StoreError> {
        let today = now.to_zoned(zone.clone()).date();
        let first = today.saturating_sub(jiff::Span::new().days(DAYS - 1));
        let empty = |day: Date| {
            (
                day,
                DayCounts {
                    day,
                    sent: 0,
                    held: 0,
                    failed: 0,
                },
            )
        };
        let mut days: BTreeMap<Date, DayCounts> = first
            .series(jiff::Span::new().days(1))
            .take(30)
            .map(empty)
            .collect();
        let since = first
            .to_zoned(zone.clone())
            .map_or(now, |zoned| zoned.timestamp());
        // Hours, not days: a day's length depends on the zone, and every zone's days begin on a quarter hour.
        let rows = sqlx::query(
            "SELECT state, since / 900000 AS quarter, COUNT(*) AS number FROM notifications \
             WHERE since >= $1 AND state NOT IN ('queued', 'sending') GROUP BY state, since / 900000",
        )
        .bind(to_millis(since))
        .fetch_all(self.reader())
        .await?;
        for row in rows {
            let quarter: i64 = row.try_get("quarter")?;
            let number: i64 = row.try_get("number")?;
            let day = from_millis(quarter * 900_000).to_zoned(zone.clone()).date();
            let Some(counts) = days.get_mut(&day) else {
                continue;
            };
            let state: String = row.try_get("state")?;
            match state.as_str() {
                "held" => counts.held += number.unsigned_abs(),
                "failed" | "bounced" => counts.failed += number.unsigned_abs(),
                _ => counts.sent += number.unsigned_abs(),
            }
        }
        Ok(days.into_values().collect())
    }

    /// What each account carried since two times, and what is held that lists it as a sender.
    pub async fn account_counts(
        &self,
        since: Timestamp,
        today: Timestamp,
    ) -> Result<Vec<AccountCounts>, StoreError> {
        let rows = sqlx::query(
            "SELECT a.id, a.address, COALESCE(s.sent, 0) AS sent, COALESCE(s.sent_today, 0) AS sent_today, \
             COALESCE(h.held, 0) AS held FROM accounts a \
             LEFT JOIN (SELECT account_id, COUNT(*) AS sent, \
               COUNT(CASE WHEN since >= $2 THEN 1 END) AS sent_today FROM notifications \
               WHERE state IN ('sent', 'acknowledged') AND since >= $1 GROUP BY account_id) s ON s.account_id = a.id \
             LEFT JOIN (SELECT p.account_id, COUNT(*) AS held FROM notifications n \
               JOIN pair_senders p ON p.pair_id = n.pair_id WHERE n.state = 'held' GROUP BY p.account_id) h \
               ON h.account_id = a.id \
             WHERE a.deleted_at IS NULL ORDER BY sent DESC, a.created_at",
        )
        .bind(to_millis(since))
        .bind(to_millis(today))
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                let number = |column: &str| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
                Ok(AccountCounts {
                    account: AccountId::new(row.try_get("id")?),
                    address: row.try_get("address")?,
                    sent: number("sent")?,
                    sent_today: number("sent_today")?,
                    held: number("held")?,
                })
            })
            .collect()
    }
}
