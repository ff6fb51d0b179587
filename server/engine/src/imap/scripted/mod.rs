//! For tests: an IMAP server on the loopback interface with one mailbox, which answers as it is told.
//!
//! Without further word it takes every sign-in, and finds and shows the mails that were put in by
//! [`deliver`](ScriptedImap::deliver). Tests say where it departs from that, command by command.

// Support for tests: what goes wrong here must end the test.
#![allow(clippy::missing_panics_doc, clippy::unwrap_used)]

mod search;

use crate::smtp::scripted::Act;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tocsin_domain::provider::{Security, Server};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// How long a test waits for something that should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// What Google says about a token that it does not accept.
const TOKEN_REFUSED: &str = r#"{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}"#;

/// What the server does.
#[derive(Debug, Clone)]
pub struct ImapScript {
    capabilities: String,
    known: Option<Vec<(String, String)>>,
    standing: HashMap<String, Act>,
    next: HashMap<String, VecDeque<Act>>,
}

impl ImapScript {
    /// Takes everything, offers IDLE.
    pub fn new() -> Self {
        Self {
            capabilities: "IMAP4rev1 IDLE SASL-IR AUTH=PLAIN AUTH=XOAUTH2".to_owned(),
            known: None,
            standing: HashMap::new(),
            next: HashMap::new(),
        }
    }

    /// Offers other extensions.
    #[must_use]
    pub fn offering(mut self, capabilities: &str) -> Self {
        capabilities.clone_into(&mut self.capabilities);
        self
    }

    /// From now on only named users may sign in; this is one, with a password or an access token.
    #[must_use]
    pub fn knowing(mut self, user: &str, secret: &str) -> Self {
        let known = self.known.get_or_insert_default();
        known.push((user.to_owned(), secret.to_owned()));
        self
    }

    /// From now on nobody may sign in.
    #[must_use]
    pub fn knowing_nobody(mut self) -> Self {
        self.known = Some(Vec::new());
        self
    }

    /// Does this each time that a command comes (`GREETING`, `LOGIN`, `EXAMINE`, `SEARCH`, `FETCH`, …). In what it
    /// says, `TAG` stands for the command's tag.
    #[must_use]
    pub fn always(mut self, command: &str, act: Act) -> Self {
        self.standing.insert(command.to_owned(), act);
        self
    }

    /// Does this the next time that a command comes.
    #[must_use]
    pub fn on(mut self, command: &str, act: Act) -> Self {
        self.next.entry(command.to_owned()).or_default().push_back(act);
        self
    }

    fn knows(&self, user: &str, secret: &str) -> bool {
        let fits = |known: &(String, String)| known.0 == user && known.1 == secret;
        self.known.as_ref().is_none_or(|known| known.iter().any(fits))
    }

    fn take(&mut self, command: &str) -> Option<Act> {
        let queued = self.next.get_mut(command).and_then(VecDeque::pop_front);
        queued.or_else(|| self.standing.get(command).cloned())
    }
}

impl Default for ImapScript {
    fn default() -> Self {
        Self::new()
    }
}

/// A mail in the mailbox.
#[derive(Debug, Clone)]
struct Held {
    uid: u32,
    raw: String,
}

/// What came in, and what is there.
#[derive(Debug, Clone, Default)]
pub struct ImapRecord {
    /// How many connections were taken.
    pub connections: usize,
    /// How many are open.
    pub open: usize,
    /// Every line that came, of all connections.
    pub lines: Vec<String>,
    mails: Vec<Held>,
    uid_validity: u32,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<ImapScript>,
    record: watch::Sender<ImapRecord>,
    connections: Mutex<JoinSet<()>>,
}

/// A running server; stops when it is dropped.
#[derive(Debug)]
pub struct ScriptedImap {
    shared: Arc<Shared>,
    port: u16,
    accepting: AbortHandle,
}

impl ScriptedImap {
    /// Starts a server on a free port of 127.0.0.1.
    pub async fn start(script: ImapScript) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            record: watch::Sender::new(ImapRecord {
                uid_validity: 1000,
                ..ImapRecord::default()
            }),
            connections: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Self {
            shared,
            port,
            accepting,
        }
    }

    /// How to reach it.
    pub fn server(&self) -> Server {
        Server {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: Security::None,
            ca: None,
        }
    }

    /// Changes the script from the next command on.
    pub fn change(&self, change: impl FnOnce(ImapScript) -> ImapScript) {
        let mut script = self.shared.script.lock().unwrap();
        *script = change(script.clone());
    }

    /// Puts a mail into the mailbox and tells who idles.
    pub fn deliver(&self, raw: &str) {
        self.shared.record.send_modify(|record| {
            let uid = record.mails.last().map_or(1, |last| last.uid + 1);
            let raw = raw.replace("\r\n", "\n").replace('\n', "\r\n");
            record.mails.push(Held { uid, raw });
        });
    }

    /// Gives all mails new UIDs under a new UIDVALIDITY, as a mailbox has that was restored.
    pub fn renumber(&self) {
        self.shared.record.send_modify(|record| {
            record.uid_validity += 1;
            for (mail, uid) in record.mails.iter_mut().zip(501..) {
                mail.uid = uid;
            }
        });
        self.hang_up();
    }

    /// Breaks all open connections; new ones are taken.
    pub fn hang_up(&self) {
        self.shared.connections.lock().unwrap().abort_all();
    }

    /// What came in so far.
    pub fn record(&self) -> ImapRecord {
        self.shared.record.borrow().clone()
    }

    /// Waits until the record is as wanted. Panics after 30 seconds with the record as it is then.
    pub async fn when(&self, wanted: impl FnMut(&ImapRecord) -> bool) -> ImapRecord {
        let mut record = self.shared.record.subscribe();
        let seen = tokio::time::timeout(PATIENCE, record.wait_for(wanted)).await;
        match seen {
            Ok(Ok(record)) => record.clone(),
            _ => panic!("what the test waits for did not come: {:#?}", self.record()),
        }
    }
}

impl Drop for ScriptedImap {
    fn drop(&mut self) {
        self.accepting.abort();
        self.hang_up();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((socket, _)) = listener.accept().await {
        socket.set_nodelay(true).unwrap();
        shared.record.send_modify(|record| record.connections += 1);
        let mut connections = shared.connections.lock().unwrap();
        while connections.try_join_next().is_some() {}
        let conversation = Conversation::new(socket, Arc::clone(&shared));
        connections.spawn(async move {
            // A client that goes away ends the conversation; that is no fault.
            drop(conversation.run().await);
        });
    }
}

struct Conversation {
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
    fn new(socket: TcpStream, shared: Arc<Shared>) -> Self {
        shared.record.send_modify(|record| record.open += 1);
        let (reader, writer) = socket.into_split();
        Self {
            shared,
            reader: BufReader::new(reader),
            writer,
            told: 0,
        }
    }

    async fn run(mut self) -> io::Result<()> {
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
