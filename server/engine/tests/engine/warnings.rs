//! Who is warned of what, by whom, and how often.

use crate::receiver::Receiver;
use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use tocsin_domain::account::{Account, AccountSettings, IsDefault, SignIn};
use tocsin_domain::authorization::{Authorization, Ending};
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{Reason, State};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::text::Line;
use tocsin_domain::told::{Kind, Told};
use tocsin_engine::accounts::Deletion;
use tocsin_engine::oauth::NewGrant;
use tocsin_engine::oauth_applications::OAuthApplicationSettings;
use tocsin_engine::smtp::scripted::{ReceivedMail, Script, Scripted};
use tocsin_engine::time::now;

const LOST: &str = "nas@example.com";
const ADMIN: &str = "carol@example.org";
const OWNER: &str = "owner@example.org";
const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn working() -> Scripted {
    Scripted::start(Script::plain()).await
}

async fn refusing() -> Scripted {
    Scripted::start(Script::plain().knowing_nobody()).await
}

/// An account whose authorization was just lost.
async fn lose(tocsin: &Tocsin, server: &Scripted) -> AccountId {
    let account = tocsin.account(LOST, server).await;
    tocsin.check_now(account).await;
    tocsin
        .when_account(account, |account| account.authorization.needs_somebody())
        .await;
    account
}

fn to(mails: &[ReceivedMail], address: &str) -> usize {
    mails
        .iter()
        .filter(|mail| mail.to.iter().any(|to| to == address))
        .count()
}

/// Waits until a mail to somebody is there, and so often.
async fn when_told(server: &Scripted, address: &str, times: usize) -> Vec<ReceivedMail> {
    server
        .when(|record| to(&record.mails, address) >= times)
        .await
        .mails
}

async fn told(tocsin: &Tocsin, account: AccountId, kind: Kind) -> Vec<Told> {
    let mut told = tocsin.engine.told(account).await.unwrap();
    told.retain(|told| told.kind == kind);
    told
}

impl Tocsin {
    async fn sql(&self, statement: &str) {
        let mut transaction = self.engine.store.begin().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    pub async fn administrator(&self) {
        self.sql(
            "INSERT INTO admins (id, name, address, role, password_hash, created_at) \
             VALUES (1, 'carol', 'carol@example.org', 'administrator', '', 0)",
        )
        .await;
    }

    /// As if all that was told had been told a day earlier.
    pub async fn a_day_passes(&self) {
        self.sql("UPDATE accounts SET warned_at = warned_at - 86400000")
            .await;
        self.sql("UPDATE application_incidents SET warned_at = warned_at - 86400000")
            .await;
        self.engine.check_soon();
    }

    /// Waits until the round of warnings has looked at an account.
    pub async fn when_warned_today(&self, account: AccountId) {
        let yesterday = now() - SignedDuration::from_hours(12);
        while self
            .engine
            .store
            .warned_at(account)
            .await
            .unwrap()
            .is_none_or(|at| at < yesterday)
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Waits until so much of a kind was told of an account.
    async fn when_told(&self, account: AccountId, kind: Kind, times: usize) -> Vec<Told> {
        let mut changes = self.engine.live.listen();
        loop {
            let told = told(self, account, kind).await;
            if told.len() >= times {
                return told;
            }
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.changed()).await;
        }
    }
}

#[tokio::test]
async fn the_admins_the_owner_and_the_account_itself_are_told_once_by_another_account() {
    let (lost, other) = (refusing().await, working().await);
    let tocsin = Tocsin::start().await;
    tocsin.administrator().await;
    tocsin.account("other@example.com", &other).await;

    let account = lose(&tocsin, &lost).await;

    let mails = other.mails(2).await;
    assert_eq!(to(&mails, ADMIN), 1, "{mails:#?}");
    let owners: Vec<_> = mails
        .iter()
        .filter(|mail| mail.to.contains(&OWNER.to_owned()))
        .collect();
    assert_eq!(owners.len(), 1);
    assert!(
        owners[0].to.contains(&LOST.to_owned()),
        "the account still receives"
    );
    assert!(
        !owners[0].to.contains(&ADMIN.to_owned()),
        "a mail of their own: it may hold a link"
    );
    for mail in &mails {
        assert_eq!(mail.from, "other@example.com");
        assert!(
            mail.data
                .contains("Authorization has expired. Reauthorize the account."),
            "{}",
            mail.data
        );
        assert!(mail.data.contains("text/html") && mail.data.contains("text/plain"));
    }
    tocsin.when(State::Sent, 2).await;
    let told = told(&tocsin, account, Kind::Expired).await;
    assert_eq!(told.len(), 2);
    assert!(
        told.iter()
            .all(|told| told.notification.unwrap().1 == State::Sent)
    );
    let log = tocsin.engine.audit_log(20).await.unwrap();
    assert!(
        log.iter()
            .any(|line| line.action == "authorization-lost" && line.subject == LOST && line.who == "Tocsin")
    );
}

#[tokio::test]
async fn an_outage_that_lasts_is_told_again_each_day_and_a_restart_tells_nothing_twice() {
    let (lost, other) = (refusing().await, working().await);
    let tocsin = Tocsin::start().await;
    tocsin.administrator().await;
    tocsin.account("other@example.com", &other).await;
    let account = lose(&tocsin, &lost).await;
    when_told(&other, ADMIN, 1).await;
    tocsin.when(State::Sent, 2).await;

    let tocsin = tocsin.restart().await;
    tocsin.a_day_passes().await;
    when_told(&other, ADMIN, 2).await;
    tocsin.when(State::Sent, 4).await;

    tocsin.engine.check_soon();
    tocsin.report("error", "a look at the rules takes place").await;
    assert_eq!(told(&tocsin, account, Kind::Expired).await.len(), 4);
}

#[tokio::test]
async fn a_new_outage_is_told_anew() {
    let (lost, other) = (refusing().await, working().await);
    let tocsin = Tocsin::start().await;
    tocsin.administrator().await;
    tocsin.account("other@example.com", &other).await;
    let account = lose(&tocsin, &lost).await;
    when_told(&other, ADMIN, 1).await;

    lost.change(|_| Script::plain());
    tocsin
        .engine
        .test_sending(account, &ADMIN.parse().unwrap(), &admin())
        .await
        .unwrap();
    tocsin
        .when_account(account, |account| {
            account.authorization == Authorization::Authorized
        })
        .await;
    lost.change(|_| Script::plain().knowing_nobody());
    tocsin.check_now(account).await;

    when_told(&other, ADMIN, 2).await;
}

#[tokio::test]
async fn a_refused_setting_is_told_too() {
    let other = working().await;
    let refusing = Scripted::start(Script::plain().always(
        tocsin_engine::smtp::scripted::Step::Auth,
        tocsin_engine::smtp::scripted::Act::say(
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        ),
    ))
    .await;
    let tocsin = Tocsin::start().await;
    tocsin.administrator().await;
    tocsin.account("other@example.com", &other).await;
    let account = lose(&tocsin, &refusing).await;
    let mails = when_told(&other, ADMIN, 1).await;
    assert!(
        mails[0].data.contains("a setting of the account is refused"),
        "{}",
        mails[0].data
    );
    tocsin.when_told(account, Kind::SettingRefused, 2).await;
}

#[tokio::test]
async fn a_warning_that_is_over_before_anybody_could_carry_it_is_never_sent() {
    let (first, second) = (refusing().await, refusing().await);
    let tocsin = Tocsin::start().await;
    tocsin.administrator().await;
    let one = lose(&tocsin, &first).await;
    let two = tocsin.account("two@example.com", &second).await;
    tocsin.check_now(two).await;
    tocsin
        .when_account(two, |account| account.authorization.needs_somebody())
        .await;
    let held = tocsin.when(State::Held, 4).await;
    assert!(held.iter().all(|held| held.reason == Some(Reason::NoSender)));
    // A day later nobody could be told yet: one warning says it all.
    tocsin.a_day_passes().await;

    first.change(|_| Script::plain());
    tocsin
        .engine
        .test_sending(one, &ADMIN.parse().unwrap(), &admin())
        .await
        .unwrap();

    let over = tocsin.when(State::Failed, 2).await;
    assert!(
        over.iter().all(|over| over.reason == Some(Reason::Over)),
        "{over:#?}"
    );
    assert!(over.iter().all(|over| over.headline.contains(LOST)));
    let mails = when_told(&first, OWNER, 1).await;
    assert!(
        mails
            .iter()
            .all(|mail| !mail.data.contains("nas@example.com cannot send"))
    );
    tocsin.when(State::Sent, 2).await;
    assert_eq!(told(&tocsin, two, Kind::Expired).await.len(), 2);
}

#[tokio::test]
async fn a_warning_about_an_account_that_is_deleted_meanwhile_is_never_sent() {
    let (lost, other) = (refusing().await, working().await);
    let tocsin = Tocsin::start().await;
    let account = lose(&tocsin, &lost).await;
    tocsin.when(State::Held, 1).await;

    tocsin
        .engine
        .delete_account(account, Deletion::leave(), &admin())
        .await
        .unwrap();

    let over = tocsin.when(State::Failed, 1).await;
    assert_eq!(over[0].reason, Some(Reason::Over));
    tocsin.account("other@example.com", &other).await;
    assert_eq!(tocsin.in_state(State::Failed).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_silent_for_a_day_is_said_to_be_out_not_expired() {
    let other = working().await;
    let gone = Scripted::start(Script::plain().always(
        tocsin_engine::smtp::scripted::Step::Greeting,
        tocsin_engine::smtp::scripted::Act::say("421 4.3.2 not available"),
    ))
    .await;
    let tocsin = Tocsin::start().await;
    tocsin.administrator().await;
    tocsin.account("other@example.com", &other).await;
    let account = tocsin.account(LOST, &gone).await;
    tocsin.check_now(account).await;
    tocsin
        .when_account(account, |account| account.pause.is_some())
        .await;
    tocsin.check_now(account).await;
    let silent = tocsin
        .when_account(account, |account| {
            matches!(account.authorization, Authorization::Unreachable { .. })
        })
        .await;
    assert_eq!(
        tocsin.engine.told(account).await.unwrap(),
        [],
        "an outage is not told at once"
    );

    let Authorization::Unreachable { words, before, .. } = silent.authorization else {
        unreachable!()
    };
    let since = now() - DAY;
    let long = Authorization::Unreachable { since, words, before };
    tocsin
        .sql(&format!(
            "UPDATE accounts SET authorization_json = '{}' WHERE address = 'nas@example.com'",
            serde_json::to_string(&long).unwrap()
        ))
        .await;
    tocsin.engine.check_soon();

    let mails = when_told(&other, ADMIN, 1).await;
    assert!(mails[0].data.contains("does not answer"), "{}", mails[0].data);
    assert!(!mails[0].data.contains("expired"), "{}", mails[0].data);
    assert_eq!(to(&mails, OWNER), 0, "there is nothing the owner could do");
}

/// An engine whose Gmail asks for tokens at a scripted endpoint, with an OAuth application and accounts on it.
struct Granted {
    tocsin: Tocsin,
    tokens: Receiver,
    server: Scripted,
}

const TOKENS: &str = r#"{"access_token":"fresh","token_type":"Bearer","expires_in":3600,
    "scope":"https://mail.google.com/"}"#;
const BAD_CLIENT: &str = r#"{"error":"invalid_client","error_description":"The client secret has expired."}"#;

impl Granted {
    async fn start() -> Self {
        let tokens = Receiver::start(200, TOKENS).await;
        let url = &tokens.url;
        let presets = format!(
            "[gmail]\noauth = {{ authorize = \"{url}/auth\", token = \"{url}/token\", revoke = \"{url}/revoke\" }}\n"
        );
        let tocsin = Tocsin::start_with_presets(&presets).await;
        tocsin.administrator().await;
        let granted = Self {
            tocsin,
            tokens,
            server: working().await,
        };
        granted.save_application("secret").await;
        granted
    }

    async fn save_application(&self, secret: &str) {
        let secret = secret.into();
        let settings = OAuthApplicationSettings {
            client_id: "client",
            secret: Some(&secret),
            secret_ends_at: None,
        };
        self.tocsin
            .engine
            .save_oauth_application(&gmail(), &settings, &admin())
            .await
            .unwrap();
    }

    /// An account with a grant that ends after some days.
    async fn account(&self, address: &str, ends: Option<SignedDuration>, life: SignedDuration) -> AccountId {
        let engine = &self.tocsin.engine;
        let id = AccountId::new(engine.store.next_id());
        let account = Account {
            id,
            settings: AccountSettings {
                provider: gmail(),
                address: address.parse().unwrap(),
                sender_name: Line::default(),
                owner: Some(OWNER.parse().unwrap()),
                smtp: self.server.endpoint().server,
                imap: None,
                sign_in: SignIn::Grant,
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
        let ends_at = ends.map(|ends| now() + ends);
        let grant = NewGrant {
            provider: gmail(),
            refresh_token: "refresh".into(),
            access_token: "access".into(),
            access_until: now() + SignedDuration::from_hours(1),
            scopes: vec!["https://mail.google.com/".into()],
            granted_at: ends_at.map_or(now(), |ends| ends - life),
            ends_at,
        };
        let later = now() + SignedDuration::from_hours(1);
        let mut transaction = engine.store.begin().await.unwrap();
        engine
            .store
            .insert_account(&mut transaction, &account, None, later)
            .await
            .unwrap();
        engine
            .oauth
            .insert_grant(&mut transaction, id, &grant)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        engine.routing_changed().await;
        id
    }

    async fn when(&self, id: AccountId, wanted: impl Fn(&Authorization) -> bool) {
        self.tocsin
            .when_account(id, |account| wanted(&account.authorization))
            .await;
    }
}

fn gmail() -> ProviderKey {
    ProviderKey::new("gmail")
}

#[tokio::test]
async fn a_refused_application_is_one_incident_for_all_its_accounts_and_clears_for_all_at_once() {
    let granted = Granted::start().await;
    let (tocsin, other) = (&granted.tocsin, working().await);
    let mut accounts = Vec::new();
    for name in ["a@gmail.com", "b@gmail.com", "c@gmail.com"] {
        accounts.push(granted.account(name, None, DAY).await);
    }
    // The most recently proven carries: those whose application is refused may still have a token.
    tocsin.account("other@example.com", &other).await;
    granted.tokens.answer(401, BAD_CLIENT);
    for account in &accounts {
        tocsin.check_now(*account).await;
        granted.when(*account, Authorization::needs_somebody).await;
    }

    for account in &accounts {
        let told = tocsin.when_told(*account, Kind::ApplicationRefused, 1).await;
        assert_eq!(told.len(), 1, "the accounts' history shows it too");
        assert_eq!(
            told[0].recipients,
            [ADMIN.parse().unwrap()],
            "no owner can mend it"
        );
    }
    let mails = when_told(&other, ADMIN, 1).await;
    assert!(mails[0].data.contains("OAuth application"), "{}", mails[0].data);
    tocsin.when(State::Sent, 1).await;
    let before = tocsin.all().await.len();
    tocsin.a_day_passes().await;
    when_told(&other, ADMIN, 2).await;
    tocsin.when(State::Sent, 2).await;
    assert_eq!(
        tocsin.all().await.len(),
        before + 1,
        "one a day, not one an account"
    );

    granted.tokens.answer(200, TOKENS);
    granted.save_application("new secret").await;

    for account in &accounts {
        granted
            .when(*account, |state| *state == Authorization::Authorized)
            .await;
    }
    let application = tocsin
        .engine
        .oauth
        .applications()
        .get(&gmail())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(application.refusal, None);
}

#[tokio::test]
async fn a_grant_that_ends_is_announced_once_a_step_and_only_the_nearest_after_a_pause() {
    let granted = Granted::start().await;
    let (tocsin, other) = (&granted.tocsin, working().await);
    tocsin.account("other@example.com", &other).await;
    let usual = 90 * DAY;
    let account = granted
        .account("a@gmail.com", Some(SignedDuration::from_hours(20)), usual)
        .await;
    let weekly = granted.account("w@gmail.com", Some(5 * DAY / 2), 7 * DAY).await;
    tocsin.engine.check_soon();

    let told = tocsin.when_told(account, Kind::GrantEnds, 2).await;
    assert_eq!(
        told.len(),
        2,
        "the admins and the owner, and no step before: {told:#?}"
    );
    assert!(
        told.iter()
            .any(|told| told.recipients == [ADMIN.parse().unwrap()])
    );
    assert!(
        told.iter()
            .any(|told| told.recipients == [OWNER.parse().unwrap(), "a@gmail.com".parse().unwrap()])
    );
    tocsin.when(State::Sent, 2).await;
    let told_of_weekly = tocsin.engine.told(weekly).await.unwrap();
    assert_eq!(
        told_of_weekly,
        [],
        "a grant for a week is announced two days ahead"
    );

    tocsin.check_now(account).await;
    granted
        .when(account, |state| {
            matches!(
                state,
                Authorization::Expiring {
                    why: Ending::GrantLifetime,
                    ..
                }
            )
        })
        .await;
    tocsin.engine.check_soon();
    // Half a day passes for that one.
    tocsin
        .sql(&format!(
            "UPDATE grants SET ends_at = ends_at - 43260000, granted_at = granted_at - 43260000 \
             WHERE account_id = {weekly}"
        ))
        .await;
    tocsin.engine.check_soon();
    tocsin.when_told(weekly, Kind::GrantEnds, 2).await;
    assert_eq!(
        tocsin.engine.told(account).await.unwrap().len(),
        2,
        "each step once"
    );
}

#[tokio::test]
async fn an_announcement_that_nobody_could_carry_is_dropped_when_the_grant_is_renewed() {
    let granted = Granted::start().await;
    let tocsin = &granted.tocsin;
    let account = granted.account("a@gmail.com", Some(2 * DAY), 90 * DAY).await;
    // It rests, so that nobody can carry.
    let pause = r#"{"until":"2999-01-01T00:00:00Z","why":"quota","words":""}"#;
    tocsin
        .sql(&format!("UPDATE accounts SET pause = '{pause}'"))
        .await;
    tocsin.engine.routing_changed().await;
    tocsin.engine.check_soon();
    tocsin.when_told(account, Kind::GrantEnds, 2).await;
    tocsin.when(State::Held, 2).await;

    tocsin
        .sql("UPDATE grants SET ends_at = ends_at + 86400000 * CAST(90 AS BIGINT)")
        .await;
    tocsin.engine.check_soon();

    let over = tocsin.when(State::Failed, 2).await;
    assert!(over.iter().all(|over| over.reason == Some(Reason::Over)));
}

#[tokio::test]
async fn a_client_secret_that_ends_is_announced_to_the_admins_alone() {
    let granted = Granted::start().await;
    let tocsin = &granted.tocsin;
    let account = granted.account("a@gmail.com", None, DAY).await;
    let ends = (now() + 6 * DAY).as_millisecond();
    tocsin
        .sql(&format!("UPDATE oauth_applications SET secret_ends_at = {ends}"))
        .await;
    tocsin.engine.check_soon();

    let told = tocsin.when_told(account, Kind::SecretEnds, 1).await;
    assert_eq!(told[0].recipients, [ADMIN.parse().unwrap()]);
    let mails = when_told(&granted.server, ADMIN, 1).await;
    assert!(
        mails[0].header("Subject").unwrap().contains("client secret"),
        "{:?}",
        mails[0]
    );
}
