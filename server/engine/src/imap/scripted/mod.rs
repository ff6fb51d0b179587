//! For tests: an IMAP server on the loopback interface with one mailbox, which answers as it is told.
//!
//! Without further word it takes every sign-in, and finds and shows the mails that were put in by
//! [`deliver`](ScriptedImap::deliver). Tests say where it departs from that, command by command.

// Support for tests: what goes wrong here must end the test.
#![allow(clippy::missing_panics_doc, clippy::unwrap_used)]

mod conversation;
mod script;
mod search;

pub use script::ImapScript;

use conversation::Conversation;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tocsin_domain::provider::{Security, Server};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// How long a test waits for something that should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

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
