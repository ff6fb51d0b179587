//! Trying the rows of a file: one file after the other, its rows in parallel.
//!
//! Rows are read a window at a time and planned in the file's order; those that need a server wait in the window
//! until their host's turn. What is finished is written in batches. A process that ends in between loses at most the
//! sign-ins under way: their rows have no outcome yet and are tried again.
//!
//! A row goes through `planning`, most of them through `trying`, and through `settling`.

mod planning;
mod settling;
mod trying;

pub(super) use settling::Finished;

use super::error::ImportError;
use super::hosts::Hosts;
use super::prove::Refused;
use crate::engine::Engine;
use crate::store::{ImportRecord, StoreError};
use planning::key;
use settling::{FLUSH, REROUTE};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tocsin_domain::import::{ImportState, Remark};
use tokio::task::JoinSet;
use trying::Job;

/// How many rows wait in memory for a server.
const WINDOW: usize = 512;

/// How many rows are written in one transaction.
const BATCH: usize = 128;

/// How long the database is given to recover.
const AGAIN: Duration = Duration::from_secs(5);

/// How often unused files are looked for.
const TIDY: Duration = Duration::from_hours(1);

struct Run<'a> {
    engine: &'a Arc<Engine>,
    import: ImportRecord,
    hosts: Hosts,
    /// The first line of each mailbox of the file.
    seen: HashMap<(String, String), u64>,
    read_to: u64,
    exhausted: bool,
    waiting: VecDeque<Job>,
    tests: JoinSet<(Job, Result<(), Refused>)>,
    finished: Vec<Finished>,
    finished_since: Option<Instant>,
    rerouted: Instant,
    reroute_pace: Duration,
    changed: bool,
}

/// Tries files until the engine stops.
pub(crate) async fn run(engine: Arc<Engine>) {
    while !engine.stopping.is_cancelled() {
        let wait = match next(&engine).await {
            Ok(Some(import)) => match Run::new(&engine, import).run().await {
                Ok(()) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(%error, "an import cannot go on; it is tried again");
                    AGAIN
                }
            },
            Ok(None) => TIDY,
            Err(error) => {
                tracing::error!(%error, "imports cannot be read; it is tried again");
                AGAIN
            }
        };
        if wait == TIDY
            && let Err(error) = engine.forget_unused_imports().await
        {
            tracing::warn!(%error, "unused files of accounts could not be removed");
        }
        tokio::select! {
            () = engine.imports.wake.notified(), if !wait.is_zero() => {}
            () = tokio::time::sleep(wait) => {}
            () = engine.stopping.cancelled() => {}
        }
    }
}

async fn next(engine: &Engine) -> Result<Option<ImportRecord>, StoreError> {
    let cancelled = engine.store.imports_in(ImportState::Cancelled).await?;
    if let Some(unfinished) = cancelled.into_iter().find(|import| import.ended_at.is_none()) {
        return Ok(Some(unfinished));
    }
    Ok(engine
        .store
        .imports_in(ImportState::Running)
        .await?
        .into_iter()
        .next())
}

impl<'a> Run<'a> {
    fn new(engine: &'a Arc<Engine>, import: ImportRecord) -> Self {
        let pause = Duration::try_from(engine.config.import_pause).unwrap_or_default();
        Self {
            engine,
            import,
            hosts: Hosts::new(pause),
            seen: HashMap::new(),
            read_to: 0,
            exhausted: false,
            waiting: VecDeque::new(),
            tests: JoinSet::new(),
            finished: Vec::new(),
            finished_since: None,
            rerouted: Instant::now(),
            reroute_pace: REROUTE,
            changed: false,
        }
    }

    async fn run(mut self) -> Result<(), ImportError> {
        self.recall().await?;
        while self.is_wanted().await? {
            self.fill().await?;
            self.dispatch();
            if self.finished.len() >= BATCH || self.is_flush_due() {
                self.flush().await?;
            }
            if self.exhausted && self.waiting.is_empty() && self.tests.is_empty() {
                break;
            }
            self.wait().await;
        }
        if self.engine.stopping.is_cancelled() {
            // The rows under way have no outcome yet; the next start tries them.
            self.tests.abort_all();
            return Ok(self.flush().await?);
        }
        // What is under way when somebody cancels is let finish.
        while let Some(tested) = self.tests.join_next().await {
            self.take(tested);
        }
        self.flush().await?;
        self.engine.finish_import(&self.import).await?;
        Ok(())
    }

    /// The mailboxes of the rows that had their outcome when the last process ended.
    async fn recall(&mut self) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let rows = self
                .engine
                .store
                .settled_import_rows(self.import.id, None, after, 500)
                .await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.position;
            for row in rows {
                // A row whose provider is not known was not read to its end.
                if !row.provider.is_empty() && !matches!(row.remark, Some(Remark::Twice { .. })) {
                    self.seen.entry(key(&row)).or_insert(row.line);
                }
            }
        }
    }

    /// Whether to go on.
    async fn is_wanted(&mut self) -> Result<bool, StoreError> {
        if self.engine.stopping.is_cancelled() {
            return Ok(false);
        }
        self.import.state = self.engine.store.import(self.import.id).await?.state;
        Ok(self.import.state == ImportState::Running)
    }

    async fn fill(&mut self) -> Result<(), StoreError> {
        while !self.exhausted && self.waiting.len() < WINDOW && self.finished.len() < BATCH {
            let rows = self
                .engine
                .store
                .waiting_import_rows(self.import.id, self.read_to, 64)
                .await?;
            let Some(last) = rows.last() else {
                self.exhausted = true;
                return Ok(());
            };
            self.read_to = last.position;
            for row in rows {
                self.plan(&row).await?;
            }
        }
        Ok(())
    }

    async fn wait(&mut self) {
        let now = Instant::now();
        let flush = self.finished_since.map(|since| since + FLUSH);
        let pause = self.hosts.next_turn(now).filter(|_| !self.waiting.is_empty());
        let until = [flush, pause].into_iter().flatten().min();
        let until = until.unwrap_or(now + Duration::from_secs(1)).max(now);
        tokio::select! {
            Some(tested) = self.tests.join_next(), if !self.tests.is_empty() => self.take(tested),
            () = tokio::time::sleep_until(until.into()) => {}
            () = self.engine.imports.wake.notified() => {}
            () = self.engine.stopping.cancelled() => {}
        }
    }
}
