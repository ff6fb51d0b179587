//! One authenticated connection, from its opening to its end.

use super::capabilities::{Capabilities, Offered};
use super::credential::Credential;
use super::endpoint::{Endpoint, Timeouts};
use super::envelope::{Envelope, Sent};
use super::error::{Connection, SmtpError};
use super::reply::Reply;
use super::sign_in::SignIn;
use super::transaction::Transaction;
use super::wire::Wire;
use crate::net::{self, Socket};
use std::fmt;
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::{ProviderKey, Security};

/// How long a server is given to say goodbye.
const FAREWELL: Duration = Duration::from_secs(5);

/// One authenticated connection. Dropping it closes the connection; [`quit`](Self::quit) does so politely.
pub struct Session {
    wire: Wire,
    offered: Capabilities,
    provider: ProviderKey,
    timeouts: Timeouts,
    connection: Connection,
}

impl Session {
    /// Connects, encrypts as the endpoint says, and signs in.
    ///
    /// Without encryption nothing is sent that the endpoint's security does not allow: STARTTLS must succeed
    /// before the credential is sent.
    pub async fn open(
        endpoint: &Endpoint,
        credential: &Credential,
        timeouts: &Timeouts,
    ) -> Result<Self, SmtpError> {
        let opened = Self::start(endpoint, credential, timeouts).await;
        opened.map_err(|error| SmtpError {
            connection: Connection::Lost,
            ..error
        })
    }

    async fn start(
        endpoint: &Endpoint,
        credential: &Credential,
        timeouts: &Timeouts,
    ) -> Result<Self, SmtpError> {
        let opening = Opening { endpoint, timeouts };
        let socket = Box::new(net::connect(endpoint.peer(), timeouts.connect).await?);
        let (mut wire, offered) = match endpoint.server.security {
            Security::Tls => {
                opening
                    .greet(net::encrypt(socket, endpoint.peer(), timeouts.command).await?)
                    .await?
            }
            Security::None => opening.greet(socket).await?,
            Security::Starttls => {
                let (wire, offered) = opening.greet(socket).await?;
                opening.start_tls(wire, &offered).await?
            }
        };
        SignIn {
            wire: &mut wire,
            offered: &offered,
            provider: &endpoint.provider,
            limit: timeouts.command,
        }
        .with(credential)
        .await?;
        Ok(Self {
            wire,
            offered,
            provider: endpoint.provider.clone(),
            timeouts: *timeouts,
            connection: Connection::Usable,
        })
    }

    /// Hands one mail over. It goes to all recipients that the server takes; when it takes none, that is an
    /// error at [`Stage::Rcpt`] with the first refusal.
    ///
    /// Only a mail whose last reply is 250 is sent. When the connection breaks after the mail's last byte,
    /// the server may have taken it all the same.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Result<Sent, SmtpError> {
        if !self.still_open() {
            let words = "the server closed the connection between two mails";
            return Err(SmtpError::known(Stage::Mail, Meaning::ConnectionLost, words));
        }
        // Lost, should this future be dropped in the middle of the conversation.
        self.connection = Connection::Lost;
        let transaction = Transaction {
            wire: &mut self.wire,
            offered: &self.offered,
            provider: &self.provider,
            timeouts: &self.timeouts,
        };
        let outcome = transaction.run(envelope, message).await;
        self.connection = match &outcome {
            Ok(_) => Connection::Usable,
            Err(error) => error.connection,
        };
        outcome
    }

    /// Whether another mail can go over the session, as far as is known from the last one.
    pub fn is_usable(&self) -> bool {
        self.connection == Connection::Usable
    }

    /// Whether it is usable and the server has not ended it meanwhile. Does not wait.
    pub fn still_open(&mut self) -> bool {
        if !self.wire.is_quiet() {
            self.connection = Connection::Lost;
        }
        self.is_usable()
    }

    /// Asks the server whether it is still there (NOOP).
    pub async fn alive(&mut self) -> bool {
        if !self.still_open() {
            return false;
        }
        self.connection = Connection::Lost;
        let reply = self.wire.command("NOOP", self.timeouts.command).await;
        if reply.is_ok_and(|reply| reply.is_positive()) {
            self.connection = Connection::Usable;
        }
        self.is_usable()
    }

    /// Ends the session politely.
    pub async fn quit(mut self) {
        if self.is_usable() {
            // The session is over whatever the server answers.
            drop(
                self.wire
                    .command("QUIT", self.timeouts.command.min(FAREWELL))
                    .await,
            );
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("provider", &self.provider)
            .field("offered", &self.offered)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

/// The conversation before the sign-in.
struct Opening<'a> {
    endpoint: &'a Endpoint,
    timeouts: &'a Timeouts,
}

impl Opening<'_> {
    async fn greet(&self, socket: Box<dyn Socket>) -> Result<(Wire, Capabilities), SmtpError> {
        let mut wire = Wire::over(socket);
        let greeting = wire.reply(self.timeouts.command).await.map_err(|broken| {
            let mut error = broken.at(Stage::Connect, &self.endpoint.provider);
            if error.verdict.meaning == Meaning::TimedOut && self.endpoint.server.security != Security::Tls {
                error
                    .words
                    .push_str("; a port that expects TLS from the first byte keeps silent like this");
            }
            error
        })?;
        self.accepted(Stage::Connect, &greeting)?;
        let offered = self.hello(&mut wire).await?;
        Ok((wire, offered))
    }

    async fn hello(&self, wire: &mut Wire) -> Result<Capabilities, SmtpError> {
        let hello = format!("EHLO {}", self.endpoint.hello);
        let reply = wire
            .command(&hello, self.timeouts.command)
            .await
            .map_err(|broken| broken.at(Stage::Connect, &self.endpoint.provider))?;
        self.accepted(Stage::Connect, &reply)?;
        Ok(Capabilities::of(&reply))
    }

    async fn start_tls(
        &self,
        mut wire: Wire,
        offered: &Capabilities,
    ) -> Result<(Wire, Capabilities), SmtpError> {
        if offered.starttls == Offered::No {
            let words = "the server does not support STARTTLS on this port";
            return Err(SmtpError::known(Stage::Tls, Meaning::EncryptionNotOffered, words));
        }
        let reply = wire
            .command("STARTTLS", self.timeouts.command)
            .await
            .map_err(|broken| broken.at(Stage::Tls, &self.endpoint.provider))?;
        self.accepted(Stage::Tls, &reply)?;
        let socket = wire.into_socket().ok_or_else(|| {
            let words = "something was sent between STARTTLS and the TLS handshake: the connection may \
                         have been tampered with";
            SmtpError::known(Stage::Tls, Meaning::EncryptionMismatch, words)
        })?;
        let socket = net::encrypt(socket, self.endpoint.peer(), self.timeouts.command).await?;
        let mut wire = Wire::over(socket);
        let offered = self.hello(&mut wire).await?;
        Ok((wire, offered))
    }

    fn accepted(&self, stage: Stage, reply: &Reply) -> Result<(), SmtpError> {
        if reply.is_positive() {
            return Ok(());
        }
        Err(SmtpError::refused(stage, reply, &self.endpoint.provider))
    }
}
