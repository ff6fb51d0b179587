//! A session up to the sign-in, and its end.

use super::response::{Condition, Response, capabilities_in};
use super::sign_in::SignIn;
use super::wire::Wire;
use crate::net::{self, Fault, Peer};
use crate::smtp::Credential;
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::{ProviderKey, Security};
use tokio::time::timeout;

/// How long a server is given to say goodbye.
const FAREWELL: Duration = Duration::from_secs(5);

/// The most responses to one command that are read: more come from no server that means well.
const MOST_RESPONSES: usize = 100_000;

/// How long each step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ImapTimeouts {
    /// Looking the name up and opening the connection.
    pub(crate) connect: Duration,
    /// The greeting, the TLS handshake, and each command until its last response.
    pub(crate) command: Duration,
}

impl ImapTimeouts {
    /// Shorter than usual: somebody sits before the page, and can try again.
    pub(crate) const fn while_somebody_waits() -> Self {
        Self {
            connect: Duration::from_secs(8),
            command: Duration::from_secs(12),
        }
    }
}

impl Default for ImapTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            command: Duration::from_mins(1),
        }
    }
}

/// A signed-in session. Dropping it closes the connection.
pub(crate) struct Session {
    pub(super) wire: Wire,
    pub(super) provider: ProviderKey,
    pub(super) limits: ImapTimeouts,
    pub(super) offered: Vec<String>,
    /// Whether the server has told of mails that nobody has looked for yet. It may do so in the middle of any
    /// command, and does so once.
    pub(super) news: bool,
    number: u64,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// Connects, encrypts as the server's settings say, and signs in.
    ///
    /// Nothing is sent that the security does not allow: STARTTLS must succeed before the credential is sent.
    pub(crate) async fn open(
        peer: Peer<'_>,
        credential: &Credential,
        limits: ImapTimeouts,
    ) -> Result<Self, Fault> {
        let mut socket: Box<dyn net::Socket> = Box::new(net::connect(peer, limits.connect).await?);
        if peer.server.security == Security::Tls {
            socket = net::encrypt(socket, peer, limits.command).await?;
        }
        let mut session = Self {
            wire: Wire::over(socket),
            provider: peer.provider.clone(),
            limits,
            offered: Vec::new(),
            news: false,
            number: 0,
        };
        let greeted = session.greeting().await?;
        session.learn_offers().await?;
        if peer.server.security == Security::Starttls {
            session = session.start_tls(peer, greeted).await?;
        }
        if greeted == Greeted::Stranger {
            SignIn(&mut session).with(credential).await?;
            session.offered.clear();
            session.learn_offers().await?;
        }
        session.introduce().await?;
        Ok(session)
    }

    /// Whether the server offers an extension.
    pub(crate) fn offers(&self, name: &str) -> bool {
        self.offered.iter().any(|offered| offered == name)
    }

    /// Ends the session politely.
    pub(crate) async fn logout(mut self) {
        // The session is over whatever the server answers.
        drop(timeout(FAREWELL, self.wire.write("z1 LOGOUT")).await);
        drop(timeout(FAREWELL, self.wire.response()).await);
    }

    async fn greeting(&mut self) -> Result<Greeted, Fault> {
        let said = match timeout(self.limits.command, self.wire.response()).await {
            Ok(response) => {
                let broken = response.map_err(|broken| (broken, self.wire.begun()));
                broken.map_err(|(broken, begun)| {
                    let fault = broken.at(Stage::Connect, &self.provider);
                    if begun.is_empty() { fault } else { not_imap(&begun) }
                })?
            }
            Err(_) => {
                let begun = self.wire.begun();
                return Err(if begun.is_empty() {
                    let limit = self.limits.command;
                    let words = format!(
                        "timed out: the server said nothing within {limit:?}; TLS may have to begin at once here, \
                         or this is no IMAP server"
                    );
                    Fault::known(Stage::Connect, Meaning::TimedOut, &words)
                } else {
                    not_imap(&begun)
                });
            }
        };
        match Response::read(&said) {
            Response::Condition(Condition::Ok, text) => {
                self.offered = capabilities_in(&text).unwrap_or_default();
                Ok(Greeted::Stranger)
            }
            Response::Condition(Condition::Preauth, _) => Ok(Greeted::Known),
            Response::Bye(text) => Err(Fault::said(Stage::Imap, &format!("BYE {text}"), &self.provider)),
            _ => Err(not_imap(&String::from_utf8_lossy(&said))),
        }
    }

    async fn learn_offers(&mut self) -> Result<(), Fault> {
        if !self.offered.is_empty() {
            return Ok(());
        }
        let mut offered = Vec::new();
        let collect = |response: Response| {
            if let Response::Capability(words) = response {
                offered.extend(words);
            }
        };
        self.command(Stage::Imap, "CAPABILITY", collect).await?;
        self.offered = offered;
        Ok(())
    }

    async fn start_tls(mut self, peer: Peer<'_>, greeted: Greeted) -> Result<Self, Fault> {
        // A session that is signed in before TLS was signed in by somebody in between (RFC 9051 section 11.1).
        if greeted == Greeted::Known || !self.offers("STARTTLS") {
            let words = "the server does not support STARTTLS on this port";
            return Err(Fault::known(Stage::Tls, Meaning::EncryptionNotOffered, words));
        }
        self.command(Stage::Tls, "STARTTLS", |_| {}).await?;
        let socket = self.wire.into_socket().ok_or_else(|| {
            let words = "something was sent between STARTTLS and the TLS handshake: the connection may have been \
                         tampered with";
            Fault::known(Stage::Tls, Meaning::EncryptionMismatch, words)
        })?;
        self.wire = Wire::over(net::encrypt(socket, peer, self.limits.command).await?);
        self.offered.clear();
        self.learn_offers().await?;
        Ok(self)
    }

    /// Says who this is, where the server asks for it: 163 and 126 refuse to open a mailbox to clients that have
    /// no name (“Unsafe Login”).
    async fn introduce(&mut self) -> Result<(), Fault> {
        if self.offers("ID") {
            let version = env!("CARGO_PKG_VERSION");
            let command = format!("ID (\"name\" \"Tocsin\" \"version\" \"{version}\")");
            // RFC 2971 section 3.1: a server must not make anything depend on it.
            self.ask(Stage::Imap, &command, |_| {}).await?;
        }
        Ok(())
    }

    /// Sends a command and passes on every response up to its end. What is not `OK` at the end is a fault.
    pub(super) async fn command(
        &mut self,
        stage: Stage,
        command: &str,
        on: impl FnMut(Response),
    ) -> Result<(), Fault> {
        match self.ask(stage, command, on).await? {
            Ended::Ok => Ok(()),
            Ended::Refused(fault) => Err(fault),
        }
    }

    /// Sends a command and passes on every response up to its end. A refusal leaves the session usable.
    pub(super) async fn ask(
        &mut self,
        stage: Stage,
        command: &str,
        on: impl FnMut(Response),
    ) -> Result<Ended, Fault> {
        let tag = self.next_tag();
        let line = format!("{tag} {command}");
        self.write(stage, &line).await?;
        self.finish(stage, &tag, on).await
    }

    pub(super) fn next_tag(&mut self) -> String {
        self.number += 1;
        format!("t{}", self.number)
    }

    pub(super) async fn write(&mut self, stage: Stage, line: &str) -> Result<(), Fault> {
        let limit = self.limits.command;
        let written = timeout(limit, self.wire.write(line)).await;
        written
            .unwrap_or_else(|_| Err(super::wire::Broken::Io(std::io::ErrorKind::TimedOut.into())))
            .map_err(|broken| broken.at(stage, &self.provider))
    }

    /// Reads the next response that is not the end of the session.
    pub(super) async fn next(&mut self, stage: Stage) -> Result<Response, Fault> {
        let response = self.wire.response().await;
        let response = response.map_err(|broken| broken.at(stage, &self.provider))?;
        match Response::read(&response) {
            Response::Bye(text) => {
                let words = format!("BYE {text}");
                Err(Fault::said(Stage::Imap, &words, &self.provider).at(stage))
            }
            Response::Rubbish(text) => Err(not_imap(&text).at(stage)),
            Response::Exists(number) => {
                self.news = true;
                Ok(Response::Exists(number))
            }
            response => Ok(response),
        }
    }

    /// Passes on every response up to the end of a command.
    pub(super) async fn finish(
        &mut self,
        stage: Stage,
        tag: &str,
        mut on: impl FnMut(Response),
    ) -> Result<Ended, Fault> {
        let limit = self.limits.command;
        let reading = async {
            for _ in 0..MOST_RESPONSES {
                match self.next(stage).await? {
                    Response::Done(found, condition, text) if found == tag => {
                        return Ok(match condition {
                            Condition::Ok => Ended::Ok,
                            other => Ended::Refused(self.refused(stage, other, &text)),
                        });
                    }
                    response => on(response),
                }
            }
            let words =
                "the server does not stop answering one command: it is no IMAP server, or a broken one";
            Err(Fault::known(stage, Meaning::ServerFault, words))
        };
        timeout(limit, reading).await.unwrap_or_else(|_| {
            let words = format!("timed out: the command was not answered within {limit:?}");
            Err(Fault::known(stage, Meaning::TimedOut, &words))
        })
    }

    pub(super) fn refused(&self, stage: Stage, condition: Condition, text: &str) -> Fault {
        let word = if condition == Condition::No { "NO" } else { "BAD" };
        Fault::said(Stage::Imap, &format!("{word} {text}"), &self.provider).at(stage)
    }
}

/// How a command ended.
#[derive(Debug)]
pub(super) enum Ended {
    Ok,
    Refused(Fault),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Greeted {
    Stranger,
    /// PREAUTH: the connection itself says who we are.
    Known,
}

fn not_imap(said: &str) -> Fault {
    let words = format!("this is not an IMAP server; it said: {}", excerpt(said));
    Fault::known(Stage::Imap, Meaning::WrongServer, &words)
}

/// Garbage shows as little as makes it recognisable.
fn excerpt(said: &str) -> String {
    said.chars().take(200).collect()
}
