//! One mail: MAIL, RCPT, DATA and the bytes (RFC 5321 section 3.3).
//!
//! Where the server offers it, the commands are written together and their replies read afterwards (RFC 2920):
//! two round trips a mail instead of four or more.

use super::capabilities::{Capabilities, Offered};
use super::content;
use super::endpoint::Timeouts;
use super::envelope::{Envelope, RefusedRecipient, Sent, in_ascii};
use super::error::{Connection, SmtpError};
use super::reply::Reply;
use super::wire::Wire;
use std::borrow::Cow;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::ProviderKey;

/// How many commands are written before their replies are read: few enough that neither side's buffers fill
/// while the other side waits (RFC 2920 section 3.1).
const GROUP: usize = 50;

/// The conversation about one mail.
pub(super) struct Transaction<'a> {
    pub(super) wire: &'a mut Wire,
    pub(super) offered: &'a Capabilities,
    pub(super) provider: &'a ProviderKey,
    pub(super) timeouts: &'a Timeouts,
}

/// What goes before the mail's bytes, and what the server said to it.
struct Progress<'a> {
    commands: Vec<Command<'a>>,
    mail_refused: Option<SmtpError>,
    accepted: usize,
    refused: Vec<RefusedRecipient>,
}

struct Command<'a> {
    line: String,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Mail,
    Rcpt(&'a EmailAddress),
    Data,
}

impl Step<'_> {
    fn stage(self) -> Stage {
        match self {
            Self::Mail => Stage::Mail,
            Self::Rcpt(_) => Stage::Rcpt,
            Self::Data => Stage::Data,
        }
    }
}

impl Transaction<'_> {
    pub(super) async fn run(mut self, envelope: &Envelope, message: &[u8]) -> Result<Sent, SmtpError> {
        let mut progress = self.plan(envelope, message)?;
        let ready = self.announce(&mut progress).await?;
        if ready.code == 354 {
            if let Some(error) = progress.failure() {
                return Err(self.send_nothing(error).await);
            }
            return self.hand_over(message, progress.refused).await;
        }
        let error = progress
            .failure()
            .unwrap_or_else(|| SmtpError::refused(Stage::Data, &ready, self.provider));
        Err(self.reset(error).await)
    }

    /// The commands, with the addresses in a form that the server takes.
    fn plan<'a>(&self, envelope: &'a Envelope, message: &[u8]) -> Result<Progress<'a>, SmtpError> {
        let local = |stage, meaning, words| SmtpError {
            connection: Connection::Usable,
            ..SmtpError::known(stage, meaning, words)
        };
        let words = "the server does not take addresses that are not ASCII (SMTPUTF8)";
        let Some(from) = self.written(&envelope.from) else {
            return Err(local(Stage::Mail, Meaning::SenderAddressInvalid, words));
        };
        let mut recipients = Vec::with_capacity(envelope.to.len());
        let mut refused = Vec::new();
        for address in &envelope.to {
            match self.written(address) {
                Some(written) => recipients.push((address, written)),
                None => refused.push(RefusedRecipient {
                    address: address.clone(),
                    code: None,
                    words: words.to_owned(),
                    verdict: Meaning::RecipientAddressInvalid.into(),
                }),
            }
        }
        if recipients.is_empty() {
            let words = if refused.is_empty() {
                "the mail has no recipient"
            } else {
                words
            };
            return Err(local(Stage::Rcpt, Meaning::RecipientAddressInvalid, words));
        }

        let mut mail = match self.offered.size {
            Offered::Yes => format!("MAIL FROM:<{from}> SIZE={}", message.len()),
            Offered::No => format!("MAIL FROM:<{from}>"),
        };
        if self.offered.eight_bit_mime == Offered::Yes && !message.is_ascii() {
            mail.push_str(" BODY=8BITMIME");
        }
        if !from.is_ascii() || recipients.iter().any(|(_, written)| !written.is_ascii()) {
            mail.push_str(" SMTPUTF8");
        }
        let mut commands = Vec::with_capacity(recipients.len() + 2);
        commands.push(Command {
            line: mail,
            step: Step::Mail,
        });
        commands.extend(recipients.into_iter().map(|(address, written)| Command {
            line: format!("RCPT TO:<{written}>"),
            step: Step::Rcpt(address),
        }));
        commands.push(Command {
            line: "DATA".to_owned(),
            step: Step::Data,
        });
        Ok(Progress {
            commands,
            mail_refused: None,
            accepted: 0,
            refused,
        })
    }

    fn written<'a>(&self, address: &'a EmailAddress) -> Option<Cow<'a, str>> {
        in_ascii(address)
            .or_else(|| (self.offered.smtp_utf8 == Offered::Yes).then_some(Cow::Borrowed(address.as_str())))
    }

    /// Says the commands and returns the reply to DATA. An error here ends the mail.
    async fn announce(&mut self, progress: &mut Progress<'_>) -> Result<Reply, SmtpError> {
        let group = match self.offered.pipelining {
            Offered::Yes => GROUP,
            Offered::No => 1,
        };
        let commands = std::mem::take(&mut progress.commands);
        let mut last = None;
        for group in commands.chunks(group) {
            if let Some(error) = progress.mail_refused.take() {
                return Err(error);
            }
            if let [Command { step: Step::Data, .. }] = group
                && let Some(error) = progress.failure()
            {
                return Err(self.reset(error).await);
            }
            let lines: String = group.iter().flat_map(|command| [&command.line, "\r\n"]).collect();
            self.wire.write(lines.as_bytes(), self.timeouts.command).await;
            for command in group {
                last = Some(self.hear(command.step, progress).await?);
            }
        }
        last.ok_or_else(|| SmtpError::known(Stage::Mail, Meaning::WrongServer, "nothing was said"))
    }

    async fn hear(&mut self, step: Step<'_>, progress: &mut Progress<'_>) -> Result<Reply, SmtpError> {
        let stage = step.stage();
        let reply = match self.wire.reply(self.timeouts.command).await {
            Ok(reply) => reply,
            Err(broken) => return Err(progress.lost(broken.at(stage, self.provider))),
        };
        if reply.is_positive() {
            if let Step::Rcpt(_) = step {
                progress.accepted += 1;
            }
            return Ok(reply);
        }
        let refusal = SmtpError::refused(stage, &reply, self.provider);
        if refusal.connection == Connection::Lost {
            return Err(progress.lost(refusal));
        }
        match step {
            Step::Mail => progress.mail_refused = Some(refusal),
            Step::Rcpt(address) => progress.refused.push(RefusedRecipient {
                address: address.clone(),
                code: refusal.code,
                words: refusal.words,
                verdict: refusal.verdict,
            }),
            Step::Data => {}
        }
        Ok(reply)
    }

    async fn hand_over(&mut self, message: &[u8], refused: Vec<RefusedRecipient>) -> Result<Sent, SmtpError> {
        let mut bytes = Vec::new();
        content::append(&mut bytes, message);
        self.wire.write(&bytes, self.timeouts.data_end).await;
        let reply = self
            .wire
            .reply(self.timeouts.data_end)
            .await
            .map_err(|broken| broken.at(Stage::Data, self.provider))?;
        if (200..300).contains(&reply.code) && reply.is_positive() {
            Ok(Sent {
                words: crate::net::bounded(&reply.words()),
                refused,
            })
        } else {
            Err(SmtpError::refused(Stage::Data, &reply, self.provider))
        }
    }

    /// The server waits for a mail for nobody: it gets an empty one (RFC 2920 section 3.1).
    async fn send_nothing(&mut self, mut error: SmtpError) -> SmtpError {
        self.wire.write(b".\r\n", self.timeouts.command).await;
        if self.wire.reply(self.timeouts.data_end).await.is_err() {
            error.connection = Connection::Lost;
        }
        error
    }

    /// Makes the server forget the mail, so that the next one can follow.
    async fn reset(&mut self, mut error: SmtpError) -> SmtpError {
        if error.connection == Connection::Usable {
            let reply = self.wire.command("RSET", self.timeouts.command).await;
            if !reply.is_ok_and(|reply| reply.is_positive()) {
                error.connection = Connection::Lost;
            }
        }
        error
    }
}

impl Progress<'_> {
    /// Why the mail cannot go, if MAIL or every recipient was refused.
    fn failure(&mut self) -> Option<SmtpError> {
        if self.mail_refused.is_some() || self.accepted > 0 {
            return self.mail_refused.take();
        }
        self.refused.first().map(|first| SmtpError {
            stage: Stage::Rcpt,
            code: first.code,
            words: first.words.clone(),
            verdict: first.verdict,
            connection: Connection::Usable,
        })
    }

    /// The connection is gone; a refusal of MAIL before says more than that.
    fn lost(&mut self, error: SmtpError) -> SmtpError {
        let error = self.mail_refused.take().unwrap_or(error);
        SmtpError {
            connection: Connection::Lost,
            ..error
        }
    }
}
