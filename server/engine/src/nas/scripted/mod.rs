//! A NAS's web service that answers as it is told, for tests: QTS's `authLogin.cgi` or DSM's web API.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

mod dsm;
mod http;
mod qts;

use super::NasConfig;
use http::Request;
use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tocsin_domain::nas::System;

/// What the NAS says of a user's being an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Nothing.
    Absent,
}

/// How it is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It answers.
    Well,
    /// It answers by HTTPS only, with a certificate for another name, and redirects there.
    ForcedHttps,
    /// It redirects to HTTPS without end.
    Circle,
    /// It answers with a page.
    Garbage,
    /// It takes a question and says nothing.
    Hanging,
    /// It hangs up.
    Broken,
}

#[derive(Debug, Clone)]
struct User {
    password: String,
    flag: Flag,
    code: Option<String>,
    /// What it says instead of letting them in.
    refusal: Option<i64>,
}

#[derive(Debug)]
struct State {
    mood: Mood,
    secure_port: u16,
    users: BTreeMap<String, User>,
    sessions: BTreeMap<String, String>,
    /// DSM: whether a session must come with its token.
    needs_token: bool,
    asked: Vec<String>,
}

/// The web service. It ends with the runtime of its test.
#[derive(Debug, Clone)]
pub struct ScriptedNas {
    system: System,
    port: u16,
    state: Arc<Mutex<State>>,
}

impl ScriptedNas {
    /// One with an administrator `anna` and another user `bob`, whose passwords are `right`.
    pub async fn start(system: System) -> Self {
        let nas = Self {
            system,
            port: 0,
            state: Arc::new(Mutex::new(State {
                mood: Mood::Well,
                secure_port: 0,
                users: BTreeMap::new(),
                sessions: BTreeMap::new(),
                needs_token: false,
                asked: Vec::new(),
            })),
        };
        nas.user("anna", Flag::Yes);
        nas.user("bob", Flag::No);
        let (port, secure_port) = http::serve(nas.clone()).await;
        nas.lock().secure_port = secure_port;
        Self { port, ..nas }
    }

    /// How Tocsin finds it.
    pub fn config(&self) -> NasConfig {
        NasConfig {
            port: NonZeroU16::new(self.port),
            patience: Duration::from_secs(2),
            ..NasConfig::new(self.system)
        }
    }

    /// The port on which it speaks HTTP.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Knows somebody, or knows something else of them.
    pub fn user(&self, name: &str, flag: Flag) {
        let user = User {
            password: "right".to_owned(),
            flag,
            code: None,
            refusal: None,
        };
        self.lock().users.insert(name.to_owned(), user);
    }

    /// From now on somebody must enter a code, too.
    pub fn ask_for_code(&self, name: &str, code: &str) {
        self.lock().users.get_mut(name).unwrap().code = Some(code.to_owned());
    }

    /// From now on somebody is refused with an error's number.
    pub fn refuse(&self, name: &str, error: i64) {
        self.lock().users.get_mut(name).unwrap().refusal = Some(error);
    }

    /// From now on, on DSM, a session counts only with its token.
    pub fn need_token(&self) {
        self.lock().needs_token = true;
    }

    /// Somebody signs in on the NAS's own page; gives the session's id.
    pub fn open(&self, name: &str) -> String {
        self.lock().open(name)
    }

    /// They sign out there.
    pub fn close(&self, sid: &str) {
        self.lock().sessions.remove(sid);
    }

    /// The sessions that are open.
    pub fn sessions(&self) -> usize {
        self.lock().sessions.len()
    }

    /// From now on.
    pub fn be(&self, mood: Mood) {
        self.lock().mood = mood;
    }

    /// What it was asked: the request's line, its session headers, and the form.
    pub fn asked(&self) -> Vec<String> {
        self.lock().asked.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The text of an answer, and its kind.
    fn answer(&self, request: &Request) -> (&'static str, String) {
        let mut state = self.lock();
        state.asked.push(request.to_string());
        match self.system {
            System::Qts => ("text/xml", qts::answer(&mut state, request)),
            System::Dsm => ("application/json", dsm::answer(&mut state, request)),
        }
    }
}

impl State {
    fn open(&mut self, name: &str) -> String {
        let sid = format!("sid{}of{name}", self.sessions.len() + self.asked.len());
        self.sessions.insert(sid.clone(), name.to_owned());
        sid
    }

    fn flag(&self, name: &str) -> Flag {
        self.users.get(name).map_or(Flag::Absent, |user| user.flag)
    }
}
