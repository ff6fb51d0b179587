//! What follows when an account was added: which pairs have no sender, and making it theirs.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::id::{AccountId, PairId};

use super::{accounts::Row, error::ApiError};

/// A new account, and what it could send for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The account.
    pub row: Row,
    /// The address of who looks at it: where a test goes unless another is typed.
    pub reader: String,
    /// How many rules there are.
    pub rules: usize,
    /// The pairs without a sender that is left, in the order of the rules.
    pub pairs: Vec<Alone>,
}

/// A pair without a sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alone {
    /// Its id.
    pub pair: PairId,
    /// Its rule's name.
    pub rule: String,
    /// Its place in the rule, from 1.
    pub number: usize,
    /// Who gets its mail.
    pub recipients: Vec<String>,
}

/// A new account.
#[server(endpoint = "accounts/start")]
pub async fn start_of(id: AccountId) -> Result<Start, ApiError> {
    ssr::answer(ssr::start(id).await)
}

/// Makes the account a sender of pairs, all at once.
#[server(endpoint = "accounts/give-sender")]
pub async fn give_sender(id: AccountId, #[server(default)] pairs: Vec<PairId>) -> Result<(), ApiError> {
    ssr::answer(ssr::give_sender(id, pairs).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use leptos_axum::redirect;
    use tocsin_domain::{
        id::{AccountId, PairId},
        rule::{Pair, Rule},
    };

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        accounts::account,
        error::ApiError,
        starting::{Alone, Start},
        visit::{engine, signed_in, who},
    };

    pub(super) async fn start(id: AccountId) -> Result<Start, ApiError> {
        // Before anything is waited for: a page that is taken apart meanwhile takes its context along.
        signed_in()?;
        let engine = engine();
        let detail = account(id).await?;
        let accounts = engine.accounts().await?;
        let rules = engine.rules().await?;
        let is_there = |sender: &AccountId| accounts.iter().any(|account| account.id == *sender);
        let is_alone = |pair: &Pair| !pair.senders.iter().any(is_there);
        Ok(Start {
            row: detail.row,
            reader: detail.reader,
            rules: rules.len(),
            pairs: rules.iter().flat_map(|rule| alone(rule, &is_alone)).collect(),
        })
    }

    fn alone(rule: &Rule, is_alone: &impl Fn(&Pair) -> bool) -> Vec<Alone> {
        let pairs = rule.definition.pairs.iter().enumerate();
        pairs
            .filter(|(_, pair)| is_alone(pair))
            .filter_map(|(index, pair)| {
                Some(Alone {
                    pair: pair.id?,
                    rule: rule.definition.name.to_string(),
                    number: index + 1,
                    recipients: pair.recipients.iter().map(ToString::to_string).collect(),
                })
            })
            .collect()
    }

    pub(super) async fn give_sender(id: AccountId, pairs: Vec<PairId>) -> Result<(), ApiError> {
        let who = who()?;
        if pairs.is_empty() {
            return Err(ApiError::input("tick at least one pair; nothing was changed"));
        }
        engine().give_sender(id, &pairs, &who).await?;
        redirect(&format!("/accounts/{id}/start?done=given"));
        Ok(())
    }
}
