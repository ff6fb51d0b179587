//! Starting and stopping: what is printed, what is refused, and what stays.
#![allow(clippy::unwrap_used)]

mod support;

use reqwest::StatusCode;
use support::{TestApp, header, program, run};

/// What it says when it does not start, and ends with that code of sysexits(3).
fn refused(output: &std::process::Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code));
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(said.starts_with("tocsin: "), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    said
}

#[tokio::test]
async fn it_answers_when_it_says_so_and_stops_when_told() {
    let app = TestApp::start();
    for path in ["/healthz", "/readyz"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.text().await.unwrap(), "ok\n");
    }
    app.stop();
}

#[tokio::test]
async fn administrators_and_sessions_outlive_a_restart() {
    let app = TestApp::set_up().await;
    let again = TestApp::start_in(app.stop(), &[]);
    assert_eq!(again.setup_code, None);
    let answer = again.get("/").await;
    assert_eq!(header(&answer, "location"), "/sign-in");
}

#[tokio::test]
async fn an_open_page_does_not_keep_it_from_stopping() {
    let app = TestApp::set_up().await;
    let mut live = app.get("/live").await;
    assert_eq!(header(&live, "content-type"), "text/event-stream");
    let fields = [("name", "x"), ("scope", "report")];
    app.submit("/settings", "/api/settings/make-token", &fields).await;
    assert!(live.chunk().await.unwrap().unwrap().starts_with(b"data: "));
    app.stop();
    while let Ok(Some(_)) = live.chunk().await {}
}

#[tokio::test]
async fn what_changed_between_a_page_and_its_live_updates_is_told() {
    let app = TestApp::set_up().await;
    let page = app.page("/settings").await;
    let fields = [("name", "x"), ("scope", "report")];
    app.submit("/settings", "/api/settings/make-token", &fields).await;
    // What the page's script reads: the first of what was resolved while it was rendered.
    let seen: u64 = page
        .split("__RESOLVED_RESOURCES")
        .find_map(|part| part.split_once(" = \"")?.1.split('"').next()?.parse().ok())
        .unwrap();
    let mut live = app.get(&format!("/live?seen={seen}")).await;
    assert!(live.chunk().await.unwrap().unwrap().starts_with(b"data: "));
}

#[test]
fn why_it_does_not_start_is_told_by_the_code_where_the_disk_is_too_full_for_words() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("tocsin.toml"), "lisen = 1").unwrap();
    let full = std::fs::File::create("/dev/full").unwrap();
    let status = program(data.path()).stderr(full).status().unwrap();
    assert_eq!(status.code(), Some(78));
}

#[test]
fn a_second_process_on_the_same_data_is_refused() {
    let app = TestApp::start();
    let said = refused(&run(app.data.path(), &[]), 75);
    assert!(said.contains("already uses the data directory"), "{said}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let app = TestApp::start();
    let other = tempfile::tempdir().unwrap();
    let address = app.url.trim_start_matches("http://");
    let said = refused(&run(other.path(), &["--listen", address]), 69);
    assert!(said.contains(address) && said.contains("--listen"), "{said}");
}

#[tokio::test]
async fn a_lost_key_is_refused_unless_a_new_one_is_asked_for() {
    let app = TestApp::set_up().await;
    let fields = [
        ("key", "gmail"),
        ("client_id", "id-1"),
        ("client_secret", "canary"),
    ];
    app.submit("/settings/oauth/gmail", "/api/oauth/save", &fields)
        .await;
    let data = app.stop();
    std::fs::remove_file(data.path().join("tocsin.key")).unwrap();
    let said = refused(&run(data.path(), &[]), 78);
    assert!(
        said.contains("tocsin.key is missing") && said.contains("--new-key"),
        "{said}"
    );
    TestApp::start_in(data, &["--new-key"]).stop();
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("tocsin.toml"), "lisen = 1").unwrap();
    let output = run(data.path(), &[]);
    assert_eq!(output.status.code(), Some(78));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("tocsin.toml") && said.contains("lisen"), "{said}");
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_are_kept_and_others_asked_for_again() {
    let site = tempfile::tempdir().unwrap();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    std::fs::write(site.path().join("hash.txt"), "js: 0a\nwasm: 1b\ncss: 2c\n").unwrap();
    std::fs::write(site.path().join("pkg/tocsin.2c.css"), "plain").unwrap();
    std::fs::write(site.path().join("pkg/tocsin.2c.css.br"), "packed").unwrap();
    std::fs::write(site.path().join("robots.txt"), "x").unwrap();
    let folder = site.path().to_str().unwrap();
    let data = tempfile::tempdir().unwrap();
    let app = TestApp::start_in(data, &["--site", folder]);

    let page = app.page("/setup").await;
    assert!(page.contains("/pkg/tocsin.2c.css"), "{page}");
    let style = app.get("/pkg/tocsin.2c.css").await;
    assert_eq!(
        header(&style, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header(&style, "content-type"), "text/css");
    assert_eq!(header(&app.get("/robots.txt").await, "cache-control"), "no-cache");
    assert_eq!(header(&app.get("/pkg/old.css").await, "location"), "/setup");
}
