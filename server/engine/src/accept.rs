//! Accepting events: from a program's report to stored notifications in one transaction.
//!
//! Many callers share a commit (group commit): a single task takes whatever requests have come in while the last
//! commit ran, writes them together and answers them all. On a NAS disk, which needs 5 to 15 milliseconds for a
//! durable write, that decides how many events a second are accepted.

use crate::engine::Engine;
use crate::routing::Snapshot;
use crate::store::{IdempotencyKey, NewNotification, Origin, Route, StoreError};
use crate::time::now;
use jiff::Zoned;
use jiff::civil::DateTime;
use sqlx::AnyConnection;
use std::sync::Arc;
use tocsin_domain::event::{Event, Report};
use tocsin_domain::id::{EventId, NotificationId};
use tokio::sync::{mpsc, oneshot};

/// The most requests in one commit.
const MAX_REQUESTS: usize = 512;
/// The most events in one commit, unless a single request brings more.
const MAX_EVENTS: usize = 2000;
/// The most requests that wait for their commit; more wait to be taken in.
const WAITING: usize = 1024;

/// Events that will not be lost any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Their ids, in the order of the reports.
    pub events: Vec<EventId>,
    /// Whether they are new.
    pub novelty: Novelty,
}

/// Whether a request made events or repeated an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// It made them.
    New,
    /// It carried a key that was answered before, with the same body.
    Repeated,
}

/// Why events were not accepted: nothing of them is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AcceptError {
    /// No space left.
    #[error("the disk of the notification center is full: the event was not accepted. Try again later")]
    Full,
    /// The key was used for another body.
    #[error("this Idempotency-Key was used for a different request: use a new key")]
    KeyReused,
    /// The process is about to end.
    #[error("the notification center is stopping: the event was not accepted. Try again in a moment")]
    Stopping,
    /// The database failed.
    #[error("the notification center's database failed: the event was not accepted. Try again later")]
    Failed,
}

impl From<StoreError> for AcceptError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            error => {
                tracing::error!(%error, "events could not be written");
                Self::Failed
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Request {
    reports: Vec<Report>,
    key: Option<IdempotencyKey>,
    reply: oneshot::Sender<Result<Accepted, AcceptError>>,
}

/// The way in to the task that commits.
#[derive(Debug)]
pub(crate) struct Acceptor {
    requests: mpsc::Sender<Request>,
}

impl Acceptor {
    /// The way in, and what [`run`] reads from.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Request>) {
        let (requests, incoming) = mpsc::channel(WAITING);
        (Self { requests }, incoming)
    }
}

impl Engine {
    /// Accepts events. When this returns `Ok`, they and their notifications are on disk.
    pub async fn accept(
        &self,
        reports: Vec<Report>,
        key: Option<IdempotencyKey>,
    ) -> Result<Accepted, AcceptError> {
        let (reply, answer) = oneshot::channel();
        let request = Request { reports, key, reply };
        self.acceptor
            .requests
            .send(request)
            .await
            .map_err(|_| AcceptError::Stopping)?;
        answer.await.map_err(|_| AcceptError::Stopping)?
    }
}

/// Commits requests until the engine stops; what came in before is still answered.
pub(crate) async fn run(engine: Arc<Engine>, mut incoming: mpsc::Receiver<Request>) {
    loop {
        let first = tokio::select! {
            biased;
            request = incoming.recv() => request,
            () = engine.stopping.cancelled() => { incoming.close(); incoming.recv().await }
        };
        let Some(first) = first else { return };
        let mut events = first.reports.len();
        let mut batch = vec![first];
        while batch.len() < MAX_REQUESTS && events < MAX_EVENTS {
            let Ok(request) = incoming.try_recv() else { break };
            events += request.reports.len();
            batch.push(request);
        }
        let answers = commit(&engine, &batch).await;
        engine.outbox.wake();
        engine.live.changed();
        match answers {
            Ok(answers) => {
                for (request, answer) in batch.into_iter().zip(answers) {
                    // A caller that went away is not told; its events are accepted all the same.
                    let _ = request.reply.send(answer);
                }
            }
            Err(error) => {
                let error = AcceptError::from(error);
                for request in batch {
                    let _ = request.reply.send(Err(error.clone()));
                }
            }
        }
    }
}

async fn commit(
    engine: &Engine,
    batch: &[Request],
) -> Result<Vec<Result<Accepted, AcceptError>>, StoreError> {
    let snapshot = engine.routing.snapshot().await;
    let local = Zoned::now().datetime();
    let mut transaction = engine.store.begin().await?;
    let mut answers = Vec::with_capacity(batch.len());
    let mut drafts = Drafts::default();
    for request in batch {
        let repeated = match &request.key {
            Some(key) => earlier_answer(engine, &mut transaction, key).await?,
            None => None,
        };
        if let Some(answer) = repeated {
            answers.push(answer);
            continue;
        }
        let events = drafts.add(engine, &snapshot, &request.reports, local);
        if let Some(key) = &request.key {
            engine
                .store
                .remember_answer(&mut transaction, key, &events, now())
                .await?;
        }
        answers.push(Ok(Accepted {
            events,
            novelty: Novelty::New,
        }));
    }
    engine
        .store
        .insert_events(&mut transaction, &drafts.events)
        .await?;
    engine
        .store
        .insert_notifications(&mut transaction, &drafts.notifications)
        .await?;
    transaction.commit().await?;
    Ok(answers)
}

async fn earlier_answer(
    engine: &Engine,
    connection: &mut AnyConnection,
    key: &IdempotencyKey,
) -> Result<Option<Result<Accepted, AcceptError>>, StoreError> {
    let Some(earlier) = engine.store.answered(connection, key).await? else {
        return Ok(None);
    };
    Ok(Some(if earlier.body_hash == key.body_hash {
        Ok(Accepted {
            events: earlier.events,
            novelty: Novelty::Repeated,
        })
    } else {
        Err(AcceptError::KeyReused)
    }))
}

/// What a transaction will write.
#[derive(Default)]
struct Drafts {
    events: Vec<Event>,
    notifications: Vec<NewNotification>,
}

impl Drafts {
    fn add(
        &mut self,
        engine: &Engine,
        snapshot: &Snapshot,
        reports: &[Report],
        local: DateTime,
    ) -> Vec<EventId> {
        let received_at = now();
        let mut ids = Vec::with_capacity(reports.len());
        for report in reports {
            let event = Event {
                id: EventId::new(engine.store.next_id()),
                report: report.clone(),
                received_at,
            };
            ids.push(event.id);
            for rule in snapshot
                .rules
                .iter()
                .filter(|rule| rule.definition.catches(report, local))
            {
                for pair in &rule.definition.pairs {
                    let Some(pair_id) = pair.id else { continue };
                    let id = NotificationId::new(engine.store.next_id());
                    self.notifications.push(NewNotification {
                        id,
                        event: event.id,
                        origin: Origin::Rule(rule.id, pair_id),
                        severity: report.severity,
                        carrier: snapshot.carrier(Route::Pair(pair_id), received_at),
                        recipients: pair.recipients.clone(),
                        format: pair.format,
                        subject_prefix: pair.subject_prefix.as_str().to_owned(),
                        message_id: engine.message_id(id),
                        created_at: received_at,
                    });
                }
            }
            self.events.push(event);
        }
        ids
    }
}
