//! The outbox: from a stored notification to a server's 250.
//!
//! The [`dispatcher`] looks which accounts have something due and can send, and starts *lanes* for them. A
//! [`lane`] is one connection of one account: it claims a few notifications by a lease, hands them in one after
//! the other, and passes each result to the [`recorder`], which writes results in batches. So one slow account
//! never delays another, and a process that is killed loses nothing but the time of its leases.
//!
//! Delivery is *at least once*: a process that dies between a server's 250 and the record of it sends the mail
//! again, with the same `Message-ID`.
//!
//! Not here: accepting events (`accept`), choosing who carries (`routing`), signing in (`sign_in`).

mod dispatcher;
mod lane;
mod message;
mod recorder;

pub(crate) use dispatcher::run as dispatch;
pub(crate) use message::Mail;
pub(crate) use recorder::run as record;

use crate::store::AttemptResult;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tocsin_domain::id::AccountId;
use tokio::sync::{Notify, mpsc};

/// The most results that wait to be written; lanes wait while it is full, as on a full disk.
const RESULTS: usize = 1024;

/// The outbox's shared parts.
#[derive(Debug)]
pub(crate) struct Outbox {
    wake: Notify,
    results: mpsc::Sender<AttemptResult>,
    lanes: Mutex<HashMap<AccountId, Arc<Lanes>>>,
}

/// The lanes of one account.
#[derive(Debug, Default)]
struct Lanes {
    running: AtomicUsize,
    work: Notify,
}

impl Outbox {
    /// The outbox, and what the recorder reads from.
    pub(crate) fn new() -> (Self, mpsc::Receiver<AttemptResult>) {
        let (results, incoming) = mpsc::channel(RESULTS);
        (
            Self {
                wake: Notify::new(),
                results,
                lanes: Mutex::default(),
            },
            incoming,
        )
    }

    /// Says that something may be due.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    fn lanes(&self, account: AccountId) -> Arc<Lanes> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(lanes.entry(account).or_default())
    }
}

impl Lanes {
    /// Counts as many more lanes as are missing to a number, and says how many. Only the dispatcher calls it.
    fn start_up_to(&self, wanted: usize) -> usize {
        let fresh = wanted.saturating_sub(self.running.load(Ordering::Relaxed));
        self.running.fetch_add(fresh, Ordering::Relaxed);
        fresh
    }

    /// Counts a lane that has ended.
    fn ended(&self) {
        self.running.fetch_sub(1, Ordering::Relaxed);
    }
}
