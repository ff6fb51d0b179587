//! Sessions of people whom the NAS lets in: what each is worth, from one request to the next.

use super::brought::{Brought, Proof};
use super::error::Silence;
use super::service::{Nas, Person, Standing};
use crate::admins::{self, AdminError, By, Role, SignedIn};
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// For how long an answer of the NAS is believed for showing something. Nothing is changed on it.
pub(super) const BELIEVED: SignedDuration = SignedDuration::from_secs(60);

/// The most sessions; beyond, the one that was not used for longest ends.
const MOST: usize = 1000;

/// What a request is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Show something.
    Look,
    /// Change something.
    Change,
}

/// Whom a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Somebody who is not signed in.
    Nobody,
    /// Somebody who is.
    SignedIn(SignedIn),
    /// Somebody whom the NAS let in before, and of whom it now says nothing: neither in nor out.
    Unconfirmed(Silence),
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the session that the browser has with the NAS.
    Browser,
    /// By name and password, for which Tocsin opened a session of the NAS.
    Opened,
}

#[derive(Debug, Clone)]
struct Session {
    user: String,
    proof: Proof,
    way: Way,
    began: Timestamp,
    used: Timestamp,
    /// When the NAS last said yes.
    confirmed: Timestamp,
}

/// By the hashes of our secrets.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<[u8; 32], Session>>);

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one for somebody whom the NAS has just confirmed.
    pub(super) fn begin(&self, user: String, proof: Proof, way: Way) -> SecretString {
        let secret = secret::random("");
        let now = now();
        let mut sessions = self.lock();
        sessions.retain(|_, session| !session.is_over(now));
        if sessions.len() >= MOST
            && let Some(oldest) = sessions.iter().min_by_key(|(_, session)| session.used)
        {
            let oldest = *oldest.0;
            sessions.remove(&oldest);
        }
        let session = Session {
            user,
            proof,
            way,
            began: now,
            used: now,
            confirmed: now,
        };
        sessions.insert(secret::hash(secret.expose_secret()), session);
        secret
    }

    /// The session of a hash, which is used by that.
    fn used(&self, hash: &[u8; 32], now: Timestamp) -> Option<Session> {
        let mut sessions = self.lock();
        let session = sessions.get_mut(hash)?;
        if session.is_over(now) {
            sessions.remove(hash);
            return None;
        }
        session.used = now;
        Some(session.clone())
    }

    fn confirm(&self, hash: &[u8; 32], asked: Timestamp) {
        if let Some(session) = self.lock().get_mut(hash) {
            session.confirmed = asked.max(session.confirmed);
        }
    }

    fn end(&self, hash: &[u8; 32]) -> Option<Session> {
        self.lock().remove(hash)
    }
}

impl Session {
    fn is_over(&self, now: Timestamp) -> bool {
        admins::end_of(self.began, self.used) <= now
    }

    fn is_believed(&self, need: Need, now: Timestamp) -> bool {
        need == Need::Look && now.duration_since(self.confirmed) < BELIEVED
    }
}

/// Why one ended, for the audit log.
const ENDED_THERE: &str = "it ended on the NAS";
const DEMOTED: &str = "no administrator of the NAS any more";
const OTHER_SESSION: &str = "the browser has another session on the NAS";

impl Engine {
    /// Whom a request with the secret of a cookie comes from, with what else the browser brought along.
    pub async fn visitor(&self, secret: &str, brought: &Brought, need: Need) -> Result<Visitor, AdminError> {
        if let Some(nas) = &self.nas {
            let hash = secret::hash(secret);
            if let Some(session) = nas.sessions.used(&hash, now()) {
                return Ok(self.nas_visitor(nas, &hash, session, brought, need).await);
            }
        }
        let admin = self.session(secret).await?;
        Ok(admin.map_or(Visitor::Nobody, |admin| Visitor::SignedIn(admin.into())))
    }

    async fn nas_visitor(
        &self,
        nas: &Nas,
        hash: &[u8; 32],
        session: Session,
        brought: &Brought,
        need: Need,
    ) -> Visitor {
        if session.way == Way::Browser && brought.is_other_than(session.proof.fingerprint()) {
            return self.end_nas_session(nas, hash, OTHER_SESSION).await;
        }
        let asked = now();
        if session.is_believed(need, asked) {
            return Visitor::SignedIn(signed_in(&session.user));
        }
        match nas.look(&session.proof).await {
            Ok(Some(Person { user, standing })) if user == session.user => match standing {
                Standing::Administrator => {
                    nas.sessions.confirm(hash, asked);
                    Visitor::SignedIn(signed_in(&user))
                }
                Standing::Other => self.end_nas_session(nas, hash, DEMOTED).await,
            },
            Ok(_) => self.end_nas_session(nas, hash, ENDED_THERE).await,
            Err(silence) => {
                tracing::warn!(%silence, "the NAS does not say whether somebody is still its administrator");
                Visitor::Unconfirmed(silence)
            }
        }
    }

    async fn end_nas_session(&self, nas: &Nas, hash: &[u8; 32], why: &str) -> Visitor {
        let Some(session) = nas.sessions.end(hash) else {
            return Visitor::Nobody;
        };
        let name = name(&session.user);
        let who = Who {
            name: name.clone(),
            origin: String::new(),
        };
        // It has ended, whether that can be written down or not.
        if let Err(error) = self.audit_alone(&who, Action::NasSessionEnded, &name, why).await {
            tracing::warn!(%error, "the end of a session could not be written into the audit log");
        }
        Visitor::Nobody
    }

    /// Ends the session of a cookie's secret if it is one of these, and the NAS's if Tocsin opened that; says whether
    /// it was.
    pub(crate) async fn nas_sign_out(&self, secret: &str) -> Result<bool, AdminError> {
        let Some(nas) = &self.nas else { return Ok(false) };
        let Some(session) = nas.sessions.end(&secret::hash(secret)) else {
            return Ok(false);
        };
        if session.way == Way::Opened {
            nas.sign_out(&session.proof).await;
        }
        let who = Who {
            name: name(&session.user),
            origin: String::new(),
        };
        self.audit_alone(&who, Action::SignedOut, &who.name, "").await?;
        Ok(true)
    }
}

/// Somebody of the NAS is never mistaken for a local administrator of the same name.
pub(super) fn name(user: &str) -> String {
    format!("{user} (NAS)")
}

fn signed_in(user: &str) -> SignedIn {
    SignedIn {
        name: name(user),
        address: None,
        role: Role::Administrator,
        by: By::Nas,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn session(user: &str) -> (Sessions, [u8; 32]) {
        let sessions = Sessions::default();
        let secret = sessions.begin(user.to_owned(), Proof::QtsSid("sid".into()), Way::Browser);
        (sessions, secret::hash(secret.expose_secret()))
    }

    #[test]
    fn a_yes_is_believed_for_a_minute_and_never_for_a_change() {
        let (sessions, hash) = session("anna");
        let now = now();
        let session = sessions.used(&hash, now).unwrap();
        let at = |seconds| session.confirmed + SignedDuration::from_secs(seconds);
        assert!(session.is_believed(Need::Look, at(59)));
        assert!(!session.is_believed(Need::Look, at(60)));
        assert!(!session.is_believed(Need::Change, at(0)));
    }

    #[test]
    fn a_session_that_nobody_uses_for_a_working_day_is_over() {
        let (sessions, hash) = session("anna");
        let now = now();
        assert!(
            sessions
                .used(&hash, now + SignedDuration::from_hours(11))
                .is_some()
        );
        assert!(
            sessions
                .used(&hash, now + SignedDuration::from_hours(22))
                .is_some()
        );
        assert!(
            sessions
                .used(&hash, now + SignedDuration::from_hours(35))
                .is_none()
        );
        assert!(sessions.used(&hash, now).is_none(), "it is forgotten");
    }

    #[test]
    fn memory_stays_bounded() {
        let (sessions, first) = session("first");
        if let Some(first) = sessions.lock().get_mut(&first) {
            first.used -= SignedDuration::from_secs(1);
        }
        for number in 0..MOST {
            sessions.begin(number.to_string(), Proof::QtsSid("sid".into()), Way::Opened);
        }
        assert_eq!(sessions.lock().len(), MOST);
        assert!(sessions.used(&first, now()).is_none());
    }
}
