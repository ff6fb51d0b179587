//! Sessions of people whom the NAS lets in, in memory.

use super::brought::Proof;
use super::visitor::Need;
use crate::admins;
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

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the session that the browser has with the NAS.
    Browser,
    /// By name and password, for which Tocsin opened a session of the NAS.
    Opened,
}

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// Whose, as the NAS names them.
    pub(super) user: String,
    /// What the NAS is asked about.
    pub(super) proof: Proof,
    pub(super) way: Way,
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
    pub(super) fn used(&self, hash: &[u8; 32], now: Timestamp) -> Option<Session> {
        let mut sessions = self.lock();
        let session = sessions.get_mut(hash)?;
        if session.is_over(now) {
            sessions.remove(hash);
            return None;
        }
        session.used = now;
        Some(session.clone())
    }

    /// The NAS said yes to a question that was asked then.
    pub(super) fn confirm(&self, hash: &[u8; 32], asked: Timestamp) {
        if let Some(session) = self.lock().get_mut(hash) {
            session.confirmed = asked;
        }
    }

    /// Ends one.
    pub(super) fn end(&self, hash: &[u8; 32]) -> Option<Session> {
        self.lock().remove(hash)
    }
}

impl Session {
    fn is_over(&self, now: Timestamp) -> bool {
        admins::end_of(self.began, self.used) <= now
    }

    /// Whether the NAS need not be asked again. An answer of the future is of before the clock was set back.
    pub(super) fn is_believed(&self, need: Need, now: Timestamp) -> bool {
        let age = now.duration_since(self.confirmed);
        need == Need::Look && (SignedDuration::ZERO..BELIEVED).contains(&age)
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
        assert!(!session.is_believed(Need::Look, at(-1)), "the clock was set back");
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
