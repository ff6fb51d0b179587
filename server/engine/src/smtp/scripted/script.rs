//! What a scripted server does, and where it departs from good behaviour.

use super::certificates::Identity;
use std::collections::{HashMap, VecDeque};
use tocsin_domain::provider::Security;

/// A moment at which the server acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The connection stands.
    Greeting,
    /// EHLO came.
    Ehlo,
    /// STARTTLS came.
    Starttls,
    /// A line with AUTH came.
    Auth,
    /// A line came after a 334.
    Response,
    /// MAIL came.
    Mail,
    /// RCPT came.
    Rcpt,
    /// DATA came.
    Data,
    /// The mail's last line came.
    EndOfData,
    /// RSET came.
    Rset,
    /// NOOP came.
    Noop,
    /// QUIT came.
    Quit,
}

/// What the server does at a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Answers; lines end by CRLF, also the last.
    Say(Vec<u8>),
    /// Answers and closes the connection at once.
    SayThenClose(Vec<u8>),
    /// Answers in pieces, each in a packet of its own.
    Pieces(Vec<Vec<u8>>),
    /// Closes the connection without a word.
    Close,
    /// At [`Step::EndOfData`]: keeps the mail, then closes without a word.
    TakeThenClose,
    /// Keeps silent until the client goes.
    Silence,
}

impl Act {
    /// Answers with these lines (CRLF is added).
    pub fn say(text: &str) -> Self {
        Self::Say(lines(text))
    }

    /// Answers with these lines (CRLF is added) and closes the connection at once.
    pub fn say_then_close(text: &str) -> Self {
        Self::SayThenClose(lines(text))
    }

    /// Answers with these lines (CRLF is added) byte by byte.
    pub fn dribble(text: &str) -> Self {
        Self::Pieces(lines(text).into_iter().map(|byte| vec![byte]).collect())
    }

    /// Answers in pieces that are split as given; CRLF is up to the test.
    pub fn pieces(pieces: &[&str]) -> Self {
        Self::Pieces(pieces.iter().map(|piece| piece.as_bytes().to_vec()).collect())
    }
}

fn lines(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.lines() {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

/// What a server does. Begin with [`plain`](Self::plain), [`tls`](Self::tls) or [`starttls`](Self::starttls).
#[derive(Debug, Clone, Default)]
pub struct Script {
    security: Security,
    identity: Identity,
    capabilities: Vec<String>,
    known: Option<Vec<(String, String)>>,
    refused_recipients: HashMap<String, String>,
    next: HashMap<Step, VecDeque<Act>>,
    standing: HashMap<Step, Act>,
}

impl Script {
    /// No encryption at all.
    pub fn plain() -> Self {
        Self::secured(Security::None, Identity::Good)
    }

    /// TLS from the first byte.
    pub fn tls(identity: Identity) -> Self {
        Self::secured(Security::Tls, identity)
    }

    /// STARTTLS is offered, and AUTH only after it.
    pub fn starttls(identity: Identity) -> Self {
        Self::secured(Security::Starttls, identity)
    }

    fn secured(security: Security, identity: Identity) -> Self {
        let capabilities = [
            "PIPELINING",
            "SIZE 10485760",
            "8BITMIME",
            "AUTH PLAIN LOGIN XOAUTH2",
        ];
        Self {
            security,
            identity,
            capabilities: capabilities.map(str::to_owned).to_vec(),
            ..Self::default()
        }
    }

    /// Offers these extensions instead of the usual ones. STARTTLS is offered as the security says.
    #[must_use]
    pub fn offering(mut self, capabilities: &[&str]) -> Self {
        self.capabilities = capabilities.iter().map(|line| (*line).to_owned()).collect();
        self
    }

    /// From now on only named users may sign in; this is one, with a password or an access token.
    #[must_use]
    pub fn knowing(mut self, user: &str, secret: &str) -> Self {
        self.known
            .get_or_insert_default()
            .push((user.to_owned(), secret.to_owned()));
        self
    }

    /// From now on nobody may sign in: every password and token is revoked.
    #[must_use]
    pub fn knowing_nobody(mut self) -> Self {
        self.known = Some(Vec::new());
        self
    }

    /// Answers RCPT for this address by this reply, each time.
    #[must_use]
    pub fn refusing(mut self, address: &str, reply: &str) -> Self {
        self.refused_recipients
            .insert(address.to_ascii_lowercase(), reply.to_owned());
        self
    }

    /// Does this the next time that the step comes, on whichever connection; further calls queue up.
    #[must_use]
    pub fn on(mut self, step: Step, act: Act) -> Self {
        self.next.entry(step).or_default().push_back(act);
        self
    }

    /// Does this every time, once what [`on`](Self::on) queued is used up.
    #[must_use]
    pub fn always(mut self, step: Step, act: Act) -> Self {
        self.standing.insert(step, act);
        self
    }

    pub(super) fn security(&self) -> Security {
        self.security
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    pub(super) fn capabilities(&self) -> &[String] {
        &self.capabilities
    }

    pub(super) fn knows(&self, user: &str, secret: &str) -> bool {
        self.known.as_ref().is_none_or(|known| {
            known
                .iter()
                .any(|(known_user, known_secret)| known_user == user && known_secret == secret)
        })
    }

    pub(super) fn reply_to_recipient(&self, address: &str) -> &str {
        self.refused_recipients
            .get(&address.to_ascii_lowercase())
            .map_or("250 2.1.5 Ok", String::as_str)
    }

    pub(super) fn take(&mut self, step: Step) -> Option<Act> {
        let queued = self.next.get_mut(&step).and_then(VecDeque::pop_front);
        queued.or_else(|| self.standing.get(&step).cloned())
    }
}
