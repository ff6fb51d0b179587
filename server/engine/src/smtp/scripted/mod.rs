//! For tests: a mail server on the loopback interface that answers as it is told.
//!
//! Without further word a [`Script`] takes every sign-in and every mail, as a well-behaved server does. Tests
//! say where it departs from that: [`Script::on`] for the next time, [`Script::always`] for every time. What
//! came in is in the [`Record`].
//!
//! ```no_run
//! # async fn example() {
//! use tocsin_engine::smtp::scripted::{Act, Script, Scripted, Step};
//!
//! let server = Scripted::start(Script::plain().on(Step::Mail, Act::say("451 4.3.0 try later"))).await;
//! let endpoint = server.endpoint();
//! // … send two mails: the first is put off …
//! assert_eq!(server.mails(1).await.len(), 1);
//! # }
//! ```

// Support for tests: what goes wrong here must end the test.
#![allow(clippy::missing_panics_doc, clippy::unwrap_used)]

mod certificates;
mod conversation;
mod record;
mod script;
mod sign_in;

pub use certificates::Identity;
pub use record::{Protection, ReceivedMail, Record, SignInSeen};
pub use script::{Act, Script, Step};

use super::endpoint::{Endpoint, HelloName};
use certificates::Authority;
use conversation::Conversation;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tocsin_domain::provider::{ProviderKey, Security, Server};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// How long a test waits for something that should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server; stops when it is dropped.
#[derive(Debug)]
pub struct Scripted {
    shared: Arc<Shared>,
    port: u16,
    accepting: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<Script>,
    record: watch::Sender<Record>,
    authority: Authority,
    connections: Mutex<JoinSet<()>>,
}

impl Scripted {
    /// Starts a server on a free port of 127.0.0.1.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            record: watch::Sender::new(Record::default()),
            authority: Authority::new(),
            connections: Mutex::new(JoinSet::new()),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Self {
            shared,
            port,
            accepting,
        }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The authority that signed the server's certificates, in PEM.
    pub fn ca(&self) -> String {
        self.shared.authority.pem()
    }

    /// How to reach the server by its address, with its authority trusted.
    pub fn endpoint(&self) -> Endpoint {
        let security = self.shared.script.lock().unwrap().security();
        Endpoint {
            server: Server {
                host: "127.0.0.1".to_owned(),
                port: self.port,
                security,
                ca: (security != Security::None).then(|| self.ca()),
            },
            provider: ProviderKey::new(ProviderKey::CUSTOM),
            hello: HelloName::default(),
        }
    }

    /// Changes the script from the next step on, also for open connections.
    pub fn change(&self, change: impl FnOnce(Script) -> Script) {
        let mut script = self.shared.script.lock().unwrap();
        *script = change(std::mem::take(&mut *script));
    }

    /// Breaks all open connections; new ones are taken.
    pub fn hang_up(&self) {
        self.shared.connections.lock().unwrap().abort_all();
    }

    /// What came in so far.
    pub fn record(&self) -> Record {
        self.shared.record.borrow().clone()
    }

    /// Waits until the server has taken so many mails, and returns all that it has.
    pub async fn mails(&self, count: usize) -> Vec<ReceivedMail> {
        self.when(|record| record.mails.len() >= count).await.mails
    }

    /// Waits until the record is as wanted.
    ///
    /// Panics after 30 seconds with the record as it is then.
    pub async fn when(&self, wanted: impl FnMut(&Record) -> bool) -> Record {
        let mut record = self.shared.record.subscribe();
        let seen = tokio::time::timeout(PATIENCE, record.wait_for(wanted)).await;
        match seen {
            Ok(Ok(record)) => record.clone(),
            _ => panic!("what the test waits for did not come: {:#?}", self.record()),
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.accepting.abort();
        self.hang_up();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut number = 0;
    while let Ok((socket, _)) = listener.accept().await {
        number += 1;
        socket.set_nodelay(true).unwrap();
        shared.record.send_modify(|record| {
            record.connections = number;
            record.open += 1;
            record.most_open = record.most_open.max(record.open);
        });
        let open = Open(Arc::clone(&shared));
        let conversation = Conversation::new(number, Arc::clone(&shared));
        let mut connections = shared.connections.lock().unwrap();
        while connections.try_join_next().is_some() {}
        connections.spawn(async move {
            // A client that goes away ends the conversation; that is no fault.
            drop(conversation.run(Box::new(socket)).await);
            drop(open);
        });
    }
}

/// An open connection, however it ends.
struct Open(Arc<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.record.send_modify(|record| record.open -= 1);
    }
}
