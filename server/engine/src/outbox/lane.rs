//! One connection of one account: claims, hands in, passes on results, until nothing is left.

use super::Lanes;
use super::dispatcher::BATCH;
use super::message::Mail;
use crate::engine::Engine;
use crate::jitter::jitter;
use crate::sign_in::SignInError;
use crate::smtp::{Connection, Envelope, Sent, Session, SmtpError};
use crate::store::{AttemptResult, Leased, Next, StoreError, Terms};
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tocsin_domain::account::{Account, Pause, PauseReason};
use tocsin_domain::backoff;
use tocsin_domain::event::Event;
use tocsin_domain::failure::{FailureClass, Meaning, Stage, Verdict};
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{AfterFailure, Outcome, Reason};

/// How long a claimed notification belongs to its lane: longer than a batch takes on a slow line.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// How long a connection is kept open without work. Providers close idle ones after one to ten minutes.
const LINGER: Duration = Duration::from_secs(20);

/// After how long without work a server may have closed the connection without our noticing.
const STALE: Duration = Duration::from_secs(2);

/// How many lost connections in one batch are made good by a new one before the account takes a rest.
const RECONNECTS: u32 = 2;

/// Runs a lane to its end.
pub(super) async fn run(engine: Arc<Engine>, lanes: Arc<Lanes>, account: AccountId) {
    let worker = engine.store.next_id();
    let mut lane = Lane {
        engine,
        account,
        worker,
        session: None,
        used: Instant::now(),
        reconnects: 0,
    };
    while lane.work().await == Flow::GoOn {
        let more = tokio::select! {
            () = lanes.work.notified() => true,
            () = tokio::time::sleep(LINGER) => false,
            () = lane.engine.stopping.cancelled() => false,
        };
        if !more {
            break;
        }
    }
    lanes.ended();
    if let Some(session) = lane.session.take() {
        session.quit().await;
    }
}

struct Lane {
    engine: Arc<Engine>,
    account: AccountId,
    worker: i64,
    session: Option<Session>,
    used: Instant,
    reconnects: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum Flow {
    GoOn,
    End,
}

/// What follows from one notification for the rest of its batch.
enum Step {
    Done,
    Again,
    EndLane,
}

impl Lane {
    /// Sends what is due; ends with the lane's end or when nothing is due any more.
    async fn work(&mut self) -> Flow {
        loop {
            if self.engine.stopping.is_cancelled() {
                return Flow::End;
            }
            match self.batch().await {
                Ok(Some(flow)) => return flow,
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, account = %self.account, "the queue could not be read; it is tried again");
                    return Flow::End;
                }
            }
        }
    }

    /// One claimed batch. `None` means that there may be more.
    async fn batch(&mut self) -> Result<Option<Flow>, StoreError> {
        let Some(account) = self.engine.sender(self.account).await else {
            return Ok(Some(Flow::End));
        };
        let now = now();
        let until = now.checked_add(LEASE).unwrap_or(now);
        let terms = Terms {
            account: self.account,
            worker: self.worker,
            now,
            until,
            limit: BATCH,
        };
        let mut transaction = self.engine.store.begin().await?;
        let claimed = self.engine.store.claim(&mut transaction, terms).await?;
        if claimed.is_empty() {
            transaction.rollback().await?;
            return Ok(Some(Flow::GoOn));
        }
        transaction.commit().await?;
        self.reconnects = 0;
        let events = self
            .engine
            .store
            .events_by_id(claimed.iter().map(|leased| leased.event))
            .await?;
        let mut left: VecDeque<Leased> = claimed.into();
        let mut flow = None;
        while let Some(leased) = left.front() {
            if self.engine.stopping.is_cancelled() || !self.engine.has_account(self.account).await {
                flow = Some(Flow::End);
                break;
            }
            let step = match events.get(&leased.event) {
                Some(event) => self.hand_in(&account, leased, event).await,
                // The event was cleaned away: nothing can be told any more.
                None => self.give_up(leased, "the event does not exist any more").await,
            };
            match step {
                Step::Again => {}
                Step::Done => {
                    left.pop_front();
                }
                Step::EndLane => {
                    flow = Some(Flow::End);
                    break;
                }
            }
        }
        if !left.is_empty() {
            self.give_back(left).await?;
        }
        Ok(flow)
    }

    async fn hand_in(&mut self, account: &Account, leased: &Leased, event: &Event) -> Step {
        let began = now();
        let with_link = match self.engine.with_link(event, leased).await {
            Ok(with_link) => with_link,
            // A database that cannot be read just now.
            Err(error) => {
                let verdict = Verdict::from(Meaning::ServerFault);
                let outcome = Outcome::Failed {
                    stage: Stage::Mail,
                    class: verdict.class,
                    meaning: verdict.meaning,
                };
                let reason = Reason::Temporary {
                    meaning: verdict.meaning,
                };
                let next = Next::Later(retry_at(leased), reason, None);
                return self.record(leased, began, outcome, error.to_string(), next).await;
            }
        };
        let event = with_link.as_ref().unwrap_or(event);
        let mail = Mail {
            from: &account.settings,
            to: &leased.recipients,
            subject_prefix: &leased.subject_prefix,
            event,
            format: leased.format,
            message_id: &leased.message_id,
        };
        let bytes = match mail.build() {
            Ok(bytes) => bytes,
            Err(error) => return self.give_up(leased, &error.to_string()).await,
        };
        let stale = self.used.elapsed() > STALE;
        let reused = self.session.is_some();
        let session = match &mut self.session {
            Some(session) => session,
            none => match self.engine.sign_in_account(account).await {
                Ok(session) => none.insert(session),
                Err(error) => return self.not_signed_in(leased, began, error).await,
            },
        };
        let envelope = Envelope {
            from: account.settings.address.clone(),
            to: leased.recipients.clone(),
        };
        let sent = session.send(&envelope, &bytes).await;
        self.used = Instant::now();
        match sent {
            Ok(sent) => self.accepted(leased, began, sent).await,
            Err(error) => {
                if error.connection == Connection::Lost {
                    self.session = None;
                    if reused && stale && error.stage == Stage::Mail {
                        return Step::Again;
                    }
                }
                self.refused(leased, began, error).await
            }
        }
    }

    async fn accepted(&mut self, leased: &Leased, began: Timestamp, sent: Sent) -> Step {
        let later: Vec<_> = sent
            .refused
            .iter()
            .filter(|refused| refused.verdict.class == FailureClass::Temporary)
            .map(|refused| refused.address.clone())
            .collect();
        let next = if !later.is_empty() {
            let meaning = sent.refused[0].verdict.meaning;
            Next::Later(retry_at(leased), Reason::Temporary { meaning }, Some(later))
        } else if sent.refused.is_empty() {
            Next::Sent(None)
        } else {
            let recipients = sent
                .refused
                .iter()
                .map(|refused| refused.address.clone())
                .collect();
            Next::Sent(Some(Reason::PartlyRefused { recipients }))
        };
        let mut words = sent.words;
        for refused in &sent.refused {
            let _ = write!(words, "\n{}: {}", refused.address, refused.words);
        }
        self.record(leased, began, Outcome::Accepted, words, next).await
    }

    async fn refused(&mut self, leased: &Leased, began: Timestamp, error: SmtpError) -> Step {
        let verdict = error.verdict;
        let meaning = verdict.meaning;
        let next = match AfterFailure::of(&verdict) {
            AfterFailure::Later => Next::Later(retry_at(leased), Reason::Temporary { meaning }, None),
            AfterFailure::NextSender => {
                self.rest_or_latch(verdict, &error.to_string()).await;
                Next::NextSender(Reason::Temporary { meaning })
            }
            AfterFailure::GiveUp => Next::Failed(Reason::Refused { meaning }),
        };
        let ends = matches!(next, Next::NextSender(_)) || self.too_many_losses(error.connection);
        let outcome = Outcome::Failed {
            stage: error.stage,
            class: verdict.class,
            meaning,
        };
        match self.record(leased, began, outcome, error.to_string(), next).await {
            Step::Done if ends => Step::EndLane,
            step => step,
        }
    }

    /// The account cannot carry: its limit is used up, or the server refuses a setting or the credential.
    async fn rest_or_latch(&self, verdict: Verdict, words: &str) {
        let written = if verdict.class == FailureClass::Quota {
            let pause = Pause {
                until: after(now(), verdict.retry_after.unwrap_or(Duration::from_hours(1))),
                why: PauseReason::Quota,
                words: words.to_owned(),
            };
            self.engine.pause(self.account, pause).await
        } else {
            self.engine
                .observe_failure(self.account, verdict, words.to_owned())
                .await
        };
        match written {
            // It was deleted meanwhile: how it stands does not matter any more.
            Ok(()) | Err(StoreError::Gone) => {}
            Err(error) => tracing::error!(%error, "an account's state could not be written"),
        }
    }

    async fn not_signed_in(&mut self, leased: &Leased, began: Timestamp, error: SignInError) -> Step {
        let SignInError {
            stage,
            verdict,
            words,
        } = error;
        tracing::warn!(account = %self.account, %stage, class = %verdict.class, "an account could not sign in");
        self.rest_or_latch(verdict, &words).await;
        let outcome = Outcome::Failed {
            stage,
            class: verdict.class,
            meaning: verdict.meaning,
        };
        let next = Next::NextSender(Reason::Temporary {
            meaning: verdict.meaning,
        });
        self.record(leased, began, outcome, words, next).await;
        Step::EndLane
    }

    async fn give_up(&mut self, leased: &Leased, words: &str) -> Step {
        let verdict = Verdict::from(Meaning::PolicyRefused);
        let outcome = Outcome::Failed {
            stage: Stage::Data,
            class: verdict.class,
            meaning: verdict.meaning,
        };
        let next = Next::Failed(Reason::Refused {
            meaning: verdict.meaning,
        });
        self.record(leased, now(), outcome, words.to_owned(), next).await
    }

    fn too_many_losses(&mut self, connection: Connection) -> bool {
        if connection == Connection::Lost {
            self.reconnects += 1;
        }
        self.reconnects > RECONNECTS
    }

    async fn record(
        &mut self,
        leased: &Leased,
        began: Timestamp,
        outcome: Outcome,
        words: String,
        next: Next,
    ) -> Step {
        let result = AttemptResult {
            notification: leased.id,
            worker: self.worker,
            account: self.account,
            at: began,
            ended_at: now(),
            outcome,
            words,
            next,
        };
        match self.engine.outbox.results.send(result).await {
            Ok(()) => Step::Done,
            // The recorder ends after all lanes: this is the process being torn down.
            Err(_) => Step::EndLane,
        }
    }

    async fn give_back(&self, left: VecDeque<Leased>) -> Result<(), StoreError> {
        let ids: Vec<_> = left.iter().map(|leased| leased.id).collect();
        let mut transaction = self.engine.store.begin().await?;
        self.engine
            .store
            .give_back(&mut transaction, self.worker, &ids)
            .await?;
        transaction.commit().await?;
        if self.engine.has_account(self.account).await {
            self.engine.outbox.wake();
        } else {
            // It was deleted meanwhile: the others carry what it no longer does.
            self.engine.routing_changed().await;
        }
        Ok(())
    }
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| now.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}

fn retry_at(leased: &Leased) -> Timestamp {
    let wait = backoff::wait(leased.attempts + 1, jitter());
    now().checked_add(wait).unwrap_or(Timestamp::MAX)
}
