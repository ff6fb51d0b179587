//! The one place where what was seen of an account changes its state.

use super::check::rests;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::jitter::jitter;
use crate::store::{AccountState, StoreError};
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use tocsin_domain::account::{Account, Pause, PauseReason, SignIn};
use tocsin_domain::authorization::{Authorization, Change, Observation};
use tocsin_domain::backoff;
use tocsin_domain::failure::{FailureClass, Meaning, Verdict};
use tocsin_domain::id::AccountId;

/// After so many faults in a row an account counts as unreachable, and another sender takes over.
const UNREACHABLE_AFTER: u32 = 2;

/// How often an account is looked at that is not tried until somebody has acted.
pub(super) const REST: SignedDuration = SignedDuration::from_hours(24);

/// Whether a person had the account tried, or Tocsin did so by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// Re-authorized, tested or saved by a person: a success mends every state.
    Person,
    /// The outbox or the sentinel: a success that raced with a refusal does not undo it.
    Routine,
}

impl Engine {
    /// A server accepted the account's sign-in.
    pub(crate) async fn observe_proof(&self, id: AccountId, asker: Asker) -> Result<(), StoreError> {
        let ends = self.oauth.known_end(id).await?;
        self.observe(id, Observation::Proven { ends }, asker).await
    }

    /// The account's sign-in, or the server's trust in its settings, failed.
    pub(crate) async fn observe_failure(
        &self,
        id: AccountId,
        verdict: Verdict,
        words: String,
    ) -> Result<(), StoreError> {
        self.observe(id, Observation::Failed { verdict, words }, Asker::Routine)
            .await
    }

    /// Lets an account rest.
    pub(crate) async fn pause(&self, id: AccountId, pause: Pause) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        self.store.set_pause(&mut transaction, id, Some(&pause)).await?;
        transaction.commit().await?;
        self.routing_changed().await;
        Ok(())
    }

    async fn observe(&self, id: AccountId, seen: Observation, asker: Asker) -> Result<(), StoreError> {
        // One at a time: each state follows from the one before.
        let _turn = self.observing.lock().await;
        let now = now();
        let account = self.store.account(id).await?;
        if is_of_a_former_grant(&seen, &account) {
            return Ok(());
        }
        let failures = self.store.account_failures(id).await?;
        let proven = matches!(seen, Observation::Proven { .. });
        let latched = matches!(account.authorization, Authorization::NeedsReauthorization(_));
        if proven && latched && asker == Asker::Routine {
            return Ok(());
        }
        let temporary =
            matches!(&seen, Observation::Failed { verdict, .. } if verdict.class == FailureClass::Temporary);
        let failures = if proven { 0 } else { failures + 1 };
        let change = if temporary && failures < UNREACHABLE_AFTER {
            Change {
                authorization: account.authorization.clone(),
                suspicion: account.suspicion.clone(),
            }
        } else {
            let before = account.authorization.clone();
            before.after(account.suspicion.clone(), seen, now, self.config.confirm_after)
        };
        let pause = if temporary {
            Some(back_off(&change, failures, now))
        } else {
            None
        };
        let next_check = self.next_check(&change, pause.as_ref(), now);
        let state = AccountState {
            authorization: &change.authorization,
            suspicion: change.suspicion.as_ref(),
            pause: pause.as_ref(),
            checked_at: now,
            proven_at: proven.then_some(now),
            next_check_at: next_check,
            failures,
        };
        let mut transaction = self.store.begin().await?;
        self.store.set_account_state(&mut transaction, id, &state).await?;
        if account.authorization.as_str() != change.authorization.as_str()
            && let Some(action) = lost(&change.authorization)
        {
            let address = account.settings.address.as_str();
            self.audit(&mut transaction, &Who::tocsin(), action, address, "")
                .await?;
        }
        if account.authorization.application_fault().is_some()
            && change.authorization.application_fault().is_none()
        {
            // The application is mended: so are, most likely, all the others on it.
            self.application_accepted(&mut transaction, &account.settings.provider)
                .await?;
        }
        transaction.commit().await?;
        self.after_change(&account, &change, pause.is_some()).await;
        Ok(())
    }

    async fn after_change(&self, before: &Account, change: &Change, paused: bool) {
        let same = before.authorization == change.authorization
            && before.suspicion == change.suspicion
            && before.pause.is_some() == paused;
        if before.authorization.as_str() != change.authorization.as_str() {
            let (from, to) = (before.authorization.as_str(), change.authorization.as_str());
            tracing::warn!(account = %before.settings.address.masked(), from, to, "an account's state changed");
        }
        if same {
            self.live.changed();
        } else {
            self.routing_changed().await;
        }
        self.check_soon();
    }

    fn next_check(&self, change: &Change, pause: Option<&Pause>, now: Timestamp) -> Timestamp {
        if change.suspicion.is_some() {
            return later(now, self.config.confirm_after);
        }
        if rests(&change.authorization) {
            return later(now, REST);
        }
        let spread = self.config.check_every.mul_f64(0.1 * jitter());
        let scheduled = later(now, self.config.check_every - spread);
        pause.map_or(scheduled, |pause| pause.until.min(scheduled))
    }
}

/// What the audit log says of an account that has come to need somebody.
const fn lost(authorization: &Authorization) -> Option<Action> {
    match authorization {
        Authorization::NeedsReauthorization(_) => Some(Action::AuthorizationLost),
        Authorization::NeedsConfiguration(_) => Some(Action::SettingRefused),
        _ => None,
    }
}

/// Who began to try with a grant, while a converted account was turned back, found none.
fn is_of_a_former_grant(seen: &Observation, account: &Account) -> bool {
    let found_none =
        matches!(seen, Observation::Failed { verdict, .. } if verdict.meaning == Meaning::ConsentRequired);
    found_none && account.settings.sign_in != SignIn::Grant
}

pub(super) fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

fn back_off(change: &Change, failures: u32, now: Timestamp) -> Pause {
    let until = later(now, backoff::wait(failures, jitter()));
    let words = match &change.authorization {
        Authorization::Unreachable { words, .. } => words.clone(),
        _ => String::new(),
    };
    Pause {
        until,
        why: PauseReason::BackOff,
        words,
    }
}
