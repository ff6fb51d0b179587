//! What the scripted server does, and where it departs from good behaviour.

use crate::smtp::scripted::Act;
use std::collections::{HashMap, VecDeque};

/// What the server does.
#[derive(Debug, Clone)]
pub struct ImapScript {
    pub(super) capabilities: String,
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

    pub(super) fn knows(&self, user: &str, secret: &str) -> bool {
        let fits = |known: &(String, String)| known.0 == user && known.1 == secret;
        self.known.as_ref().is_none_or(|known| known.iter().any(fits))
    }

    pub(super) fn take(&mut self, command: &str) -> Option<Act> {
        let queued = self.next.get_mut(command).and_then(VecDeque::pop_front);
        queued.or_else(|| self.standing.get(command).cloned())
    }
}

impl Default for ImapScript {
    fn default() -> Self {
        Self::new()
    }
}
