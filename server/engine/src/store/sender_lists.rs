//! The places in pairs' sender lists. An account that is deleted keeps its places; who takes one of them over
//! stands right behind it, with a mark of whom it stands for, until somebody changes the list.

use super::{Store, StoreError};
use sqlx::{AnyConnection, Row as _};
use std::collections::HashMap;
use tocsin_domain::id::{AccountId, PairId};

/// A place in a sender list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderPlace {
    /// Who stands there; perhaps deleted, perhaps no account at all.
    pub account: AccountId,
    /// The deleted account in whose place it was put, if nobody changed the list since.
    pub stands_for: Option<AccountId>,
}

impl Store {
    /// The sender list of each pair that is in use or still has something waiting, deleted accounts included: an
    /// empty list means the default account, a list of deleted accounts does not.
    pub async fn pair_senders(&self) -> Result<Vec<(PairId, Vec<AccountId>)>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.id AS pair_id, s.account_id FROM pairs p JOIN pair_senders s ON s.pair_id = p.id \
             WHERE p.deleted_at IS NULL OR EXISTS (SELECT 1 FROM notifications n \
               WHERE n.pair_id = p.id AND n.state IN ('queued', 'held')) \
             ORDER BY p.id, s.position",
        )
        .fetch_all(self.reader())
        .await?;
        let mut senders: Vec<(PairId, Vec<AccountId>)> = Vec::new();
        for row in rows {
            let pair = PairId::new(row.try_get("pair_id")?);
            let account = AccountId::new(row.try_get("account_id")?);
            match senders.last_mut() {
                Some((last, accounts)) if *last == pair => accounts.push(account),
                _ => senders.push((pair, vec![account])),
            }
        }
        Ok(senders)
    }

    /// The lists that an account stands in, or that hold somebody who stands for it.
    pub async fn sender_lists_of(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<Vec<(PairId, Vec<SenderPlace>)>, StoreError> {
        let pairs: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT pair_id FROM pair_senders WHERE account_id = $1 OR stands_for = $1 ORDER BY pair_id",
        )
        .bind(account.get())
        .fetch_all(&mut *connection)
        .await?;
        let mut lists = Vec::with_capacity(pairs.len());
        for pair in pairs.into_iter().map(PairId::new) {
            lists.push((pair, self.sender_list(&mut *connection, pair).await?));
        }
        Ok(lists)
    }

    /// One pair's list, in order.
    pub async fn sender_list(
        &self,
        connection: &mut AnyConnection,
        pair: PairId,
    ) -> Result<Vec<SenderPlace>, StoreError> {
        let rows = sqlx::query(
            "SELECT account_id, stands_for FROM pair_senders WHERE pair_id = $1 ORDER BY position",
        )
        .bind(pair.get())
        .fetch_all(connection)
        .await?;
        rows.iter()
            .map(|row| {
                let stands_for: Option<i64> = row.try_get("stands_for")?;
                Ok(SenderPlace {
                    account: AccountId::new(row.try_get("account_id")?),
                    stands_for: stands_for.map(AccountId::new),
                })
            })
            .collect()
    }

    /// Writes one pair's list.
    pub async fn write_sender_list(
        &self,
        connection: &mut AnyConnection,
        pair: PairId,
        places: &[SenderPlace],
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM pair_senders WHERE pair_id = $1")
            .bind(pair.get())
            .execute(&mut *connection)
            .await?;
        for (position, place) in (0_i64..).zip(places) {
            sqlx::query(
                "INSERT INTO pair_senders (pair_id, position, account_id, stands_for) VALUES ($1, $2, $3, $4)",
            )
            .bind(pair.get())
            .bind(position)
            .bind(place.account.get())
            .bind(place.stands_for.map(AccountId::get))
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }

    /// The pairs that rules have now.
    pub async fn pairs_in_use(&self) -> Result<Vec<PairId>, StoreError> {
        let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM pairs WHERE deleted_at IS NULL")
            .fetch_all(self.reader())
            .await?;
        Ok(ids.into_iter().map(PairId::new).collect())
    }

    /// Takes an account that will not come back out of each list that has another, and leaves it in the others:
    /// they ask for a sender until they have one.
    pub async fn give_up_places(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE pair_senders SET stands_for = NULL WHERE stands_for = $1")
            .bind(account.get())
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "DELETE FROM pair_senders WHERE account_id = $1 AND EXISTS (SELECT 1 FROM pair_senders s \
             JOIN accounts a ON a.id = s.account_id AND a.deleted_at IS NULL \
             WHERE s.pair_id = pair_senders.pair_id)",
        )
        .bind(account.get())
        .execute(connection)
        .await?;
        Ok(())
    }

    /// How many notifications each pair holds; pairs that hold none are left out.
    pub async fn held_by_pair(&self) -> Result<HashMap<PairId, u64>, StoreError> {
        let rows = sqlx::query(
            "SELECT pair_id, COUNT(*) AS held FROM notifications WHERE state = 'held' AND pair_id IS NOT NULL \
             GROUP BY pair_id",
        )
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                let held: i64 = row.try_get("held")?;
                Ok((PairId::new(row.try_get("pair_id")?), held.unsigned_abs()))
            })
            .collect()
    }

    /// Writes the list that a person set. The same list as before stays with its marks.
    pub(super) async fn set_senders(
        &self,
        connection: &mut AnyConnection,
        pair: PairId,
        senders: &[AccountId],
    ) -> Result<(), StoreError> {
        let before = self.sender_list(&mut *connection, pair).await?;
        if before
            .iter()
            .map(|place| place.account)
            .eq(senders.iter().copied())
        {
            return Ok(());
        }
        let places: Vec<_> = senders
            .iter()
            .map(|account| SenderPlace {
                account: *account,
                stands_for: None,
            })
            .collect();
        self.write_sender_list(connection, pair, &places).await
    }
}
