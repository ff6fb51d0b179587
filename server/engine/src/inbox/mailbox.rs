//! One account's mailbox: connect, catch up, wait for news; and what to do when that fails.

use super::round;
use crate::engine::Engine;
use crate::imap::{ImapTimeouts, Session};
use crate::jitter::jitter;
use crate::sign_in::SignInError;
use crate::store::Place;
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::backoff;
use tocsin_domain::failure::FailureClass;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::Server;
use tocsin_domain::receiving::{ANSWERED_WITHIN, Receiving, Watch};

/// How long IDLE lasts before it is begun anew. RFC 2177 section 3 wants less than 29 minutes; routers forget quiet
/// connections sooner.
const IDLE: Duration = Duration::from_mins(14);

/// How often a server that refuses is asked again once it has refused twice.
const ONCE_A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// How long after the end of a session that went well the next one begins: servers end them now and then.
const AT_ONCE_AGAIN: SignedDuration = SignedDuration::from_secs(1);

/// What went wrong since the mailbox was last watched.
#[derive(Debug, Default)]
struct Failures {
    outages: u32,
    refusals: u32,
    /// Nothing yet.
    was_well: bool,
}

/// Watches until it is dropped.
pub(super) async fn watch(engine: Arc<Engine>, id: AccountId) {
    let mut failures = Failures::default();
    loop {
        let Some((account, imap)) = settled(&engine, id).await else {
            return;
        };
        let Err(error) = stay(&engine, &account, &imap, &mut failures).await;
        let wait = engine.after_failure(&account, &error, &mut failures).await;
        let wait = Duration::try_from(wait).unwrap_or_default();
        tokio::time::sleep(wait).await;
    }
}

/// The account as it stands, once no refusal of it waits to be confirmed: meanwhile nothing is tried with it.
async fn settled(engine: &Engine, id: AccountId) -> Option<(Account, Server)> {
    let mut changes = engine.live.listen();
    loop {
        let account = engine.routing.snapshot().await.accounts.get(&id).cloned()?;
        if account.suspicion.is_none() {
            let imap = account.settings.imap.clone()?;
            return Some((account, imap));
        }
        changes.changed().await.ok()?;
    }
}

async fn stay(
    engine: &Engine,
    account: &Account,
    imap: &Server,
    failures: &mut Failures,
) -> Result<Infallible, SignInError> {
    let (mut session, mut place) = begin(engine, account, imap).await?;
    let by = if session.offers("IDLE") {
        Watch::Idle
    } else {
        Watch::Polling
    };
    let since = now();
    *failures = Failures {
        was_well: true,
        ..Failures::default()
    };
    loop {
        engine.set_receiving(account.id, Receiving::Watching { since, by });
        match by {
            Watch::Idle => {
                session.idle(IDLE.mul_f64(1.0 - 0.2 * jitter())).await?;
            }
            Watch::Polling => {
                let wait = engine.config.poll_every.mul_f64(1.0 - 0.2 * jitter());
                tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
                session.noop().await?;
            }
        }
        let turn = engine.inbox.turn().await;
        round::look(engine, account.id, &mut session, &mut place, window()).await?;
        drop(turn);
    }
}

/// Connects and catches up with what came since the last time.
async fn begin(engine: &Engine, account: &Account, imap: &Server) -> Result<(Session, Place), SignInError> {
    let _turn = engine.inbox.turn().await;
    let mut session = engine
        .open_mailbox(account, imap, ImapTimeouts::default())
        .await?;
    let mailbox = session.examine().await?;
    let user = match &account.settings.sign_in {
        SignIn::Password { user } => user.as_str(),
        SignIn::Grant | SignIn::Nothing => account.settings.address.as_str(),
    };
    let name = format!("{user} at {}", imap.host);
    let known = engine.store.inbox_place(account.id).await?;
    let known = known.filter(|known| known.mailbox == name && known.uid_validity == mailbox.uid_validity);
    let (mut place, since) = if let Some(known) = known {
        (known, window())
    } else {
        // The first time, or the mailbox was numbered anew: from the oldest mail that can be answered. What was
        // settled before is recognised by its name.
        let oldest = engine.store.oldest_answerable(account.id, window()).await?;
        let place = Place {
            mailbox: name,
            uid_validity: mailbox.uid_validity,
            last_uid: 0,
        };
        (place, oldest.unwrap_or_else(now))
    };
    round::look(engine, account.id, &mut session, &mut place, since).await?;
    if let Some(next) = mailbox.uid_next {
        place.last_uid = place.last_uid.max(next.saturating_sub(1));
    }
    engine.settle(account.id, &[], &place).await?;
    Ok((session, place))
}

/// What was sent before it is answered no more.
fn window() -> Timestamp {
    now()
        .checked_sub(ANSWERED_WITHIN)
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Engine {
    /// Notes what happened, and says when to try again. An outage is waited for with growing patience; a refusal is
    /// tried once more, as in sending, and then once a day, so that no mailbox is locked out.
    async fn after_failure(
        &self,
        account: &Account,
        error: &SignInError,
        failures: &mut Failures,
    ) -> SignedDuration {
        let (meaning, words) = (error.verdict.meaning, error.words.clone());
        let since = self.failing_since(account.id);
        let was_well = std::mem::take(&mut failures.was_well);
        if !matches!(
            error.verdict.class,
            FailureClass::Reauthorize | FailureClass::Configuration
        ) {
            failures.outages += 1;
            self.set_receiving(
                account.id,
                Receiving::Waiting {
                    since,
                    meaning,
                    words,
                },
            );
            return if was_well {
                AT_ONCE_AGAIN.mul_f64(1.0 + jitter())
            } else {
                backoff::wait(failures.outages, jitter())
            };
        }
        failures.refusals += 1;
        tracing::warn!(account = %account.settings.address.masked(), %meaning, "a mailbox cannot be watched");
        self.set_receiving(
            account.id,
            Receiving::Refused {
                since,
                meaning,
                words,
            },
        );
        if failures.refusals > 1 {
            return ONCE_A_DAY;
        }
        if error.verdict.class == FailureClass::Reauthorize
            && let Err(error) = self.check_now(account.id).await
        {
            tracing::error!(%error, "an account could not be marked for a check");
        }
        self.config.confirm_after
    }

    /// Since when the mailbox of an account could not be watched without a break.
    fn failing_since(&self, id: AccountId) -> Timestamp {
        match self.receiving(id) {
            Receiving::Waiting { since, .. } | Receiving::Refused { since, .. } => since,
            _ => now(),
        }
    }
}
