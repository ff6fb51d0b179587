//! One connection to a scripted server.

use super::Shared;
use super::record::{Protection, ReceivedMail};
use super::script::{Act, Step};
use crate::net::Socket;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::provider::Security;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio_rustls::TlsAcceptor;

/// What the server did at a step.
enum Done {
    /// Answered with this code.
    Said(u16),
    /// Kept the mail and closed.
    Took,
    /// Closed.
    Closed,
}

pub(super) struct Conversation {
    number: usize,
    pub(super) shared: Arc<Shared>,
    pub(super) protection: Protection,
    from: Option<String>,
    to: Vec<String>,
}

pub(super) type Connection = BufReader<Box<dyn Socket>>;

impl Conversation {
    pub(super) fn new(number: usize, shared: Arc<Shared>) -> Self {
        Self {
            number,
            shared,
            protection: Protection::Plain,
            from: None,
            to: Vec::new(),
        }
    }

    pub(super) async fn run(mut self, socket: Box<dyn Socket>) -> io::Result<()> {
        let security = self.shared.script.lock().unwrap().security();
        let mut connection = BufReader::new(socket);
        if security == Security::Tls {
            connection = self.encrypt(connection).await?;
        }
        let greeting = "220 scripted.test ESMTP ready";
        self.act(&mut connection, Step::Greeting, greeting).await?;
        while let Some(line) = self.line(&mut connection).await? {
            let verb = line.split([' ', ':']).next().unwrap_or_default();
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => {
                    let offer = self.offer();
                    self.act(&mut connection, Step::Ehlo, &offer).await?;
                }
                "STARTTLS" => {
                    let ready = "220 2.0.0 Ready to start TLS";
                    if self.act(&mut connection, Step::Starttls, ready).await? == 220 {
                        connection = self.encrypt(connection).await?;
                    }
                }
                "AUTH" => self.sign_in(&mut connection, &line).await?,
                "MAIL" => {
                    let reply = if self.from.is_none() {
                        "250 2.1.0 Ok"
                    } else {
                        "503 5.5.1 Error: nested MAIL command"
                    };
                    if self.act(&mut connection, Step::Mail, reply).await? == 250 {
                        self.from = Some(address(&line));
                    }
                }
                "RCPT" => {
                    let to = address(&line);
                    let reply = self.reply_to_recipient(&to);
                    if self.act(&mut connection, Step::Rcpt, &reply).await? == 250 {
                        self.to.push(to);
                    }
                }
                "DATA" => self.data(&mut connection).await?,
                "RSET" => {
                    self.forget();
                    self.act(&mut connection, Step::Rset, "250 2.0.0 Ok").await?;
                }
                "NOOP" => {
                    self.act(&mut connection, Step::Noop, "250 2.0.0 Ok").await?;
                }
                "QUIT" => {
                    self.act(&mut connection, Step::Quit, "221 2.0.0 Bye").await?;
                    return connection.get_mut().shutdown().await;
                }
                _ => {
                    let unknown = b"500 5.5.2 Unknown command\r\n";
                    connection.get_mut().write_all(unknown).await?;
                }
            }
        }
        Ok(())
    }

    async fn encrypt(&mut self, connection: Connection) -> io::Result<Connection> {
        let identity = self.shared.script.lock().unwrap().identity();
        let acceptor = TlsAcceptor::from(self.shared.authority.server(identity));
        let stream = acceptor.accept(connection.into_inner()).await?;
        self.protection = Protection::Encrypted;
        Ok(BufReader::new(Box::new(stream)))
    }

    fn offer(&self) -> String {
        let script = self.shared.script.lock().unwrap();
        let closed = script.security() == Security::Starttls && self.protection == Protection::Plain;
        let mut lines = vec!["scripted.test"];
        let capabilities = script.capabilities().iter().map(String::as_str);
        lines.extend(capabilities.filter(|line| !closed || !line.starts_with("AUTH")));
        if closed {
            lines.push("STARTTLS");
        }
        let last = lines.pop().unwrap_or_default();
        let others: Vec<String> = lines.iter().map(|line| format!("250-{line}\n")).collect();
        format!("{}250 {last}", others.concat())
    }

    fn reply_to_recipient(&self, address: &str) -> String {
        if self.from.is_none() {
            return "503 5.5.1 Error: need MAIL command".to_owned();
        }
        let script = self.shared.script.lock().unwrap();
        script.reply_to_recipient(address).to_owned()
    }

    async fn data(&mut self, connection: &mut Connection) -> io::Result<()> {
        let ready = if self.to.is_empty() {
            "554 5.5.1 Error: no valid recipients"
        } else {
            "354 End data with <CR><LF>.<CR><LF>"
        };
        if self.act(connection, Step::Data, ready).await? != 354 {
            return Ok(());
        }
        let mut data = Vec::new();
        loop {
            let start = data.len();
            if connection.read_until(b'\n', &mut data).await? == 0 {
                return Ok(());
            }
            if &data[start..] == b".\r\n" {
                data.truncate(start);
                break;
            }
            if data[start] == b'.' {
                data.remove(start);
            }
        }
        let mail = ReceivedMail {
            connection: self.number,
            from: self.from.take().unwrap_or_default(),
            to: std::mem::take(&mut self.to),
            data: String::from_utf8_lossy(&data).into_owned(),
            protection: self.protection,
        };
        let done = self.perform(connection, Step::EndOfData, "250 2.0.0 Ok: queued", |code| {
            if code == 250 && !mail.to.is_empty() {
                self.shared
                    .record
                    .send_modify(|record| record.mails.push(mail.clone()));
            }
        });
        match done.await? {
            Done::Said(_) => Ok(()),
            Done::Took => {
                self.shared.record.send_modify(|record| record.mails.push(mail));
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Done::Closed => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Reads a line and puts it on record; `None` when the client has gone.
    pub(super) async fn line(&self, connection: &mut Connection) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        if connection.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line)
            .trim_end_matches(['\r', '\n'])
            .to_owned();
        self.shared
            .record
            .send_modify(|record| record.lines.push(line.clone()));
        Ok(Some(line))
    }

    /// Does what the script says, else answers as given; returns the code that was said.
    pub(super) async fn act(&self, connection: &mut Connection, step: Step, reply: &str) -> io::Result<u16> {
        match self.perform(connection, step, reply, |_| {}).await? {
            Done::Said(code) => Ok(code),
            Done::Took | Done::Closed => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    /// `before` is told the code before it is said.
    async fn perform(
        &self,
        connection: &mut Connection,
        step: Step,
        reply: &str,
        before: impl FnOnce(u16),
    ) -> io::Result<Done> {
        let act = self.shared.script.lock().unwrap().take(step);
        let socket = connection.get_mut();
        match act.unwrap_or_else(|| Act::say(reply)) {
            Act::Say(bytes) => {
                before(code(&bytes));
                socket.write_all(&bytes).await?;
                socket.flush().await?;
                Ok(Done::Said(code(&bytes)))
            }
            Act::SayThenClose(bytes) => {
                before(code(&bytes));
                socket.write_all(&bytes).await?;
                socket.shutdown().await?;
                Ok(Done::Closed)
            }
            Act::Pieces(pieces) => {
                let whole = pieces.concat();
                before(code(&whole));
                for piece in pieces {
                    socket.write_all(&piece).await?;
                    socket.flush().await?;
                    // Long enough that the pieces arrive one by one.
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                Ok(Done::Said(code(&whole)))
            }
            Act::Close => Ok(Done::Closed),
            Act::TakeThenClose => Ok(Done::Took),
            Act::Silence => {
                let mut unheard = Vec::new();
                tokio::io::AsyncReadExt::read_to_end(connection, &mut unheard).await?;
                Ok(Done::Closed)
            }
        }
    }
}

fn code(reply: &[u8]) -> u16 {
    let digits = reply.get(..3).and_then(|digits| str::from_utf8(digits).ok());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

fn address(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(address, _)| address.to_owned())
}
