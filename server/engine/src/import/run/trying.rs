//! The sign-ins of the rows that wait: each in its host's turn, several at the same time.

use super::Run;
use crate::import::hosts::{AT_ONCE, Gone, Seen, Turn};
use crate::import::prove::Refused;
use crate::import::write::Change;
use crate::store::SettledRow;
use std::sync::Arc;
use std::time::Instant;
use tocsin_domain::import::{Outcome, Remark};

/// How often a row is tried whose server asks for patience.
const TRIES: u8 = 4;

/// A row that waits for a server, or is tried.
pub(super) struct Job {
    pub(super) row: SettledRow,
    pub(super) host: String,
    pub(super) change: Change,
    pub(super) tries: u8,
}

impl Run<'_> {
    /// Begins the sign-ins whose turn it is.
    pub(super) fn dispatch(&mut self) {
        let now = Instant::now();
        let mut index = 0;
        while index < self.waiting.len() && self.tests.len() < AT_ONCE {
            match self.hosts.turn(&self.waiting[index].host, now) {
                Turn::Wait => index += 1,
                Turn::Never(gone) => {
                    if let Some(job) = self.waiting.remove(index) {
                        self.give_up(job, gone);
                    }
                }
                Turn::Now => {
                    if let Some(job) = self.waiting.remove(index) {
                        self.begin(job);
                    }
                }
            }
        }
    }

    fn begin(&mut self, job: Job) {
        self.hosts.begin(&job.host);
        let engine = Arc::clone(self.engine);
        self.tests.spawn(async move {
            let proven = match &job.change {
                Change::Add {
                    settings,
                    secret,
                    receiving,
                } => {
                    engine
                        .prove_row(None, settings, secret.as_ref(), *receiving)
                        .await
                }
                Change::Set {
                    before,
                    settings,
                    secret,
                    receiving,
                    ..
                } => {
                    engine
                        .prove_row(Some(before), settings, secret.as_ref(), *receiving)
                        .await
                }
                Change::AddAwaiting { .. } => Ok(()),
            };
            (job, proven)
        });
    }

    fn give_up(&mut self, mut job: Job, gone: Gone) {
        job.row.outcome = Outcome::Failed;
        job.row.remark = Some(Remark::NotTried {
            meaning: gone.meaning,
            words: gone.words,
        });
        self.settle(job.row, None);
    }

    pub(super) fn take(&mut self, tested: Result<(Job, Result<(), Refused>), tokio::task::JoinError>) {
        let now = Instant::now();
        match tested {
            // A fault of the program; its row has no outcome, and the next start tries it.
            Err(error) => tracing::error!(%error, "a sign-in of an import ended early"),
            Ok((job, Ok(()))) => {
                self.hosts.end(&job.host, Seen::Answer, now);
                self.settle(job.row, Some(job.change));
            }
            Ok((mut job, Err(Refused { remark, seen }))) => {
                let again = matches!(seen, Seen::SlowDown(_)) && job.tries + 1 < TRIES;
                self.hosts.end(&job.host, seen, now);
                if again {
                    job.tries += 1;
                    self.waiting.push_front(job);
                } else {
                    job.row.outcome = Outcome::Failed;
                    job.row.remark = Some(remark);
                    self.settle(job.row, None);
                }
            }
        }
    }
}
