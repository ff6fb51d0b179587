//! `TestApp`: the real program on a free port, with a data directory of its own, and a browser's side of it.
//! No file in `support/` is a test.
#![allow(dead_code, clippy::unwrap_used)]

use reqwest::header::{ACCEPT, COOKIE, HeaderMap, LOCATION, REFERER, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use tempfile::TempDir;

/// The password of the administrator that [`TestApp::set_up`] makes.
pub const PASSWORD: &str = "correct-horse-battery";

/// Where its log goes, in its data directory.
const LOG: &str = "log-of-the-test";

/// A running Tocsin. It is killed when the test ends.
pub struct TestApp {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    /// What it printed at its start; none once there is an administrator.
    pub setup_code: Option<String>,
    /// Its data directory.
    pub data: TempDir,
    client: Client,
    session: Mutex<Option<String>>,
    brought: Mutex<String>,
    process: Child,
}

/// The program, to be run with a data directory. Arguments override what it sets.
pub fn program(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
    command
        .args(["serve", "--data"])
        .arg(data)
        .env("TOCSIN_LISTEN", "127.0.0.1:0")
        .env("TOCSIN_SITE", data.join("no-site"))
        .env("RUST_LOG", "error")
        .stderr(Stdio::piped());
    command
}

/// Runs it to its end.
pub fn run(data: &Path, arguments: &[&str]) -> Output {
    program(data).args(arguments).output().unwrap()
}

impl TestApp {
    /// Starts with an empty data directory.
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), &[])
    }

    /// Starts with a data directory and further arguments.
    pub fn start_in(data: TempDir, arguments: &[&str]) -> Self {
        let mut process = program(data.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(File::create(data.path().join(LOG)).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().expect("it says where it runs").unwrap();
        let url = first.strip_prefix("Tocsin runs at ").unwrap().to_owned();
        // Left there by `set_up`.
        let is_set_up = data.path().join("set-up").exists();
        let setup_code = (!is_set_up)
            .then(|| lines.next().unwrap().unwrap())
            .map(|line| line.strip_prefix("Set-up code: ").unwrap().to_owned());
        // Without the platform's certificates, which no test needs.
        rustls::crypto::ring::default_provider().install_default().ok();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_only([])
            .build()
            .unwrap();
        Self {
            url,
            setup_code,
            data,
            client,
            session: Mutex::default(),
            brought: Mutex::default(),
            process,
        }
    }

    /// Starts, and signs the first administrator in.
    pub async fn set_up() -> Self {
        Self::set_up_with(&[]).await
    }

    /// The same, with further arguments.
    pub async fn set_up_with(arguments: &[&str]) -> Self {
        let app = Self::start_in(tempfile::tempdir().unwrap(), arguments);
        let code = app.setup_code.clone().unwrap();
        let answer = app
            .submit(
                "/setup",
                "/api/set-up",
                &[
                    ("code", &code),
                    ("name", "admin"),
                    ("address", "admin@example.com"),
                    ("password", PASSWORD),
                ],
            )
            .await;
        assert!(location(&answer).ends_with('/'), "{}", location(&answer));
        assert!(app.session.lock().unwrap().is_some());
        std::fs::write(app.data.path().join("set-up"), "").unwrap();
        app
    }

    /// Forgets the session, as another browser would not know it.
    pub fn forget_session(&self) {
        *self.session.lock().unwrap() = None;
    }

    /// From now on the browser brings these cookies of another page on this host along, too.
    pub fn bring(&self, cookies: &str) {
        cookies.clone_into(&mut self.brought.lock().unwrap());
    }

    /// Tells it to stop, waits for its end, and gives back the data directory.
    pub fn stop(mut self) -> TempDir {
        let id = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.process.wait().unwrap().success());
        self.has_not_panicked();
        let other = tempfile::tempdir().unwrap();
        File::create(other.path().join(LOG)).unwrap();
        std::mem::replace(&mut self.data, other)
    }

    /// It begins again after a panic, and hardly anybody would notice.
    fn has_not_panicked(&self) {
        assert!(!self.log().contains("panicked"), "{}", self.log());
    }

    /// A page, as a browser asks for it.
    pub async fn get(&self, path: &str) -> Response {
        self.send(self.client.get(self.at(path)).header(ACCEPT, "text/html,*/*"))
            .await
    }

    /// A page's text.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    /// A form that was filled in on a page and sent without a script.
    pub async fn submit(&self, page: &str, function: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.client.post(self.at(function)).form(fields);
        let request = request
            .header(ACCEPT, "text/html,*/*")
            .header(REFERER, self.at(page))
            .header("sec-fetch-site", "same-origin");
        self.send(request).await
    }

    /// The page that follows a form.
    pub async fn follow(&self, answer: &Response) -> String {
        self.page(
            location(answer)
                .strip_prefix(&self.url)
                .unwrap_or(location(answer)),
        )
        .await
    }

    /// A server function, as a script calls it.
    pub async fn call(&self, function: &str, fields: &[(&str, &str)]) -> Response {
        self.send(self.client.post(self.at(function)).form(fields)).await
    }

    /// The same, with headers of its own.
    pub async fn call_with(
        &self,
        function: &str,
        headers: &[(&'static str, &str)],
        fields: &[(&str, &str)],
    ) -> Response {
        let request = self.client.post(self.at(function)).form(fields);
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request).await
    }

    /// A request with headers of its own.
    pub async fn post_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Response {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        self.send(self.client.post(self.at(path)).headers(headers)).await
    }

    /// An address of it.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.path().join(LOG)).unwrap()
    }

    /// A request for a page, as a browser makes it, with the session; not yet sent.
    pub fn asking(&self, path: &str) -> RequestBuilder {
        self.with_session(self.client.get(self.at(path)).header(ACCEPT, "text/html,*/*"))
    }

    /// A form without fields, with the session; not yet sent.
    pub fn posting(&self, path: &str) -> RequestBuilder {
        let form = self.client.post(self.at(path)).form(&[("", ""); 0]);
        self.with_session(form.header(ACCEPT, "text/html,*/*"))
    }

    /// What a browser would send as its cookies.
    pub fn cookies(&self) -> String {
        let session = self.session.lock().unwrap().clone();
        let brought = self.brought.lock().unwrap().clone();
        let cookies: Vec<_> = session
            .into_iter()
            .chain([brought])
            .filter(|cookie| !cookie.is_empty())
            .collect();
        cookies.join("; ")
    }

    fn with_session(&self, request: RequestBuilder) -> RequestBuilder {
        let cookies = self.cookies();
        if cookies.is_empty() {
            request
        } else {
            request.header(COOKIE, cookies)
        }
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        let answer = self.with_session(request).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let is_empty = pair.ends_with('=');
            *self.session.lock().unwrap() = (!is_empty).then(|| pair.to_owned());
        }
        answer
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprint!("{}", self.log());
        } else {
            self.has_not_panicked();
        }
    }
}

/// Where an answer leads.
pub fn location(answer: &Response) -> &str {
    let location = answer.headers().get(LOCATION);
    let location = location.unwrap_or_else(|| panic!("{} leads nowhere", answer.status()));
    location.to_str().unwrap()
}

/// A header's value.
pub fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}
