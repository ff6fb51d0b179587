//! The conversation up to the sign-in: connect, encrypt, greet, ask what is offered.

use super::capabilities::{Capabilities, Offered};
use super::endpoint::{Endpoint, Timeouts};
use super::error::SmtpError;
use super::reply::Reply;
use super::wire::Wire;
use crate::net::{self, Socket};
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::Security;

/// How long a server may be silent where it should greet before it is asked whether it waits for TLS.
const SILENCE: Duration = Duration::from_secs(2);

/// The conversation before the sign-in.
#[derive(Clone, Copy)]
pub(super) struct Opening<'a> {
    pub(super) endpoint: &'a Endpoint,
    pub(super) timeouts: &'a Timeouts,
}

impl Opening<'_> {
    /// Connects and encrypts as the endpoint says.
    pub(super) async fn open(self) -> Result<(Wire, Capabilities), SmtpError> {
        match self.endpoint.server.security {
            Security::Tls => self.encrypted().await,
            Security::None => self.plain().await,
            Security::Starttls => {
                let (wire, offered) = self.plain().await?;
                self.start_tls(wire, &offered).await
            }
        }
    }

    /// TLS from the first byte.
    async fn encrypted(self) -> Result<(Wire, Capabilities), SmtpError> {
        let socket = Box::new(net::connect(self.endpoint.peer(), self.timeouts.connect).await?);
        let socket = net::encrypt(socket, self.endpoint.peer(), self.timeouts.command).await?;
        self.greet(socket).await
    }

    /// A server that is silent where it should greet may wait for TLS: that is found out beside the waiting,
    /// rather than after it.
    pub(super) async fn plain(self) -> Result<(Wire, Capabilities), SmtpError> {
        let socket = Box::new(net::connect(self.endpoint.peer(), self.timeouts.connect).await?);
        tokio::select! {
            greeted = self.greet(socket) => greeted,
            error = self.tls_from_the_first_byte() => Err(error),
        }
    }

    async fn greet(self, socket: Box<dyn Socket>) -> Result<(Wire, Capabilities), SmtpError> {
        let mut wire = Wire::over(socket);
        let greeting = wire
            .reply(self.timeouts.command)
            .await
            .map_err(|broken| broken.at(Stage::Connect, &self.endpoint.provider))?;
        self.accepted(Stage::Connect, &greeting)?;
        let offered = self.hello(&mut wire).await?;
        Ok((wire, offered))
    }

    /// Once the server has been silent for a while: whether it answers to TLS. Never ends if it does not.
    async fn tls_from_the_first_byte(self) -> SmtpError {
        tokio::time::sleep(SILENCE.min(self.timeouts.command / 4)).await;
        let Timeouts { connect, command, .. } = *self.timeouts;
        if !net::answers_to_tls(self.endpoint.peer(), connect, command).await {
            return std::future::pending().await;
        }
        let words = format!(
            "port {} speaks TLS from the first byte (implicit TLS): another TLS mode was set, so the handshake never began. Choose TLS",
            self.endpoint.server.port
        );
        SmtpError::known(Stage::Tls, Meaning::EncryptionMismatch, &words)
    }

    async fn hello(self, wire: &mut Wire) -> Result<Capabilities, SmtpError> {
        let hello = format!("EHLO {}", self.endpoint.hello);
        let reply = wire
            .command(&hello, self.timeouts.command)
            .await
            .map_err(|broken| broken.at(Stage::Connect, &self.endpoint.provider))?;
        self.accepted(Stage::Connect, &reply)?;
        Ok(Capabilities::of(&reply))
    }

    pub(super) async fn start_tls(
        self,
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

    fn accepted(self, stage: Stage, reply: &Reply) -> Result<(), SmtpError> {
        if reply.is_positive() {
            return Ok(());
        }
        Err(SmtpError::refused(stage, reply, &self.endpoint.provider))
    }
}
