//! Trying the rows of a file: one file after the other, its rows in parallel.
//!
//! Rows are read a window at a time and planned in the file's order; those that need a server wait in the window
//! until their host's turn. What is finished is written in batches. A process that ends in between loses at most the
//! sign-ins under way: their rows have no outcome yet and are tried again.

use super::error::ImportError;
use super::hosts::{AT_ONCE, Gone, Hosts, Seen, Turn};
use super::plan::{self, OnExisting, Plan, Proof};
use super::prove::Refused;
use super::row;
use super::write::Change;
use crate::engine::Engine;
use crate::store::{ImportRecord, SettledRow, StoreError, WaitingRow};
use crate::time::now;
use secrecy::SecretString;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::import::{ImportState, Outcome, Remark};
use tokio::task::JoinSet;

/// How many rows wait in memory for a server.
const WINDOW: usize = 512;

/// How many rows are written in one transaction.
const BATCH: usize = 128;

/// How long a finished row waits for others to be written with it.
const FLUSH: Duration = Duration::from_millis(300);

/// How often a row is tried whose server asks for patience.
const TRIES: u8 = 4;

/// At least so long between two looks at who can send now, and twenty times as long as one takes.
const REROUTE: Duration = Duration::from_secs(1);

/// How long the database is given to recover.
const AGAIN: Duration = Duration::from_secs(5);

/// How often unused files are looked for.
const TIDY: Duration = Duration::from_hours(1);

/// A row that has its outcome, and what it changes.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) row: SettledRow,
    pub(super) change: Option<Change>,
}

/// A row that waits for a server, or is tried.
struct Job {
    row: SettledRow,
    host: String,
    change: Change,
    tries: u8,
}

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

    async fn plan(&mut self, waiting: &WaitingRow) -> Result<(), StoreError> {
        let mut settled = SettledRow {
            position: waiting.position,
            line: waiting.line,
            outcome: Outcome::Failed,
            address: String::new(),
            provider: String::new(),
            account: None,
            awaits_owner: false,
            remark: None,
        };
        match self.planned(waiting, &mut settled).await {
            Ok(Plan::Settled { outcome, remark }) => {
                settled.awaits_owner = remark == Some(Remark::AwaitsOwner);
                (settled.outcome, settled.remark) = (outcome, remark);
                self.settle(settled, None);
            }
            Ok(Plan::CreateAwaiting { settings }) => {
                settled.outcome = Outcome::Created;
                settled.remark = Some(Remark::AwaitsOwner);
                settled.awaits_owner = true;
                self.settle(settled, Some(Change::AddAwaiting { settings }));
            }
            Ok(Plan::Create {
                settings,
                secret,
                receiving,
            }) => {
                settled.outcome = Outcome::Created;
                let host = settings.smtp.host.to_ascii_lowercase();
                let change = Change::Add {
                    settings,
                    secret,
                    receiving,
                };
                self.queue(settled, host, change);
            }
            Ok(Plan::Update {
                before,
                settings,
                secret,
                proof,
                receiving,
            }) => {
                settled.outcome = Outcome::Updated;
                let host = settings.smtp.host.to_ascii_lowercase();
                let change = Change::Set {
                    before,
                    settings,
                    secret,
                    proof,
                    receiving,
                };
                match proof {
                    Proof::Needed => self.queue(settled, host, change),
                    Proof::NotNeeded => self.settle(settled, Some(change)),
                }
            }
            Err(Unplanned::Row(remark)) => {
                settled.outcome = match remark {
                    Remark::Twice { .. } => Outcome::Skipped,
                    _ => Outcome::Failed,
                };
                settled.remark = Some(remark);
                self.settle(settled, None);
            }
            Err(Unplanned::Store(error)) => return Err(error),
        }
        Ok(())
    }

    async fn planned(&mut self, waiting: &WaitingRow, settled: &mut SettledRow) -> Result<Plan, Unplanned> {
        let providers = &self.engine.providers;
        let cells = self
            .engine
            .import_cells(self.import.id, waiting)
            .map_err(|error| Remark::Fault {
                words: error.to_string(),
            })?;
        let address = row::address(&self.import.mapping, &cells);
        settled.address = address.map(|address| address.to_string()).unwrap_or_default();
        let row = row::read(&self.import.mapping, &cells, providers)?;
        drop(cells);
        settled.address = row.address.to_string();
        let preset = plan::preset(&row, providers).ok_or_else(|| Remark::Fault {
            words: "no provider fits".to_owned(),
        })?;
        settled.provider = preset.key.to_string();
        let accounts = self.engine.store.accounts_of(&row.address).await?;
        let existing = plan::existing(&row, &preset.key, &accounts);
        if let Some(account) = existing {
            settled.account = Some(account.id);
            settled.provider = account.settings.provider.to_string();
        }
        if let Some(line) = self.seen.get(&key(settled)) {
            return Err(Remark::Twice { line: *line }.into());
        }
        self.seen.insert(key(settled), settled.line);
        let Some(account) = existing else {
            return Ok(plan::create(row, preset, providers)?);
        };
        let stored = self.stored_password(account).await;
        let on_existing = if self.import.updates {
            OnExisting::Update
        } else {
            OnExisting::Skip
        };
        Ok(plan::change(
            row,
            account,
            stored.as_ref(),
            on_existing,
            providers,
        ))
    }

    async fn stored_password(&self, account: &Account) -> Option<SecretString> {
        if !matches!(account.settings.sign_in, SignIn::Password { .. }) {
            return None;
        }
        self.engine.password(account).await.ok()
    }

    fn queue(&mut self, row: SettledRow, host: String, change: Change) {
        self.waiting.push_back(Job {
            row,
            host,
            change,
            tries: 0,
        });
    }

    fn settle(&mut self, row: SettledRow, change: Option<Change>) {
        self.changed |= change.is_some();
        self.finished_since.get_or_insert_with(Instant::now);
        self.finished.push(Finished { row, change });
    }

    /// Begins the sign-ins whose turn it is.
    fn dispatch(&mut self) {
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

    fn take(&mut self, tested: Result<(Job, Result<(), Refused>), tokio::task::JoinError>) {
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

    fn is_flush_due(&self) -> bool {
        self.finished_since.is_some_and(|since| since.elapsed() >= FLUSH)
            || (self.exhausted && self.waiting.is_empty() && self.tests.is_empty())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.finished.is_empty() {
            return Ok(());
        }
        self.engine.write_rows(&self.import, &self.finished).await?;
        self.finished.clear();
        self.finished_since = None;
        if self.rerouted.elapsed() >= self.reroute_pace {
            let began = Instant::now();
            // Marks of accounts that work again clear, and what they held is sent.
            if std::mem::take(&mut self.changed) {
                self.engine.routing_changed().await;
            } else {
                self.engine.live.changed();
            }
            self.reroute_pace = REROUTE.max(began.elapsed() * 20);
            self.rerouted = Instant::now();
        }
        Ok(())
    }
}

/// Why a row comes to nothing.
enum Unplanned {
    Row(Remark),
    Store(StoreError),
}

impl From<Remark> for Unplanned {
    fn from(remark: Remark) -> Self {
        Self::Row(remark)
    }
}

impl From<StoreError> for Unplanned {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What tells two mailboxes apart.
fn key(row: &SettledRow) -> (String, String) {
    (row.address.to_ascii_lowercase(), row.provider.clone())
}

impl Engine {
    async fn finish_import(&self, import: &ImportRecord) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        if import.state == ImportState::Cancelled {
            self.store
                .settle_waiting_import_rows(&mut transaction, import.id, Outcome::Skipped, &Remark::Cancelled)
                .await?;
        } else {
            self.store
                .move_import(
                    &mut transaction,
                    import.id,
                    ImportState::Running,
                    ImportState::Done,
                )
                .await?;
        }
        self.store
            .set_import_ended(&mut transaction, import.id, now())
            .await?;
        transaction.commit().await?;
        // The mail counts what is written. Killed in between, the report is still on its page.
        if let Err(error) = self.mail_report(import).await {
            tracing::error!(%error, "the report of an import could not be mailed; it is on its page");
        }
        self.routing_changed().await;
        Ok(())
    }
}
