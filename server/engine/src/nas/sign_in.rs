//! A person whom the NAS lets in signs in: by the session that their browser has with it, or by name and password.

use super::brought::{Brought, Proof};
use super::error::{NasError, Silence};
use super::service::{Nas, Person, Standing};
use super::session::Way;
use super::visitor::name;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::throttle::Key;
use crate::time::now;
use secrecy::SecretString;

/// Whom the NAS knows a browser as, before anybody signs in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognised {
    /// An administrator of the NAS.
    Administrator(String),
    /// Somebody else whom the NAS knows.
    Other(String),
    /// The browser has no session with the NAS.
    Nobody,
    /// The NAS does not answer.
    Silent,
}

impl Engine {
    /// The NAS, where Tocsin was told that it runs on one.
    pub const fn nas(&self) -> Option<&Nas> {
        self.nas.as_ref()
    }

    /// Whom the NAS knows a browser as; nothing follows from it until they say that they want in.
    pub async fn nas_recognises(&self, brought: &Brought) -> Option<Recognised> {
        let nas = self.nas.as_ref()?;
        let Ok(_turn) = nas.strangers_turn().await else {
            return Some(Recognised::Silent);
        };
        let is_silent = async || nas.answers().await.is_err();
        Some(match recognise(nas, brought).await {
            Ok(Some((person, _))) => match person.standing {
                Standing::Administrator => Recognised::Administrator(person.user),
                Standing::Other => Recognised::Other(person.user),
            },
            Ok(None) if brought.proofs().is_empty() && is_silent().await => Recognised::Silent,
            Ok(None) => Recognised::Nobody,
            Err(_) => Recognised::Silent,
        })
    }

    /// Signs in whom the NAS knows a browser as; gives the session's secret, for a cookie.
    pub async fn nas_continue(&self, brought: &Brought, origin: &str) -> Result<SecretString, NasError> {
        let nas = self.nas.as_ref().ok_or(NasError::Off)?;
        let _turn = nas.strangers_turn().await?;
        // Nothing is guessed here, so nothing is counted: others' wrong passwords do not keep out whom the NAS knows.
        let (person, proof) = recognise(nas, brought).await?.ok_or(NasError::Ended)?;
        self.administrator(&person, origin).await?;
        let secret = nas.sessions.begin(person.user.clone(), proof, Way::Browser);
        self.note_sign_in(&person.user, origin, "by the session on the NAS")
            .await?;
        Ok(secret)
    }

    /// Signs in by a user's name and password on the NAS, and the code of the second step where it asks for one;
    /// gives the session's secret, for a cookie.
    pub async fn nas_sign_in(
        &self,
        user: &str,
        password: &SecretString,
        code: &str,
        origin: &str,
    ) -> Result<SecretString, NasError> {
        let nas = self.nas.as_ref().ok_or(NasError::Off)?;
        let user = user.trim();
        let keys = Key::with_origin(Key::NasUser(user.to_lowercase()), origin);
        self.begin_try(&keys)?;
        let turn = nas.strangers_turn().await.inspect_err(|_| {
            self.admins.throttle.take_back(&keys);
        })?;
        let (person, proof) = match nas.sign_in(user, password, code.trim()).await {
            Ok(signed_in) => signed_in,
            Err(error) => {
                match &error {
                    // No guess was made, or it was right so far.
                    NasError::Silent(_) | NasError::CodeNeeded => self.admins.throttle.take_back(&keys),
                    // Some people type their password where the name belongs.
                    _ => self.note_refusal_by_nas("", origin).await?,
                }
                return Err(error);
            }
        };
        if let Err(error) = self.administrator(&person, origin).await {
            nas.sign_out(&proof).await;
            return Err(error);
        }
        drop(turn);
        self.admins.throttle.clear(&keys);
        let secret = nas.sessions.begin(person.user.clone(), proof, Way::Opened);
        self.note_sign_in(&person.user, origin, "by the password on the NAS")
            .await?;
        Ok(secret)
    }

    /// Only an administrator of the NAS is one here.
    async fn administrator(&self, person: &Person, origin: &str) -> Result<(), NasError> {
        if person.standing == Standing::Administrator {
            return Ok(());
        }
        self.note_refusal_by_nas(&name(&person.user), origin).await?;
        Err(NasError::NotAdministrator {
            user: person.user.clone(),
        })
    }

    fn begin_try(&self, keys: &[Key]) -> Result<(), NasError> {
        let begun = self.admins.throttle.begin(keys, now());
        begun.map_err(|seconds| NasError::Wait { seconds })
    }

    async fn note_sign_in(&self, user: &str, origin: &str, how: &str) -> Result<(), NasError> {
        let who = Who {
            name: name(user),
            origin: origin.to_owned(),
        };
        Ok(self.audit_alone(&who, Action::SignedIn, &who.name, how).await?)
    }

    async fn note_refusal_by_nas(&self, name: &str, origin: &str) -> Result<(), NasError> {
        let who = Who {
            name: name.to_owned(),
            origin: origin.to_owned(),
        };
        Ok(self
            .audit_alone(&who, Action::SignInRefused, name, "by the NAS")
            .await?)
    }
}

/// The first proof that the NAS takes, and whose it is.
async fn recognise(nas: &Nas, brought: &Brought) -> Result<Option<(Person, Proof)>, Silence> {
    for proof in brought.proofs() {
        if let Some(person) = nas.look(proof).await? {
            return Ok(Some((person, proof.clone())));
        }
    }
    Ok(None)
}
