//! What a session by the NAS is worth, from one request to the next.

use super::brought::Brought;
use super::error::Silence;
use super::service::{Nas, Person, Standing};
use super::session::{Session, Way};
use crate::admins::{AdminError, By, Role, SignedIn};
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::time::now;

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
