//! Signing in by the NAS that Tocsin runs on, over HTTP.
#![allow(clippy::unwrap_used)]

mod support;

use reqwest::StatusCode;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;
use support::{PASSWORD, TestApp, header, location};
use tocsin_domain::nas::System;
use tocsin_engine::nas::scripted::{Flag, Mood, ScriptedNas};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

async fn start(system: System) -> (TestApp, ScriptedNas) {
    let nas = ScriptedNas::start(system).await;
    let (name, port) = (system.to_string(), nas.port().to_string());
    let arguments = ["--nas", &name, "--nas-port", &port];
    let app = TestApp::start_in(tempfile::tempdir().unwrap(), &arguments);
    (app, nas)
}

/// The browser has a session of the NAS's.
fn bring(app: &TestApp, system: System, sid: &str) {
    let name = match system {
        System::Qts => "NAS_SID",
        System::Dsm => "id",
    };
    app.bring(&format!("{name}={sid}"));
}

async fn go_on(app: &TestApp) {
    let answer = app
        .submit("/sign-in", "/api/sign-in/nas-continue", &[("to", "/settings")])
        .await;
    assert_eq!(location(&answer), "/settings");
}

/// With a session of the NAS's administrator anna.
async fn signed_in(system: System) -> (TestApp, ScriptedNas) {
    let (app, nas) = start(system).await;
    bring(&app, system, &nas.open("anna"));
    go_on(&app).await;
    (app, nas)
}

const GENERAL: [(&str, &str); 2] = [("instance_name", "changed"), ("public_url", "")];

#[tokio::test]
async fn who_comes_from_the_desktop_of_the_nas_is_one_click_away_and_never_signed_in_unasked() {
    for system in [System::Qts, System::Dsm] {
        let (app, nas) = start(system).await;
        bring(&app, system, &nas.open("anna"));

        assert_eq!(location(&app.get("/accounts").await), "/sign-in?to=%2Faccounts");
        let page = app.page("/sign-in").await;
        assert!(page.contains("Continue as the NAS administrator anna"), "{page}");
        assert!(
            location(&app.get("/").await).starts_with("/sign-in"),
            "looking is no sign-in"
        );

        go_on(&app).await;
        assert!(app.page("/settings").await.contains("anna (NAS)"));
    }
}

#[tokio::test]
async fn name_and_password_of_the_nas_let_in_and_a_refusal_stands_on_the_page() {
    let (app, nas) = start(System::Qts).await;
    nas.ask_for_code("anna", "123456");
    let form = |password, code| {
        [
            ("user", "anna"),
            ("password", password),
            ("code", code),
            ("to", ""),
        ]
    };
    let refused = app
        .submit("/sign-in", "/api/sign-in/nas", &form("wrong", ""))
        .await;
    assert!(!location(&refused).contains("wrong"));
    let page = app.follow(&refused).await;
    assert!(
        page.contains("The NAS refuses this user name and password."),
        "{page}"
    );
    assert!(page.contains(r#"value="anna""#), "{page}");
    let needed = app
        .submit("/sign-in", "/api/sign-in/nas", &form("right", ""))
        .await;
    let page = app.follow(&needed).await;
    assert!(page.contains(r#"id="nas-code-error""#), "{page}");

    let entered = app
        .submit("/sign-in", "/api/sign-in/nas", &form("right", "123456"))
        .await;

    assert_eq!(location(&entered), "/");
    assert!(header(&entered, "set-cookie").contains("; HttpOnly; SameSite=Lax;"));
    app.page("/accounts").await;
}

#[tokio::test]
async fn somebody_who_is_no_administrator_of_the_nas_is_told_so() {
    let (app, nas) = start(System::Dsm).await;
    bring(&app, System::Dsm, &nas.open("bob"));
    let page = app.page("/sign-in").await;
    assert!(page.contains("bob is no administrator of the NAS"), "{page}");
    assert!(!page.contains("Continue as"), "{page}");
    let answer = app.call("/api/sign-in/nas-continue", &[("to", "")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().await.unwrap().contains("only its administrators"));
}

#[tokio::test]
async fn nothing_is_changed_while_the_nas_says_nothing_and_all_goes_on_afterwards() {
    let (app, nas) = signed_in(System::Qts).await;
    nas.be(Mood::Broken);

    app.page("/settings").await;
    let by_script = app.call("/api/settings/general", &GENERAL).await;
    assert_eq!(by_script.status(), StatusCode::SERVICE_UNAVAILABLE);
    let words = by_script.text().await.unwrap();
    assert!(words.contains("Nothing was changed"), "{words}");
    let by_form = app.submit("/settings", "/api/settings/general", &GENERAL).await;
    assert_eq!(location(&by_form), "/sign-in?undone");
    let page = app.page("/sign-in?undone").await;
    assert!(
        page.contains("Nothing was changed") && page.contains("The NAS does not answer"),
        "{page}"
    );
    let export = app.get("/accounts/export.csv").await;
    assert!(
        location(&export).starts_with("/sign-in"),
        "what goes out is asked for, too"
    );

    nas.be(Mood::Well);
    let saved = app.submit("/settings", "/api/settings/general", &GENERAL).await;
    assert_eq!(location(&saved), "/settings?done=saved");
}

#[tokio::test]
async fn who_is_demoted_on_the_nas_changes_nothing_any_more() {
    let (app, nas) = signed_in(System::Dsm).await;
    nas.user("anna", Flag::No);
    let answer = app.call("/api/settings/general", &GENERAL).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(location(&app.get("/settings").await).starts_with("/sign-in"));
}

#[tokio::test]
async fn a_form_that_comes_slowly_changes_nothing_for_who_was_demoted_meanwhile() {
    let (app, nas) = signed_in(System::Qts).await;

    let form = "instance_name=changed&public_url=";
    let host = app.url.strip_prefix("http://").unwrap();
    let head = format!(
        "POST /api/settings/general HTTP/1.1\r\nHost: {host}\r\nOrigin: {}\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        app.url,
        app.cookies(),
        form.len()
    );
    let mut connection = TcpStream::connect(host).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&form.as_bytes()[..5]).await.unwrap();
    // Longer than an answer of the NAS is of a moment ago.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    nas.user("anna", Flag::No);
    connection.write_all(&form.as_bytes()[5..]).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[tokio::test]
async fn who_comes_back_from_a_provider_while_the_nas_says_nothing_goes_on_afterwards() {
    let (app, nas) = signed_in(System::Qts).await;
    nas.be(Mood::Broken);
    let back = "/oauth/callback?state=of-a-sign-in&code=x";
    let answer = app.get(back).await;
    let door = location(&answer).to_owned();
    assert!(door.starts_with("/sign-in?to=%2Foauth%2Fcallback"), "{door}");
    nas.be(Mood::Well);
    assert_eq!(location(&app.get(&door).await), back);
}

#[tokio::test]
async fn signing_out_works_also_while_the_nas_says_nothing() {
    let (app, nas) = signed_in(System::Qts).await;
    nas.be(Mood::Broken);
    let answer = app.submit("/", "/sign-out", &[]).await;
    assert_eq!(location(&answer), "/sign-in");
    nas.be(Mood::Well);
    assert!(location(&app.get("/settings").await).starts_with("/sign-in"));
}

#[tokio::test]
async fn an_administrator_of_the_nas_makes_the_local_one_who_gets_in_without_the_nas() {
    let (app, nas) = start(System::Qts).await;
    bring(&app, System::Qts, &nas.open("anna"));
    assert!(
        app.page("/setup").await.contains("Set-up code"),
        "the other way stays"
    );
    go_on(&app).await;
    assert!(app.page("/").await.contains("Warnings go to nobody"));
    let fields = [
        ("name", "ops"),
        ("address", "ops@example.com"),
        ("password", PASSWORD),
    ];
    let made = app
        .submit("/settings", "/api/settings/make-administrator", &fields)
        .await;
    assert_eq!(location(&made), "/settings?done=administrator");
    assert!(!app.page("/").await.contains("Warnings go to nobody"));

    app.forget_session();
    nas.be(Mood::Broken);
    let page = app.page("/sign-in").await;
    assert!(page.contains("The NAS does not answer"), "{page}");
    let entered = app
        .submit(
            "/sign-in",
            "/api/sign-in",
            &[("name", "ops"), ("password", PASSWORD), ("to", "")],
        )
        .await;
    assert_eq!(location(&entered), "/");
    let saved = app.submit("/settings", "/api/settings/general", &GENERAL).await;
    assert_eq!(location(&saved), "/settings?done=saved");
}

#[tokio::test]
async fn other_sites_sign_nobody_in() {
    let (app, nas) = start(System::Qts).await;
    bring(&app, System::Qts, &nas.open("anna"));
    for path in ["/api/sign-in/nas-continue", "/api/sign-in/nas"] {
        let answer = app.post_with(path, &[("sec-fetch-site", "cross-site")]).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn what_the_nas_lets_in_by_stands_in_no_log_and_no_page() {
    let (app, nas) = start(System::Qts).await;
    let sid = nas.open("anna");
    bring(&app, System::Qts, &sid);
    go_on(&app).await;
    nas.be(Mood::Broken);
    app.call("/api/settings/general", &GENERAL).await;
    nas.be(Mood::Well);
    assert!(!app.page("/settings").await.contains(&sid));
    let log = app.log();
    assert!(!log.contains(&sid), "{log}");
}

#[tokio::test]
async fn the_nas_itself_says_on_which_port_it_listens_and_its_programs_see_no_setting_of_tocsins() {
    let nas = ScriptedNas::start(System::Qts).await;
    let root = tempfile::tempdir().unwrap();
    let getcfg = root.path().join("sbin/getcfg");
    std::fs::create_dir_all(getcfg.parent().unwrap()).unwrap();
    let script = format!(
        "#!/bin/sh\nenv > \"${{0%/*}}/environment\"\necho {}\n",
        nas.port()
    );
    std::fs::write(&getcfg, script).unwrap();
    std::fs::set_permissions(&getcfg, std::fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = ["--nas", "qts", "--nas-root", root.path().to_str().unwrap()];
    let app = TestApp::start_in(tempfile::tempdir().unwrap(), &arguments);
    bring(&app, System::Qts, &nas.open("anna"));

    let page = app.page("/sign-in").await;

    assert!(page.contains("Continue as the NAS administrator anna"), "{page}");
    let environment = std::fs::read_to_string(root.path().join("sbin/environment")).unwrap();
    assert!(
        environment.contains("PATH=") && !environment.contains("TOCSIN_"),
        "{environment}"
    );
}
