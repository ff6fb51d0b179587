use crate::support::{Process, Seed, run};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::path::Path;
use tocsin_domain::authorization::{Authorization, Refusal};
use tocsin_domain::failure::Meaning;
use tocsin_engine::audit::Who;
use tocsin_engine::smtp::scripted::{Script, Scripted};
use tocsin_engine::time::now;
use tocsin_engine::{Config, Engine};

/// What browsers load.
fn site(folder: &Path) -> String {
    let site = folder.join("site");
    std::fs::create_dir_all(site.join("pkg")).unwrap();
    std::fs::write(site.join("hash.txt"), "js: 0a\nwasm: 1b\ncss: 2c\n").unwrap();
    for name in ["tocsin.0a.js", "tocsin.1b.wasm", "tocsin.2c.css"] {
        std::fs::write(site.join("pkg").join(name), "x").unwrap();
    }
    site.to_str().unwrap().to_owned()
}

struct Said {
    code: Option<i32>,
    findings: Value,
    text: String,
}

impl Said {
    fn of(&self, check: &str) -> Vec<(String, String)> {
        let findings = self.findings["findings"].as_array().unwrap();
        let word = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        findings
            .iter()
            .filter(|finding| finding["check"] == check)
            .map(|finding| (word(finding, "standing"), word(finding, "what")))
            .collect()
    }

    fn standing(&self, check: &str) -> String {
        self.of(check)
            .first()
            .unwrap_or_else(|| panic!("{}", self.text))
            .0
            .clone()
    }
}

async fn doctor(data: &str, site: &str) -> Said {
    let json = run(&["doctor", "--data", data, "--site", site, "--json"], "").await;
    let text = run(&["doctor", "--data", data, "--site", site], "").await;
    assert_eq!(json.status.code(), text.status.code());
    Said {
        code: text.status.code(),
        findings: serde_json::from_slice(&json.stdout).unwrap(),
        text: String::from_utf8(text.stdout).unwrap(),
    }
}

/// Changes what is stored, as somebody did while nothing ran.
async fn while_stopped<T>(seed: &Seed, change: impl AsyncFnOnce(&Engine) -> T) -> T {
    let engine = Engine::start(Config::new(seed.folder.path().to_owned()))
        .await
        .unwrap();
    let changed = change(&engine).await;
    engine.stop().await;
    changed
}

async fn sql(engine: &Engine, statement: &str) {
    let mut transaction = engine.store.begin().await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

async fn an_admin(engine: &Engine) {
    sql(
        engine,
        "INSERT INTO admins (id, name, address, role, password_hash, created_at) \
         VALUES (1, 'carol', 'carol@example.org', 'administrator', '', 0)",
    )
    .await;
}

fn who() -> Who {
    Who {
        name: "test".into(),
        origin: "test".into(),
    }
}

#[tokio::test]
async fn beside_a_running_server_everything_is_fine_and_a_stopped_one_is_said() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    while_stopped(&seed, an_admin).await;
    let data = seed.folder.path().to_str().unwrap();
    let site = site(seed.folder.path());
    let process = Process::start(&seed).await;

    let said = doctor(data, &site).await;
    assert_eq!(said.code, Some(0), "{}", said.text);
    for check in ["database", "key", "server", "site", "accounts", "notifications"] {
        assert_eq!(said.standing(check), "fine", "{check}: {}", said.text);
    }
    assert_eq!(
        said.standing("warnings"),
        "note",
        "there is no second account: {}",
        said.text
    );
    assert!(said.text.contains("Nothing is to be done"));

    process.stop().await;
    let said = doctor(data, &site).await;
    assert_eq!(
        (said.code, said.standing("server").as_str()),
        (Some(1), "act"),
        "{}",
        said.text
    );
    assert_eq!(said.standing("database"), "fine", "{}", said.text);
}

#[tokio::test]
async fn a_lost_account_that_nobody_could_be_told_of_needs_somebody() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let lost = Authorization::NeedsReauthorization(Refusal {
        since: now(),
        meaning: Meaning::GrantRevoked,
        words: "invalid_grant".into(),
    });
    while_stopped(&seed, async |engine| {
        an_admin(engine).await;
        let lost = serde_json::to_string(&lost).unwrap();
        sql(
            engine,
            &format!("UPDATE accounts SET state = 'needs-reauthorization', authorization_json = '{lost}'"),
        )
        .await;
        engine.routing_changed().await;
        engine.check_soon();
        while engine.unheard().await.unwrap().warnings == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let data = seed.folder.path().to_str().unwrap();
    let site = site(seed.folder.path());
    let _process = Process::start(&seed).await;

    let said = doctor(data, &site).await;

    assert_eq!(said.code, Some(1), "{}", said.text);
    assert!(
        said.text.contains("nas@example.com: Authorization has expired."),
        "{}",
        said.text
    );
    assert_eq!(said.standing("warnings"), "act");
    assert!(
        said.text.contains("could not be sent to anybody"),
        "{}",
        said.text
    );
    assert!(said.text.contains("Reauthorize the account"), "{}", said.text);
}

#[tokio::test]
async fn a_webhook_that_fails_is_said_without_its_address() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    let secret = while_stopped(&seed, async |engine| {
        an_admin(engine).await;
        let secret = engine
            .set_webhook("http://127.0.0.1:1/s3cret-path", &who())
            .await
            .unwrap()
            .unwrap();
        engine.test_webhook(&who()).await.unwrap();
        secret
    })
    .await;
    let data = seed.folder.path().to_str().unwrap();
    let said = doctor(data, &site(seed.folder.path())).await;
    assert_eq!(
        (said.code, said.standing("webhook").as_str()),
        (Some(1), "act"),
        "{}",
        said.text
    );
    let all = format!("{}{}", said.text, said.findings);
    assert!(
        !all.contains("s3cret") && !all.contains(secret.expose_secret()),
        "{all}"
    );
}

#[tokio::test]
async fn a_wrong_key_and_a_damaged_database_are_found() {
    let server = Scripted::start(Script::plain()).await;
    let seed = Seed::plant(&server).await;
    while_stopped(&seed, async |engine| {
        an_admin(engine).await;
        engine.set_webhook("http://127.0.0.1:1/", &who()).await.unwrap();
    })
    .await;
    let data = seed.folder.path().to_str().unwrap();
    let site = site(seed.folder.path());
    let key = seed.folder.path().join("tocsin.key");
    let right = std::fs::read(&key).unwrap();
    std::fs::write(&key, "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=").unwrap();
    let said = doctor(data, &site).await;
    assert_eq!(said.standing("key"), "act", "{}", said.text);

    std::fs::write(&key, right).unwrap();
    assert_eq!(doctor(data, &site).await.standing("key"), "fine");

    let database = seed.folder.path().join("tocsin.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    for byte in &mut bytes[middle..] {
        *byte = 0xA5;
    }
    std::fs::write(&database, bytes).unwrap();
    let said = doctor(data, &site).await;
    assert_ne!(said.code, Some(0), "{}", said.text);
    assert_ne!(said.standing("database"), "fine", "{}", said.text);
}

#[tokio::test]
async fn where_there_is_nothing_it_cannot_be_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let output = run(&["doctor", "--data", data, "--json"], "").await;
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(said.to_string().contains("there is no database"), "{said}");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is made"
    );
}
