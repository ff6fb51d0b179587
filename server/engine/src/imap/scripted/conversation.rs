//! One connection to the scripted server.

use super::{ImapRecord, Shared, search};
use crate::smtp::scripted::Act;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// What Google says about a token that it does not accept.
const TOKEN_REFUSED: &str = r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#;

pub(super) struct Conversation {
    shared: Arc<Shared>,
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
    /// How many mails the client was told of.
    told: usize,
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.shared.record.send_modify(|record| record.open -= 1);
    }
}

impl Conversation {
    pub(super) fn new(socket: TcpStream, shared: Arc<Shared>) -> Self {
        shared.record.send_modify(|record| record.open += 1);
        let (reader, writer) = socket.into_split();
        Self {
            shared,
            reader: BufReader::new(reader),
            writer,
            told: 0,
        }
    }

    pub(super) async fn run(mut self) -> io::Result<()> {
        self.act("GREETING", "", "* OK scripted.test ready".into())
            .await?;
        while let Some(line) = self.line().await? {
            let (tag, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let rest = rest.strip_prefix("UID ").unwrap_or(rest);
            let (command, arguments) = rest.split_once(' ').unwrap_or((rest, ""));
            match command {
                "AUTHENTICATE" => self.authenticate(tag, arguments).await?,
                "IDLE" => self.idle(tag).await?,
                _ => {
                    if matches!(command, "EXAMINE" | "NOOP") {
                        self.told = self.shared.record.borrow().mails.len();
                    }
                    let answer = self.answer(tag, command, arguments);
                    self.act(command, tag, answer).await?;
                }
            }
        }
        Ok(())
    }

    fn answer(&self, tag: &str, command: &str, arguments: &str) -> String {
        let record = self.shared.record.borrow();
        let script = self.shared.script.lock().unwrap();
        match command {
            "CAPABILITY" => format!("* CAPABILITY {}\n{tag} OK done", script.capabilities),
            "LOGIN" => {
                let words: Vec<_> = arguments.split('"').collect();
                let (user, secret) = (words.get(1).copied(), words.get(3).copied());
                verdict(
                    tag,
                    script.knows(user.unwrap_or_default(), secret.unwrap_or_default()),
                )
            }
            "EXAMINE" => {
                let next = record.mails.last().map_or(1, |last| last.uid + 1);
                format!(
                    "* {} EXISTS\n* OK [UIDVALIDITY {}] valid\n* OK [UIDNEXT {next}] next\n{tag} OK [READ-ONLY] done",
                    record.mails.len(),
                    record.uid_validity
                )
            }
            "SEARCH" => {
                let found: Vec<_> = record
                    .mails
                    .iter()
                    .filter(|mail| search::fits(mail.uid, &mail.raw, arguments))
                    .map(|mail| mail.uid.to_string())
                    .collect();
                format!("* SEARCH {}\n{tag} OK done", found.join(" "))
            }
            "FETCH" => fetch(&record, tag, arguments),
            "NOOP" | "ID" => format!("* {} EXISTS\n{tag} OK done", record.mails.len()),
            "LOGOUT" => format!("* BYE bye\n{tag} OK done"),
            _ => format!("{tag} BAD unknown command"),
        }
    }

    async fn authenticate(&mut self, tag: &str, mechanism: &str) -> io::Result<()> {
        self.act("AUTHENTICATE", tag, "+ ".into()).await?;
        let answer = self.line().await?.unwrap_or_default();
        let answer = String::from_utf8(STANDARD.decode(answer).unwrap_or_default()).unwrap_or_default();
        let (user, secret) = if mechanism == "PLAIN" {
            let mut parts = answer.split('\0').skip(1);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        } else {
            let mut parts = answer.split('\x01');
            let user = parts.next().and_then(|part| part.strip_prefix("user="));
            let token = parts.next().and_then(|part| part.strip_prefix("auth=Bearer "));
            (user.unwrap_or_default(), token.unwrap_or_default())
        };
        let knows = self.shared.script.lock().unwrap().knows(user, secret);
        if !knows && mechanism == "XOAUTH2" {
            self.say(&format!("+ {}", STANDARD.encode(TOKEN_REFUSED))).await?;
            assert_eq!(
                self.line().await?.as_deref(),
                Some(""),
                "an empty line is awaited"
            );
        }
        self.act("RESPONSE", tag, verdict(tag, knows)).await
    }

    async fn idle(&mut self, tag: &str) -> io::Result<()> {
        self.act("IDLE", tag, "+ idling".into()).await?;
        let mut record = self.shared.record.subscribe();
        loop {
            let mails = record.borrow_and_update().mails.len();
            if mails > self.told {
                self.told = mails;
                self.say(&format!("* {mails} EXISTS")).await?;
            }
            let mut line = Vec::new();
            tokio::select! {
                read = self.reader.read_until(b'\n', &mut line) => {
                    read?;
                    return self.say(&format!("{tag} OK done")).await;
                }
                _ = record.changed() => {}
            }
        }
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        if self.reader.read_until(b'\n', &mut line).await? == 0 {
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

    async fn say(&mut self, lines: &str) -> io::Result<()> {
        let text = lines.replace("\r\n", "\n").replace('\n', "\r\n");
        self.writer.write_all(format!("{text}\r\n").as_bytes()).await
    }

    /// Does what the script says, else answers as given.
    async fn act(&mut self, command: &str, tag: &str, answer: String) -> io::Result<()> {
        let act = self.shared.script.lock().unwrap().take(command);
        let bytes = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace("TAG", tag).into_bytes();
        match act {
            None => self.say(&answer).await,
            Some(Act::Say(said)) => self.writer.write_all(&bytes(said)).await,
            Some(Act::Pieces(pieces)) => {
                for piece in pieces {
                    self.writer.write_all(&bytes(piece)).await?;
                }
                Ok(())
            }
            Some(Act::SayThenClose(said)) => {
                self.writer.write_all(&bytes(said)).await?;
                self.writer.shutdown().await?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Some(Act::Close | Act::TakeThenClose) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Act::Silence) => {
                let mut unheard = Vec::new();
                self.reader.read_to_end(&mut unheard).await?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
        }
    }
}

fn verdict(tag: &str, knows: bool) -> String {
    if knows {
        format!("{tag} OK signed in")
    } else {
        format!("{tag} NO [AUTHENTICATIONFAILED] Authentication failed.")
    }
}

/// `1,2 (UID INTERNALDATE BODY.PEEK[…]<0.n>)`: the whole mail or its head, whatever fields were asked for.
fn fetch(record: &ImapRecord, tag: &str, arguments: &str) -> String {
    let set = arguments.split(' ').next().unwrap_or_default();
    let mut answer = String::new();
    for (number, mail) in (1..).zip(&record.mails) {
        if !set.split(',').any(|uid| uid == mail.uid.to_string()) {
            continue;
        }
        let section = if arguments.contains("PEEK[]") {
            mail.raw.as_str()
        } else {
            let head = mail.raw.find("\r\n\r\n").map_or(mail.raw.len(), |end| end + 4);
            &mail.raw[..head]
        };
        let _ = write!(
            answer,
            "* {number} FETCH (UID {} INTERNALDATE \"21-Nov-2026 12:00:00 +0000\" BODY[]<0> {{{}}}\r\n{section})\n",
            mail.uid,
            section.len()
        );
    }
    format!("{answer}{tag} OK done")
}
