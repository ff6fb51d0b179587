//! One authenticated connection, from its opening to its end.

use super::capabilities::Capabilities;
use super::credential::Credential;
use super::endpoint::{Endpoint, Timeouts};
use super::envelope::{Envelope, Sent};
use super::error::{Connection, SmtpError};
use super::opening::Opening;
use super::sign_in::SignIn;
use super::transaction::Transaction;
use super::wire::Wire;
use std::fmt;
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::ProviderKey;

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
        let (mut wire, offered) = Opening { endpoint, timeouts }.open().await?;
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
