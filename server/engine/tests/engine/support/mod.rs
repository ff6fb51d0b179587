//! An engine on a data directory of its own, with accounts on scripted servers.
//!
//! Waiting for what should come is in `waiting`, going behind the engine's back in `database`.

mod database;
mod waiting;

use jiff::SignedDuration;
use secrecy::SecretString;
use std::sync::Arc;
use tempfile::TempDir;
use tocsin_domain::account::{Account, AccountSettings, SignIn};
use tocsin_domain::event::{Draft, Report};
use tocsin_domain::id::{AccountId, NotificationId, PairId, RuleId};
use tocsin_domain::notification::{Notification, State};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::rule::{Conditions, Format, Pair, RuleDefinition, Switch};
use tocsin_domain::severity::Severity;
use tocsin_domain::text::Line;
use tocsin_engine::audit::Who;
use tocsin_engine::smtp::scripted::{Script, Scripted};
use tocsin_engine::store::{Listed, StoreError};
use tocsin_engine::time::now;
use tocsin_engine::vault::Place;
use tocsin_engine::{Config, Engine};

/// An engine and its data directory.
pub struct Tocsin {
    pub engine: Arc<Engine>,
    folder: TempDir,
}

impl Tocsin {
    /// Starts on an empty directory. Accounts are checked rarely; a refusal is confirmed without waiting.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&folder, change).await;
        Self { engine, folder }
    }

    /// Starts with presets of its own.
    pub async fn start_with_presets(presets: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("providers.toml"), presets).unwrap();
        let engine = open(&folder, |_| {}).await;
        Self { engine, folder }
    }

    /// Ends as the process does on SIGTERM, and starts again.
    pub async fn restart(self) -> Self {
        let Self { engine, folder } = self;
        engine.stop().await;
        drop(engine);
        let engine = open(&folder, |_| {}).await;
        Self { engine, folder }
    }

    /// Starts with accounts that sign in to one server, authorized.
    pub async fn start_with_accounts<const N: usize>(
        addresses: [&str; N],
    ) -> (Self, Scripted, [AccountId; N]) {
        let server = Scripted::start(Script::plain()).await;
        let tocsin = Self::start().await;
        let mut accounts = [AccountId::new(0); N];
        for (account, address) in accounts.iter_mut().zip(addresses) {
            *account = tocsin.account(address, &server).await;
        }
        (tocsin, server, accounts)
    }

    /// The administrator, who is told by mail.
    pub async fn administrator(&self, address: &str) {
        let code = self.engine.setup_code().await.unwrap().unwrap();
        let password = SecretString::from("correct horse");
        self.engine
            .set_up(&code, "admin", address, &password, "127.0.0.1")
            .await
            .unwrap();
    }

    /// An account whose server does not accept its password any more.
    pub async fn lost_account(&self, address: &str, server: &Scripted) -> AccountId {
        let account = self.account(address, server).await;
        self.check_now(account).await;
        self.when_account(account, |account| account.authorization.needs_somebody())
            .await;
        account
    }

    /// An account that signs in to a server with a password, authorized.
    pub async fn account(&self, address: &str, server: &Scripted) -> AccountId {
        let id = AccountId::new(self.engine.store.next_id());
        let settings = AccountSettings {
            provider: ProviderKey::new(ProviderKey::CUSTOM),
            address: address.parse().unwrap(),
            sender_name: Line::default(),
            owner: Some("owner@example.org".parse().unwrap()),
            smtp: server.endpoint().server,
            imap: None,
            sign_in: SignIn::Password {
                user: address.to_owned(),
            },
        };
        let account = authorized(id, settings);
        let row = id.to_string();
        let place = Place {
            table: "accounts",
            column: "password",
            row: &row,
        };
        let password = self.engine.vault.seal(place, &SecretString::from("right"));
        let later = now() + SignedDuration::from_hours(1);
        let mut transaction = self.engine.store.begin().await.unwrap();
        self.engine
            .store
            .insert_account(&mut transaction, &account, Some(password), later)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        self.engine.routing_changed().await;
        id
    }

    /// A rule that catches everything and mails it to ops@example.com by these senders.
    pub async fn rule(&self, senders: &[AccountId]) -> RuleId {
        self.rule_to("ops@example.com", senders).await
    }

    pub async fn rule_to(&self, recipients: &str, senders: &[AccountId]) -> RuleId {
        let id = RuleId::new(self.engine.store.next_id());
        self.save_rule(id, None, recipients, senders).await;
        id
    }

    /// Gives an existing rule another sender list.
    pub async fn set_senders(&self, id: RuleId, senders: &[AccountId]) {
        let pair = self.engine.store.rule(id).await.unwrap().definition.pairs[0].id;
        self.save_rule(id, pair, "ops@example.com", senders).await;
    }

    async fn save_rule(&self, id: RuleId, pair: Option<PairId>, recipients: &str, senders: &[AccountId]) {
        let definition = RuleDefinition {
            name: Line::parse("Everything").unwrap(),
            switch: Switch::On,
            conditions: Conditions::Alert {
                severities: Severity::ALL.to_vec(),
                include: vec![],
                exclude: vec![],
                hours: tocsin_domain::hours::Hours::AllDay,
            },
            pairs: vec![Pair {
                id: pair,
                senders: senders.to_vec(),
                recipients: tocsin_domain::address::EmailAddress::parse_list(recipients).unwrap(),
                format: Format::Plain,
                subject_prefix: Line::default(),
            }],
        };
        let mut transaction = self.engine.store.begin().await.unwrap();
        self.engine
            .store
            .save_rule(&mut transaction, id, &definition, now())
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        self.engine.routing_changed().await;
    }

    /// Reports one event.
    pub async fn report(&self, severity: &str, text: &str) {
        self.engine
            .accept(vec![report(severity, text)], None)
            .await
            .unwrap();
    }

    /// Makes an account due for its check.
    pub async fn check_now(&self, id: AccountId) {
        let mut transaction = self.engine.store.begin().await.unwrap();
        self.engine
            .store
            .set_next_check(&mut transaction, id, now())
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        self.engine.check_soon();
    }

    /// All that the data directory holds, with what cannot be read as text left out.
    pub fn stored_bytes(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let bytes = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap());
        String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
    }

    pub async fn all(&self) -> Vec<Notification> {
        let listed = Listed {
            states: State::ALL.to_vec(),
            search: String::new(),
            skip: 0,
            limit: 1000,
        };
        self.engine.notifications(&listed).await.unwrap().0
    }

    pub async fn in_state(&self, state: State) -> Result<Vec<Notification>, StoreError> {
        let listed = Listed {
            states: vec![state],
            search: String::new(),
            skip: 0,
            limit: 10_000,
        };
        Ok(self.engine.notifications(&listed).await?.0)
    }

    pub async fn detail(&self, id: NotificationId) -> tocsin_engine::NotificationDetail {
        self.engine.notification(id).await.unwrap()
    }
}

async fn open(folder: &TempDir, change: impl FnOnce(&mut Config)) -> Arc<Engine> {
    let mut config = Config::new(folder.path().to_owned());
    config.confirm_after = SignedDuration::from_millis(50);
    change(&mut config);
    Engine::start(config).await.unwrap()
}

/// An account that was proven just now.
pub fn authorized(id: AccountId, settings: AccountSettings) -> Account {
    Account {
        checked_at: None,
        ..Account::proven(id, settings, now())
    }
}

/// A report of the program "Storage".
pub fn report(severity: &str, text: &str) -> Report {
    let draft = Draft {
        application: "Storage".into(),
        severity: severity.into(),
        text: text.into(),
        ..Draft::default()
    };
    draft.check(now()).unwrap()
}

/// An administrator.
pub fn admin() -> Who {
    Who {
        name: "admin".into(),
        origin: "127.0.0.1".into(),
    }
}
