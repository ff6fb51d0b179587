use crate::support::Tocsin;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::id::AuditId;
use tocsin_engine::admins::{AdminError, Role};

const HERE: &str = "192.0.2.1";

fn password() -> SecretString {
    "correct horse".into()
}

async fn code(tocsin: &Tocsin) -> String {
    tocsin.engine.setup_code().await.unwrap().unwrap()
}

async fn set_up(tocsin: &Tocsin, code: &str) -> Result<(), AdminError> {
    let engine = &tocsin.engine;
    engine
        .set_up(code, "Admin", "admin@example.com", &password(), HERE)
        .await
}

async fn with_admin() -> Tocsin {
    let tocsin = Tocsin::start().await;
    let code = code(&tocsin).await;
    set_up(&tocsin, &code).await.unwrap();
    tocsin
}

async fn sign_in(tocsin: &Tocsin, name: &str, password: &str) -> Result<SecretString, AdminError> {
    tocsin.engine.sign_in(name, &password.into(), HERE).await
}

async fn is_signed_in(tocsin: &Tocsin, session: &SecretString) -> bool {
    let session = tocsin.engine.session(session.expose_secret()).await.unwrap();
    session.is_some()
}

async fn actions(tocsin: &Tocsin) -> Vec<String> {
    let mut log = tocsin.engine.audit_log(100).await.unwrap();
    log.sort_by_key(|line| line.id);
    log.into_iter().map(|line| line.action).collect()
}

#[tokio::test]
async fn the_set_up_code_makes_the_administrator_who_then_signs_in() {
    let tocsin = Tocsin::start().await;
    assert!(tocsin.engine.setup_needed().await.unwrap());
    let code = code(&tocsin).await;

    set_up(&tocsin, &code.to_lowercase().replace('-', " "))
        .await
        .unwrap();

    assert!(!tocsin.engine.setup_needed().await.unwrap());
    let session = sign_in(&tocsin, "ADMIN", "correct horse").await.unwrap();
    let admin = tocsin
        .engine
        .session(session.expose_secret())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (admin.name.as_str(), admin.address.as_str(), admin.role),
        ("admin", "admin@example.com", Role::Administrator)
    );
    assert_eq!(actions(&tocsin).await, ["set-up", "signed-in"]);
}

#[tokio::test]
async fn a_wrong_code_or_bad_value_makes_nobody_and_leaves_the_code_in_use() {
    let tocsin = Tocsin::start().await;
    let code = code(&tocsin).await;
    let engine = &tocsin.engine;
    let short = "too short".into();

    let wrong = set_up(&tocsin, "0000-0000-0000-0000").await;
    assert!(matches!(wrong, Err(AdminError::WrongCode)));
    let nameless = engine.set_up(&code, " ", "a@b.org", &password(), HERE).await;
    assert!(matches!(nameless, Err(AdminError::Name(_))));
    let address = engine.set_up(&code, "a", "a@b\r\nc", &password(), HERE).await;
    assert!(matches!(address, Err(AdminError::Address(_))));
    let weak = engine.set_up(&code, "a", "a@b.org", &short, HERE).await;
    assert!(matches!(weak, Err(AdminError::Password(_))));

    assert!(engine.setup_needed().await.unwrap());
    set_up(&tocsin, &code).await.unwrap();
}

#[tokio::test]
async fn of_two_who_use_the_code_at_the_same_time_one_becomes_administrator() {
    let tocsin = Tocsin::start().await;
    let code = code(&tocsin).await;
    let password = password();
    let engine = &tocsin.engine;
    let (one, two) = tokio::join!(
        engine.set_up(&code, "one", "one@example.com", &password, HERE),
        engine.set_up(&code, "two", "two@example.com", &password, "192.0.2.2"),
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    let refused = one.err().or(two.err());
    assert!(matches!(refused, Some(AdminError::AlreadySetUp)), "{refused:?}");
    assert_eq!(engine.admins().await.unwrap().len(), 1);
}

#[tokio::test]
async fn each_start_makes_a_new_code_until_there_is_an_administrator() {
    let tocsin = Tocsin::start().await;
    let first = code(&tocsin).await;
    let tocsin = tocsin.restart().await;
    let second = code(&tocsin).await;

    assert!(matches!(
        set_up(&tocsin, &first).await,
        Err(AdminError::WrongCode)
    ));
    set_up(&tocsin, &second).await.unwrap();

    assert_eq!(tocsin.engine.setup_code().await.unwrap(), None);
    assert!(matches!(
        set_up(&tocsin, &second).await,
        Err(AdminError::AlreadySetUp)
    ));
}

#[tokio::test]
async fn a_wrong_password_and_a_name_that_nobody_has_get_the_same_answer() {
    let tocsin = with_admin().await;
    for (name, password) in [
        ("admin", "wrong horse"),
        ("nobody", "correct horse"),
        ("", "correct horse"),
    ] {
        let refused = sign_in(&tocsin, name, password).await;
        assert!(matches!(refused, Err(AdminError::Refused)), "{name}");
    }
}

#[tokio::test]
async fn what_was_typed_for_a_name_that_nobody_has_is_not_written_down() {
    let tocsin = with_admin().await;
    sign_in(&tocsin, "hunter2-typed-as-name", "x").await.unwrap_err();
    let log = tocsin.engine.audit_log(100).await.unwrap();
    let refusal = log.iter().find(|line| line.action == "sign-in-refused").unwrap();
    assert_eq!(
        (
            refusal.who.as_str(),
            refusal.subject.as_str(),
            refusal.origin.as_str()
        ),
        ("", "", HERE)
    );
    assert!(refusal.id > AuditId::new(0));
}

#[tokio::test]
async fn after_five_wrong_tries_even_the_right_password_waits_also_when_all_come_at_once() {
    let tocsin = with_admin().await;
    let tries = (0..12).map(|_| sign_in(&tocsin, "admin", "wrong horse"));
    let tries = futures::future::join_all(tries).await;
    let told_to_wait = |outcome: &Result<_, _>| matches!(outcome, Err(AdminError::Wait { .. }));
    assert_eq!(tries.iter().filter(|outcome| told_to_wait(outcome)).count(), 7);
    assert!(told_to_wait(&sign_in(&tocsin, "admin", "correct horse").await));
    let elsewhere = tocsin.engine.sign_in("nobody", &password(), "198.51.100.9").await;
    assert!(matches!(elsewhere, Err(AdminError::Refused)));
}

#[tokio::test]
async fn signing_out_ends_this_session_only() {
    let tocsin = with_admin().await;
    let one = sign_in(&tocsin, "admin", "correct horse").await.unwrap();
    let two = sign_in(&tocsin, "admin", "correct horse").await.unwrap();
    assert_ne!(one.expose_secret(), two.expose_secret());

    tocsin.engine.sign_out(one.expose_secret()).await.unwrap();

    assert!(!is_signed_in(&tocsin, &one).await);
    assert!(is_signed_in(&tocsin, &two).await);
    tocsin.engine.sign_out("no session at all").await.unwrap();
}

#[tokio::test]
async fn a_session_outlives_a_restart() {
    let tocsin = with_admin().await;
    let session = sign_in(&tocsin, "admin", "correct horse").await.unwrap();
    let tocsin = tocsin.restart().await;
    assert!(is_signed_in(&tocsin, &session).await);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_the_old_one_opens_nothing() {
    let tocsin = with_admin().await;
    let here = sign_in(&tocsin, "admin", "correct horse").await.unwrap();
    let there = sign_in(&tocsin, "admin", "correct horse").await.unwrap();
    let change = |present: &'static str| {
        let (engine, here) = (&tocsin.engine, here.expose_secret());
        async move {
            engine
                .change_password(here, &present.into(), &"battery staple".into(), HERE)
                .await
        }
    };

    assert!(matches!(
        change("wrong horse").await,
        Err(AdminError::WrongPassword)
    ));
    change("correct horse").await.unwrap();

    assert!(is_signed_in(&tocsin, &here).await);
    assert!(!is_signed_in(&tocsin, &there).await);
    assert!(sign_in(&tocsin, "admin", "correct horse").await.is_err());
    sign_in(&tocsin, "admin", "battery staple").await.unwrap();
}

#[tokio::test]
async fn who_is_signed_in_can_still_look_while_the_disk_is_full() {
    let tocsin = with_admin().await;
    let session = sign_in(&tocsin, "admin", "correct horse").await.unwrap();
    tocsin.fill_the_disk().await;
    assert!(is_signed_in(&tocsin, &session).await);
}

#[tokio::test]
async fn neither_code_nor_password_nor_session_stands_in_the_database() {
    let tocsin = Tocsin::start().await;
    let code = code(&tocsin).await;
    set_up(&tocsin, &code).await.unwrap();
    let session = sign_in(&tocsin, "admin", "correct horse").await.unwrap();
    let stored = tocsin.stored_bytes();
    assert!(
        stored.contains("admin@example.com"),
        "the search finds what is there"
    );
    for secret in [code.as_str(), "correct horse", session.expose_secret()] {
        assert!(!stored.contains(secret), "{secret}");
    }
}
