//! Sign-ins by device code, from the code on the page to the account: Tocsin asks in the background whether the owner
//! has signed in, also when nobody looks at the page, and after a restart.

use super::error::{FailedSignIn, FinishError};
use super::finish::Finished;
use crate::audit::Who;
use crate::engine::Engine;
use crate::oauth::{OAuthError, Polled, Purpose, SessionHash};
use crate::store::{DeviceCode, StoreError};
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::id::DeviceSignInId;
use tocsin_domain::provider::ProviderKey;
use tokio::task::JoinSet;

/// By how much `slow_down` slows down (RFC 8628 section 3.5).
const SLOWER: SignedDuration = SignedDuration::from_secs(5);

/// The longest wait between two questions: without an answer the wait doubles (RFC 8628 section 3.5).
const SLOWEST: SignedDuration = SignedDuration::from_secs(60);

/// How long to wait when the database fails, and at most until the next look.
const AGAIN: Duration = Duration::from_secs(30);

/// A sign-in by device code, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSignIn {
    /// The provider.
    pub provider: ProviderKey,
    /// What it is for.
    pub purpose: Purpose,
    /// The code to type.
    pub user_code: String,
    /// Where; safe to link to.
    pub verification_uri: String,
    /// When the code ends.
    pub expires_at: Timestamp,
    /// How far it has come.
    pub progress: DeviceProgress,
}

/// How far a sign-in by device code has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceProgress {
    /// Nobody has signed in yet. If the last question got no answer, why; Tocsin goes on asking.
    Waiting(Option<String>),
    /// It is done.
    Finished(Finished),
    /// It came to nothing.
    Failed(FailedSignIn),
}

impl Engine {
    /// A sign-in by device code, for who began it.
    pub async fn device_sign_in(
        &self,
        id: DeviceSignInId,
        session: &SessionHash,
    ) -> Result<DeviceSignIn, FinishError> {
        let code = self
            .store
            .device_code(id)
            .await?
            .ok_or(OAuthError::UnknownState)?;
        if !session.is(&code.session_hash) {
            return Err(OAuthError::OtherSession.into());
        }
        let progress = match &code.outcome {
            Some(json) => serde_json::from_str(json).map_err(StoreError::from)?,
            None => DeviceProgress::Waiting(code.trouble),
        };
        Ok(DeviceSignIn {
            provider: code.provider,
            purpose: serde_json::from_str(&code.purpose).map_err(StoreError::from)?,
            user_code: code.user_code,
            verification_uri: code.verification_uri,
            expires_at: code.expires_at,
            progress,
        })
    }

    /// Asks about one code, and carries out what follows.
    async fn ask_about(&self, code: &DeviceCode) -> Result<(), StoreError> {
        let (interval, trouble) = match self.oauth.poll_device(code).await {
            Polled::Granted(granted) => {
                let who = Who {
                    name: code.who.clone(),
                    origin: code.origin.clone(),
                };
                let session = SessionHash::stored(&code.session_hash);
                let finished = self.carry_out(*granted, &session, &who).await;
                return self.end_device_sign_in(code.id, finished).await;
            }
            Polled::Over(error) => return self.end_device_sign_in(code.id, Err(error.into())).await,
            Polled::Waiting => (code.interval, None),
            Polled::TooOften => (code.interval + SLOWER, None),
            Polled::Trouble(words) => ((code.interval * 2).min(SLOWEST), Some(words)),
        };
        let next = (now() + interval).min(code.expires_at);
        let mut transaction = self.store.begin().await?;
        self.store
            .postpone_device_code(&mut transaction, code.id, interval, next, trouble.as_deref())
            .await?;
        transaction.commit().await?;
        if trouble != code.trouble {
            self.live.changed();
        }
        Ok(())
    }

    async fn end_device_sign_in(
        &self,
        id: DeviceSignInId,
        finished: Result<Finished, FinishError>,
    ) -> Result<(), StoreError> {
        let outcome = match finished {
            Ok(finished) => DeviceProgress::Finished(finished),
            Err(error) => DeviceProgress::Failed(FailedSignIn::from(&error)),
        };
        let mut transaction = self.store.begin().await?;
        self.store
            .end_device_code(&mut transaction, id, &serde_json::to_string(&outcome)?)
            .await?;
        transaction.commit().await?;
        self.live.changed();
        Ok(())
    }
}

/// Asks about each code when its time has come, each by itself: a provider that is slow delays no other.
pub(crate) async fn run(engine: Arc<Engine>) {
    let mut questions = JoinSet::new();
    let mut asked_now = HashSet::new();
    loop {
        let wait = match engine.store.pending_device_codes().await {
            Ok(pending) => {
                let mut wait = None;
                for code in pending {
                    if asked_now.contains(&code.id) {
                        continue;
                    }
                    if code.next_poll_at > now() {
                        wait = Some(
                            wait.map_or(code.next_poll_at, |other: Timestamp| other.min(code.next_poll_at)),
                        );
                        continue;
                    }
                    asked_now.insert(code.id);
                    questions.spawn(ask(Arc::clone(&engine), code));
                }
                wait.map_or(AGAIN, |at| {
                    at.duration_since(now()).max(SignedDuration::ZERO).unsigned_abs()
                })
            }
            Err(error) => {
                tracing::warn!(%error, "sign-ins by device code cannot be read; they are tried again");
                AGAIN
            }
        };
        tokio::select! {
            () = engine.stopping.cancelled() => break,
            () = engine.device_wake.notified() => {}
            () = tokio::time::sleep(wait.min(AGAIN)) => {}
            Some(asked) = questions.join_next() => match asked {
                Ok(id) => { asked_now.remove(&id); }
                // Which one it was is not known; each is asked again.
                Err(_) => asked_now.clear(),
            },
        }
    }
    // A token that is under way would be lost with the process.
    while questions.join_next().await.is_some() {}
}

async fn ask(engine: Arc<Engine>, code: DeviceCode) -> DeviceSignInId {
    if let Err(error) = engine.ask_about(&code).await {
        tracing::warn!(%error, "a sign-in by device code could not be written down; it is tried again");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    code.id
}
