//! Rules with their pairs and sender lists.

use super::notifications::{format_of, format_word};
use super::{Store, StoreError};
use crate::time::to_millis;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use std::collections::HashMap;
use tocsin_domain::id::{PairId, RuleId};
use tocsin_domain::rule::{Conditions, Pair, Rule, RuleDefinition, Switch};
use tocsin_domain::text::Line;

impl Store {
    /// All rules, oldest first.
    pub async fn rules(&self) -> Result<Vec<Rule>, StoreError> {
        let mut pairs = self.pairs().await?;
        let rows = sqlx::query(
            "SELECT id, name, is_on, conditions FROM rules WHERE deleted_at IS NULL ORDER BY created_at, id",
        )
        .fetch_all(self.reader())
        .await?;
        rows.iter()
            .map(|row| {
                let id = RuleId::new(row.try_get("id")?);
                let is_on: i64 = row.try_get("is_on")?;
                let definition = RuleDefinition {
                    name: line(row.try_get("name")?)?,
                    switch: if is_on == 1 { Switch::On } else { Switch::Off },
                    conditions: serde_json::from_str(row.try_get("conditions")?)?,
                    pairs: pairs.remove(&id).unwrap_or_default(),
                };
                Ok(Rule { id, definition })
            })
            .collect()
    }

    /// One rule.
    pub async fn rule(&self, id: RuleId) -> Result<Rule, StoreError> {
        self.rules()
            .await?
            .into_iter()
            .find(|rule| rule.id == id)
            .ok_or(StoreError::Gone)
    }

    /// Writes a rule, new or changed. A pair that keeps its id keeps what waits on it; one that is gone from the
    /// rule stays in the table until nothing waits on it.
    pub async fn save_rule(
        &self,
        connection: &mut AnyConnection,
        id: RuleId,
        definition: &RuleDefinition,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let kind = match definition.conditions {
            Conditions::Event { .. } => "event",
            Conditions::Alert { .. } => "alert",
        };
        sqlx::query(
            "INSERT INTO rules (id, name, kind, is_on, conditions, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (id) DO UPDATE SET name = $2, kind = $3, is_on = $4, conditions = $5",
        )
        .bind(id.get())
        .bind(definition.name.as_str())
        .bind(kind)
        .bind(i64::from(definition.switch == Switch::On))
        .bind(serde_json::to_string(&definition.conditions)?)
        .bind(to_millis(now))
        .execute(&mut *connection)
        .await?;
        sqlx::query("UPDATE pairs SET deleted_at = $1 WHERE rule_id = $2 AND deleted_at IS NULL")
            .bind(to_millis(now))
            .bind(id.get())
            .execute(&mut *connection)
            .await?;
        for (position, pair) in (0_i64..).zip(&definition.pairs) {
            self.save_pair(connection, id, position, pair).await?;
        }
        Ok(())
    }

    /// Lets a rule listen, or not.
    pub async fn switch_rule(
        &self,
        connection: &mut AnyConnection,
        id: RuleId,
        switch: Switch,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE rules SET is_on = $1 WHERE id = $2 AND deleted_at IS NULL")
            .bind(i64::from(switch == Switch::On))
            .bind(id.get())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Takes a rule away; what waits on its pairs is still sent.
    pub async fn delete_rule(
        &self,
        connection: &mut AnyConnection,
        id: RuleId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for sql in [
            "UPDATE pairs SET deleted_at = $1 WHERE rule_id = $2 AND deleted_at IS NULL",
            "UPDATE rules SET deleted_at = $1 WHERE id = $2 AND deleted_at IS NULL",
        ] {
            sqlx::query(sql)
                .bind(to_millis(now))
                .bind(id.get())
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    async fn save_pair(
        &self,
        connection: &mut AnyConnection,
        rule: RuleId,
        position: i64,
        pair: &Pair,
    ) -> Result<(), StoreError> {
        let id = pair.id.map_or_else(|| self.next_id(), PairId::get);
        let saved = sqlx::query(
            "INSERT INTO pairs (id, rule_id, position, recipients, format, subject_prefix) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET position = $3, recipients = $4, \
             format = $5, subject_prefix = $6, deleted_at = NULL WHERE pairs.rule_id = $2",
        )
        .bind(id)
        .bind(rule.get())
        .bind(position)
        .bind(serde_json::to_string(&pair.recipients)?)
        .bind(format_word(pair.format))
        .bind(pair.subject_prefix.as_str())
        .execute(&mut *connection)
        .await?;
        if saved.rows_affected() == 0 {
            // The id belongs to another rule's pair.
            return Err(StoreError::Gone);
        }
        self.set_senders(connection, PairId::new(id), &pair.senders).await
    }

    async fn pairs(&self) -> Result<HashMap<RuleId, Vec<Pair>>, StoreError> {
        let mut senders: HashMap<_, _> = self.pair_senders().await?.into_iter().collect();
        let rows = sqlx::query(
            "SELECT id, rule_id, recipients, format, subject_prefix FROM pairs WHERE deleted_at IS NULL \
             ORDER BY rule_id, position",
        )
        .fetch_all(self.reader())
        .await?;
        let mut pairs: HashMap<RuleId, Vec<Pair>> = HashMap::new();
        for row in rows {
            let id = PairId::new(row.try_get("id")?);
            pairs
                .entry(RuleId::new(row.try_get("rule_id")?))
                .or_default()
                .push(Pair {
                    id: Some(id),
                    senders: senders.remove(&id).unwrap_or_default(),
                    recipients: serde_json::from_str(row.try_get("recipients")?)?,
                    format: format_of(row.try_get("format")?),
                    subject_prefix: line(row.try_get("subject_prefix")?)?,
                });
        }
        Ok(pairs)
    }
}

fn line(text: &str) -> Result<Line, StoreError> {
    Line::parse(text).map_err(|error| StoreError::Unreadable(error.to_string()))
}
