//! The real program on a prepared data directory.

use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tocsin_domain::account::{Account, AccountSettings, IsDefault, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::hours::Hours;
use tocsin_domain::id::{AccountId, RuleId};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::rule::{Conditions, Format, Pair, RuleDefinition, Switch};
use tocsin_domain::severity::Severity;
use tocsin_domain::text::Line;
use tocsin_engine::audit::Who;
use tocsin_engine::smtp::scripted::Scripted;
use tocsin_engine::time::now;
use tocsin_engine::tokens::Scope;
use tocsin_engine::{Config, Engine};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A data directory with an account, a rule that catches everything, and a token.
pub struct Seed {
    pub folder: TempDir,
    pub token: String,
}

impl Seed {
    pub async fn plant(server: &Scripted) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::start(Config::new(folder.path().to_owned()))
            .await
            .unwrap();
        let account = account(AccountId::new(engine.store.next_id()), server);
        let mut transaction = engine.store.begin().await.unwrap();
        let later = now() + SignedDuration::from_hours(1);
        engine
            .store
            .insert_account(&mut transaction, &account, None, later)
            .await
            .unwrap();
        let rule = RuleId::new(engine.store.next_id());
        engine
            .store
            .save_rule(&mut transaction, rule, &everything(account.id), now())
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        let who = Who {
            name: "test".into(),
            origin: "test".into(),
        };
        let (_, token) = engine
            .make_token(&Line::parse("load").unwrap(), Scope::Report, &who)
            .await
            .unwrap();
        engine.stop().await;
        Self {
            folder,
            token: token.expose_secret().to_owned(),
        }
    }
}

fn account(id: AccountId, server: &Scripted) -> Account {
    let settings = AccountSettings {
        provider: ProviderKey::new(ProviderKey::CUSTOM),
        address: "nas@example.com".parse().unwrap(),
        sender_name: Line::default(),
        owner: None,
        smtp: server.endpoint().server,
        imap: None,
        sign_in: SignIn::Nothing,
    };
    Account {
        default: IsDefault::Yes,
        ..Account::new(id, settings, Authorization::Authorized, now())
    }
}

fn everything(sender: AccountId) -> RuleDefinition {
    RuleDefinition {
        name: Line::parse("Everything").unwrap(),
        switch: Switch::On,
        conditions: Conditions::Alert {
            severities: Severity::ALL.to_vec(),
            include: vec![],
            exclude: vec![],
            hours: Hours::AllDay,
        },
        pairs: vec![Pair {
            id: None,
            senders: vec![sender],
            recipients: vec!["ops@example.com".parse().unwrap()],
            format: Format::Plain,
            subject_prefix: Line::default(),
        }],
    }
}

/// The running program.
pub struct Process {
    child: Child,
    pub url: String,
}

impl Process {
    /// Starts it on a free port, and waits until it says where it runs.
    pub async fn start(seed: &Seed) -> Self {
        Self::start_on(seed.folder.path()).await
    }

    /// The same, on a data directory.
    pub async fn start_on(data: &Path) -> Self {
        let mut child = serve(data);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = loop {
            let line = lines.next_line().await.unwrap().expect("it says where it runs");
            if let Some(url) = line.strip_prefix("Tocsin runs at ") {
                break url.to_owned();
            }
        };
        Self { child, url }
    }

    /// As a system stops it: SIGTERM, and its end.
    pub async fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .await
                .unwrap()
                .success()
        );
        self.child.wait().await.unwrap()
    }

    /// As pulling the plug does: SIGKILL, no word to the process.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// Starts the program on a free port, and waits for nothing.
pub fn serve(data: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_tocsin"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Runs the program to its end, and returns what it printed and how it ended.
pub async fn run(arguments: &[&str], input: &str) -> std::process::Output {
    use tokio::io::AsyncWriteExt as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_tocsin"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .await
        .unwrap();
    child.wait_with_output().await.unwrap()
}
