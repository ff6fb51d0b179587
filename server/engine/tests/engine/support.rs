//! An engine on a data directory of its own, with accounts on scripted servers.

use jiff::SignedDuration;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tocsin_domain::account::{Account, AccountSettings, IsDefault, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::event::{Draft, Report};
use tocsin_domain::id::{AccountId, NotificationId, PairId, RuleId};
use tocsin_domain::notification::{Notification, State};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::rule::{Conditions, Format, Pair, RuleDefinition, Switch};
use tocsin_domain::severity::Severity;
use tocsin_domain::text::Line;
use tocsin_engine::audit::Who;
use tocsin_engine::smtp::scripted::Scripted;
use tocsin_engine::store::{Listed, StoreError};
use tocsin_engine::time::now;
use tocsin_engine::vault::Place;
use tocsin_engine::{Config, Engine};

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

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

    /// An account that signs in to a server with a password, authorized.
    pub async fn account(&self, address: &str, server: &Scripted) -> AccountId {
        let id = AccountId::new(self.engine.store.next_id());
        let account = Account {
            id,
            settings: AccountSettings {
                provider: ProviderKey::new(ProviderKey::CUSTOM),
                address: address.parse().unwrap(),
                sender_name: Line::default(),
                owner: Some("owner@example.org".parse().unwrap()),
                smtp: server.endpoint().server,
                imap: None,
                sign_in: SignIn::Password {
                    user: address.to_owned(),
                },
            },
            authorization: Authorization::Authorized,
            suspicion: None,
            pause: None,
            default: IsDefault::No,
            proven_at: Some(now()),
            checked_at: None,
            sent_at: None,
            created_at: now(),
        };
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

    /// Waits until as many notifications stand in a state, and returns them, newest first.
    pub async fn when(&self, state: State, count: usize) -> Vec<Notification> {
        let mut changes = self.engine.live.listen();
        let wait = async {
            loop {
                let found = self.in_state(state).await.unwrap();
                if found.len() >= count {
                    return found;
                }
                // A change may fall between the look and the wait: look again now and then.
                let _ = tokio::time::timeout(Duration::from_millis(200), changes.changed()).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("{count} {state:?} did not come: {:#?}", self.all().await),
        }
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

    /// From now on the database finds no room to grow in.
    pub async fn fill_the_disk(&self) {
        let pages = self.pragma("page_count").await;
        self.pragma(&format!("max_page_count = {pages}")).await;
    }

    /// All that the data directory holds, with what cannot be read as text left out.
    pub fn stored_bytes(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let bytes = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap());
        String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
    }

    /// There is room again.
    pub async fn free_the_disk(&self) {
        self.pragma("max_page_count = 1073741823").await;
    }

    /// On the one connection that writes.
    async fn pragma(&self, pragma: &str) -> i64 {
        let mut transaction = self.engine.store.begin().await.unwrap();
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA {pragma}"));
        let value = sqlx::query_scalar(sql)
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        value
    }

    /// Waits until an account's authorization is as wanted.
    pub async fn when_account(&self, id: AccountId, wanted: impl Fn(&Account) -> bool) -> Account {
        let wait = async {
            loop {
                let account = self.engine.store.account(id).await.unwrap();
                if wanted(&account) {
                    return account;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(account) => account,
            Err(_) => panic!(
                "the account did not change: {:#?}",
                self.engine.store.account(id).await
            ),
        }
    }

    /// Waits until a queued notification has only this recipient left.
    pub async fn when_queued_for(&self, recipient: &str) -> Notification {
        self.when_queued(|queued| queued.recipients == [recipient.parse().unwrap()])
            .await
    }

    /// Waits until a queued notification was tried so often.
    pub async fn when_tried(&self, times: u32) -> Notification {
        self.when_queued(|queued| queued.attempts >= times).await
    }

    async fn when_queued(&self, wanted: impl Fn(&Notification) -> bool) -> Notification {
        let wait = async {
            loop {
                let queued = self.in_state(State::Queued).await.unwrap();
                if let Some(found) = queued.into_iter().find(&wanted) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("it did not come: {:#?}", self.all().await),
        }
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
