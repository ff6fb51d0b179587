//! Commands out, replies in.

use super::error::SmtpError;
use super::reply::{NotAReply, Reply};
use crate::net::Socket;
use futures::FutureExt;
use std::io;
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::ProviderKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// How long a reply is waited for once writing has failed: it is there already, or never comes.
const AFTER_A_FAILED_WRITE: Duration = Duration::from_secs(1);

/// Room for the replies to one mail, in bytes.
const REPLIES: usize = 4096;

/// No reply came.
#[derive(Debug)]
pub(super) enum Broken {
    Io(io::Error),
    Closed,
    TimedOut(Duration),
    NotSmtp(String),
}

impl Broken {
    /// What that means at a step.
    pub(super) fn at(self, stage: Stage, provider: &ProviderKey) -> SmtpError {
        let lost = Meaning::ConnectionLost;
        match self {
            Self::Closed => SmtpError::known(stage, lost, "the server closed the connection without a word"),
            Self::TimedOut(limit) => {
                let words = format!("timed out: no reply within {limit:?}");
                SmtpError::known(stage, Meaning::TimedOut, &words)
            }
            Self::NotSmtp(text) => {
                let words = format!("this is not an SMTP server; it said: {text}");
                SmtpError::known(stage, Meaning::WrongServer, &words)
            }
            Self::Io(error) => {
                let words = format!("the connection broke: {error}");
                match error.kind() {
                    io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof => SmtpError::known(stage, lost, &words),
                    _ => SmtpError::broken(stage, &words, provider),
                }
            }
        }
    }
}

/// A connection and what has come over it but was not read yet.
pub(super) struct Wire {
    socket: Box<dyn Socket>,
    unread: Vec<u8>,
    failed: Option<Broken>,
}

impl Wire {
    pub(super) fn over(socket: Box<dyn Socket>) -> Self {
        Self {
            socket,
            unread: Vec::with_capacity(REPLIES),
            failed: None,
        }
    }

    /// Writes commands or a mail, all at once. A failure shows at the next [`reply`](Self::reply), since a
    /// server that refuses and closes may have said why.
    pub(super) async fn write(&mut self, bytes: &[u8], limit: Duration) {
        if self.failed.is_some() {
            return;
        }
        let written = tokio::time::timeout(limit, async {
            self.socket.write_all(bytes).await?;
            self.socket.flush().await
        });
        self.failed = match written.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(Broken::Io(error)),
            Err(_) => Some(Broken::TimedOut(limit)),
        };
    }

    /// Waits for one whole reply.
    pub(super) async fn reply(&mut self, limit: Duration) -> Result<Reply, Broken> {
        let failed = self.failed.is_some();
        let limit = if failed { AFTER_A_FAILED_WRITE } else { limit };
        let outcome = match tokio::time::timeout(limit, self.read()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Broken::TimedOut(limit)),
        };
        match outcome {
            Err(broken) => Err(self.failed.take().unwrap_or(broken)),
            Ok(reply) => Ok(reply),
        }
    }

    /// Writes one command and waits for its reply.
    pub(super) async fn command(&mut self, line: &str, limit: Duration) -> Result<Reply, Broken> {
        self.write(format!("{line}\r\n").as_bytes(), limit).await;
        self.reply(limit).await
    }

    async fn read(&mut self) -> Result<Reply, Broken> {
        loop {
            match Reply::read(&self.unread) {
                Ok(Some((reply, used))) => {
                    self.unread.drain(..used);
                    return Ok(reply);
                }
                Err(NotAReply(text)) => return Err(Broken::NotSmtp(text)),
                Ok(None) => {}
            }
            let ended = match self.socket.read_buf(&mut self.unread).await {
                Ok(0) => Broken::Closed,
                Err(error) => Broken::Io(error),
                Ok(_) => continue,
            };
            let last_words = Reply::read_cut_short(&self.unread);
            self.unread.clear();
            return last_words.ok_or(ended);
        }
    }

    /// Whether the server has neither spoken nor closed since the last reply: between mails, either means
    /// that it ends the session. Does not wait.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.failed.is_none()
            && self.unread.is_empty()
            && self.socket.read_buf(&mut self.unread).now_or_never().is_none()
    }

    /// The bare socket, for the TLS handshake; `None` if something came that belongs to no reply: it was
    /// not protected and must not be taken for what is said after the handshake (RFC 3207 section 6).
    pub(super) fn into_socket(self) -> Option<Box<dyn Socket>> {
        self.unread.is_empty().then_some(self.socket)
    }
}
