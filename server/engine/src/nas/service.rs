//! What is asked of either system.

use super::brought::Proof;
use super::config::NasConfig;
use super::error::{NasError, Silence};
use super::loopback::{Door, Loopback, Question, Reply};
use super::session::Sessions;
use secrecy::{ExposeSecret as _, SecretString};
use std::path::PathBuf;
use tocsin_domain::nas::System;
use tokio::sync::{Notify, SemaphorePermit};

/// The longest name that is believed to be one, in characters.
const LONGEST_NAME: usize = 128;

/// The NAS.
#[derive(Debug)]
pub struct Nas {
    config: NasConfig,
    loopback: Loopback,
    pub(super) sessions: Sessions,
    /// There is something to write into its log.
    pub(crate) log_wake: Notify,
}

/// Somebody whom the NAS knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// As the NAS names them.
    pub(super) user: String,
    pub(super) standing: Standing,
}

/// What they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// An administrator.
    Administrator,
    /// Anybody else.
    Other,
}

impl Person {
    /// Somebody without a name is no answer.
    pub(super) fn new(user: &str, standing: Standing) -> Result<Self, Silence> {
        let user = user.trim();
        let is_name =
            (1..=LONGEST_NAME).contains(&user.chars().count()) && !user.chars().any(char::is_control);
        if is_name {
            Ok(Self {
                user: user.to_owned(),
                standing,
            })
        } else {
            Err(Silence::Unexpected("nobody's name".to_owned()))
        }
    }
}

impl Nas {
    pub(crate) fn new(config: NasConfig) -> Result<Self, reqwest::Error> {
        Ok(Self {
            loopback: Loopback::new(config.patience)?,
            config,
            sessions: Sessions::default(),
            log_wake: Notify::new(),
        })
    }

    /// Its system.
    pub const fn system(&self) -> System {
        self.config.system
    }

    /// Whether it has a log of its own that can be written to.
    pub fn has_log(&self) -> bool {
        self.log_tool().is_some()
    }

    /// What writes a line there.
    pub(super) fn log_tool(&self) -> Option<PathBuf> {
        self.config.log_tool()
    }

    /// Whether its web service answers.
    pub async fn answers(&self) -> Result<(), Silence> {
        match self.config.system {
            System::Qts => self.qts_look(&[]).await.map(drop),
            System::Dsm => self.dsm_look(&"0".into(), Some(&"0".into())).await.map(drop),
        }
    }

    /// Who that is; none if it is nobody.
    pub(super) async fn look(&self, proof: &Proof) -> Result<Option<Person>, Silence> {
        match proof {
            Proof::QtsSid(sid) => self.qts_look(&[("sid", sid.expose_secret())]).await,
            Proof::QtsToken { user, token } => {
                // Else QTS, asked from this machine, would not insist on its second step (see `qts`).
                let query = [
                    ("qtoken", token.expose_secret()),
                    ("user", user),
                    ("force_to_check_2sv", "1"),
                ];
                self.qts_look(&query).await
            }
            Proof::Dsm { id, token } => self.dsm_look(id, token.as_ref()).await,
        }
    }

    /// A turn of those who are not signed in: they get fewer than there are, so that however many come, those who are
    /// signed in are confirmed.
    pub(super) async fn strangers_turn(&self) -> Result<SemaphorePermit<'_>, Silence> {
        self.loopback.strangers_turn().await
    }

    /// Signs in, and gives what the NAS then lets them in by.
    pub(super) async fn sign_in(
        &self,
        user: &str,
        password: &SecretString,
        code: &str,
    ) -> Result<(Person, Proof), NasError> {
        match self.config.system {
            System::Qts => self.qts_sign_in(user, password, code).await,
            System::Dsm => self.dsm_sign_in(user, password, code).await,
        }
    }

    /// Ends a session that Tocsin opened. One that is left open ends by itself.
    pub(super) async fn sign_out(&self, proof: &Proof) {
        let ended = match proof {
            Proof::QtsSid(sid) => self.qts_sign_out(sid.expose_secret()).await,
            Proof::QtsToken { .. } => Ok(()),
            Proof::Dsm { id, token } => self.dsm_sign_out(id, token.as_ref()).await,
        };
        if let Err(silence) = ended {
            tracing::warn!(%silence, "a session on the NAS could not be ended; it ends by itself");
        }
    }

    /// Asks where it says that it listens, and by HTTPS where it insists on that.
    pub(super) async fn ask(&self, question: &Question<'_>) -> Result<String, Silence> {
        let _turn = self.loopback.turn().await?;
        let door = Door::http(self.config.port().await);
        let port = match self.loopback.ask(door, question).await? {
            Reply::Text(text) => return Ok(text),
            Reply::Moved(Some(port)) => port,
            Reply::Moved(None) => self.config.secure_port().await,
        };
        match self.loopback.ask(Door::https(port), question).await? {
            Reply::Text(text) => Ok(text),
            Reply::Moved(_) => Err(Silence::Unexpected("one redirect after the other".to_owned())),
        }
    }
}
