//! The queue, the history, one notification, and what a person does with it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    authorization::Authorization,
    event::Event,
    id::{AccountId, NotificationId},
    notification::{Attempt, Notification},
    receiving::{Acknowledgement, Answer},
};

use super::error::ApiError;

/// How many notifications a page lists.
pub const PAGE: u32 = 50;

/// Notifications that wait, in the order in which they go: held ones first, most severe first, then oldest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// This page of them.
    pub waiting: Vec<Waiting>,
    /// How many there are in all.
    pub total: u64,
}

/// A notification that waits, with who could carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The notification.
    pub notification: Notification,
    /// The senders of its pair, in their order.
    pub senders: Vec<Sender>,
}

/// A sender and whether it can send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The account.
    pub id: AccountId,
    /// Its address.
    pub address: String,
    /// Its authorization.
    pub authorization: Authorization,
}

/// Notifications that wait no more, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// This page of them.
    pub notifications: Vec<Notification>,
    /// How many there are in all.
    pub total: u64,
}

/// A notification with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The notification.
    pub notification: Notification,
    /// The event it tells of.
    pub event: Event,
    /// Its attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// What came back for it, oldest first.
    pub answers: Vec<Answer>,
    /// Who replied first, to it or to another notification of the event.
    pub acknowledgement: Option<Acknowledgement>,
}

/// What waits; pages count from 1.
#[server(endpoint = "notifications/queue")]
pub async fn list_queue(page: u32) -> Result<Queue, ApiError> {
    ssr::answer(ssr::queue(page).await)
}

/// What waits no more: in one state, or in any if `state` is no state's word; with a text, or any if it is
/// empty. Pages count from 1.
#[server(endpoint = "notifications/history")]
pub async fn list_history(state: String, search: String, page: u32) -> Result<History, ApiError> {
    ssr::answer(ssr::history(&state, search, page).await)
}

/// One notification.
#[server(endpoint = "notifications/one")]
pub async fn one_notification(id: NotificationId) -> Result<Detail, ApiError> {
    ssr::answer(ssr::notification(id).await)
}

/// Tries a notification at once; also one that failed or bounced.
#[server(endpoint = "notifications/send-now")]
pub async fn send_now(id: NotificationId) -> Result<(), ApiError> {
    ssr::answer(ssr::send_now(id).await)
}

/// Takes a notification out of the queue.
#[server(endpoint = "notifications/cancel")]
pub async fn cancel(id: NotificationId) -> Result<(), ApiError> {
    ssr::answer(ssr::cancel(id).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use std::cmp::Reverse;

    use tocsin_domain::{
        account::{Account, IsDefault},
        id::NotificationId,
        notification::{Notification, State},
        rule::Rule,
    };
    use tocsin_engine::{NotificationDetail, store::Listed};

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        error::ApiError,
        notifications::{Detail, History, PAGE, Queue, Sender, Waiting},
        visit::{engine, signed_in, who},
    };

    const WAITING: [State; 3] = [State::Held, State::Sending, State::Queued];

    pub(super) async fn queue(page: u32) -> Result<Queue, ApiError> {
        signed_in()?;
        let engine = engine();
        let (mut listed, total) = engine
            .notifications(&listed(&WAITING, String::new(), page))
            .await?;
        listed.sort_by_key(|one| {
            let place = WAITING.iter().position(|state| *state == one.state);
            (place, Reverse(one.severity), one.created_at)
        });
        let accounts = engine.accounts().await?;
        let rules = engine.rules().await?;
        let waiting = |notification: Notification| Waiting {
            senders: senders(&notification, &rules, &accounts),
            notification,
        };
        Ok(Queue {
            waiting: listed.into_iter().map(waiting).collect(),
            total,
        })
    }

    pub(super) async fn history(state: &str, search: String, page: u32) -> Result<History, ApiError> {
        signed_in()?;
        let states: Vec<State> = match state.parse::<State>() {
            Ok(state) if !state.waits() => vec![state],
            _ => State::ALL.into_iter().filter(|state| !state.waits()).collect(),
        };
        let (notifications, total) = engine().notifications(&listed(&states, search, page)).await?;
        Ok(History { notifications, total })
    }

    pub(super) async fn notification(id: NotificationId) -> Result<Detail, ApiError> {
        signed_in()?;
        let NotificationDetail {
            notification,
            event,
            attempts,
            answers,
            acknowledgement,
        } = engine().notification(id).await?;
        Ok(Detail {
            notification,
            event,
            attempts,
            answers,
            acknowledgement,
        })
    }

    pub(super) async fn send_now(id: NotificationId) -> Result<(), ApiError> {
        Ok(engine().send_now(id, &who()?).await?)
    }

    pub(super) async fn cancel(id: NotificationId) -> Result<(), ApiError> {
        Ok(engine().cancel(id, &who()?).await?)
    }

    fn listed(states: &[State], search: String, page: u32) -> Listed {
        Listed {
            states: states.to_vec(),
            search: search.trim().to_owned(),
            skip: page.saturating_sub(1).saturating_mul(PAGE),
            limit: PAGE,
        }
    }

    /// The senders of the pair that made a notification. The pair is known by its recipients; where the rule has
    /// changed since, any of the rule's senders may be what it waits for.
    fn senders(notification: &Notification, rules: &[Rule], accounts: &[Account]) -> Vec<Sender> {
        let rule = notification.rule.as_ref();
        let pairs = rule
            .and_then(|(id, _)| rules.iter().find(|rule| rule.id == *id))
            .map_or(&[][..], |rule| &rule.definition.pairs);
        let same = pairs
            .iter()
            .find(|pair| pair.recipients == notification.recipients);
        let listed: Vec<_> = same
            .map_or(pairs, std::slice::from_ref)
            .iter()
            .flat_map(|pair| &pair.senders)
            .collect();
        let carries = |account: &&Account| {
            if listed.is_empty() {
                account.default == IsDefault::Yes
            } else {
                listed.contains(&&account.id)
            }
        };
        accounts
            .iter()
            .filter(carries)
            .map(|account| Sender {
                id: account.id,
                address: account.settings.address.to_string(),
                authorization: account.authorization.clone(),
            })
            .collect()
    }
}
