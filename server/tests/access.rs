//! Who comes in: set-up, sign-in, the gate, and requests from elsewhere.
#![allow(clippy::unwrap_used)]

mod support;

use reqwest::StatusCode;
use support::{PASSWORD, TestApp, header, location};

const PAGES: [&str; 8] = [
    "/",
    "/accounts",
    "/accounts/add",
    "/accounts/1",
    "/rules",
    "/notifications",
    "/settings",
    "/no-such-page",
];

#[tokio::test]
async fn every_page_leads_to_set_up_until_there_is_an_administrator() {
    let app = TestApp::start();
    for page in PAGES.into_iter().chain(["/sign-in"]) {
        assert_eq!(location(&app.get(page).await), "/setup", "{page}");
    }
}

#[tokio::test]
async fn a_wrong_set_up_code_is_refused_beside_its_field_and_keeps_what_was_typed() {
    let app = TestApp::start();
    let fields = [
        ("code", "AAAA-BBBB-CCCC-DDDD"),
        ("name", "root"),
        ("address", "root@example.com"),
        ("password", PASSWORD),
    ];
    let answer = app.submit("/setup", "/api/set-up", &fields).await;
    assert!(!location(&answer).contains(PASSWORD));
    let page = app.follow(&answer).await;
    assert!(page.contains("The set-up code is not right."), "{page}");
    assert!(page.contains(r#"id="code-error""#), "{page}");
    assert!(page.contains(r#"value="root@example.com""#), "{page}");
    assert!(!page.contains(PASSWORD), "{page}");
}

#[tokio::test]
async fn a_second_answer_replaces_the_first_in_the_url() {
    let app = TestApp::start();
    let code = app.setup_code.clone().unwrap();
    let mut fields = [
        ("code", "wrong"),
        ("name", "root"),
        ("address", "root@example.com"),
        ("password", PASSWORD),
    ];
    let first = app.submit("/setup", "/api/set-up", &fields).await;
    let first = location(&first).strip_prefix(&app.url).unwrap().to_owned();
    fields[0].1 = &code;
    fields[3].1 = "short";
    let second = app.submit(&first, "/api/set-up", &fields).await;
    assert_eq!(location(&second).matches("__err").count(), 1);
    assert!(app.follow(&second).await.contains("at least 10 characters"));
}

#[tokio::test]
async fn the_right_code_makes_the_administrator_and_signs_in() {
    let app = TestApp::set_up().await;
    for page in ["/", "/accounts", "/settings", "/rules", "/notifications"] {
        app.page(page).await;
    }
    assert_eq!(location(&app.get("/setup").await), "/");
    assert!(app.page("/settings").await.contains("admin@example.com"));
}

#[tokio::test]
async fn the_session_ends_at_sign_out_and_begins_at_sign_in() {
    let app = TestApp::set_up().await;
    let answer = app.submit("/", "/sign-out", &[]).await;
    assert_eq!(location(&answer), "/sign-in");
    assert_eq!(
        location(&app.get("/accounts?a=b").await),
        "/sign-in?to=%2Faccounts%3Fa%3Db"
    );
    let fields = [("name", "admin"), ("password", PASSWORD), ("to", "/accounts?a=b")];
    let answer = app.submit("/sign-in", "/api/sign-in", &fields).await;
    assert_eq!(location(&answer), "/accounts?a=b");
    app.page("/accounts").await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let app = TestApp::set_up().await;
    let fields = [("name", "admin"), ("password", PASSWORD), ("to", "")];
    let answer = app.call("/api/sign-in", &fields).await;
    let cookie = header(&answer, "set-cookie");
    assert!(cookie.contains("; HttpOnly; SameSite=Lax;"), "{cookie}");
}

#[tokio::test]
async fn wrong_passwords_are_refused_and_then_slowed_down() {
    let app = TestApp::set_up().await;
    app.forget_session();
    let fields = [("name", "admin"), ("password", "wrong"), ("to", "")];
    let mut last = String::new();
    for _ in 0..7 {
        let answer = app.call("/api/sign-in", &fields).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        last = answer.text().await.unwrap();
    }
    assert!(last.contains("oo many wrong tries"), "{last}");
}

#[tokio::test]
async fn nothing_is_answered_without_a_session() {
    let app = TestApp::set_up().await;
    app.forget_session();
    for page in PAGES {
        assert!(location(&app.get(page).await).starts_with("/sign-in"), "{page}");
    }
    for function in [
        "/api/accounts/list",
        "/api/accounts/delete",
        "/api/settings/all",
        "/api/settings/make-token",
        "/api/providers",
        "/api/oauth/save",
    ] {
        let answer = app.call(function, &[("id", "1")]).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{function}");
        assert!(answer.text().await.unwrap().contains("signed-out"), "{function}");
    }
    assert_eq!(app.call("/live", &[]).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_other_sites_send_is_refused() {
    let app = TestApp::set_up().await;
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
    ] {
        for path in ["/api/accounts/list", "/api/settings/make-token", "/sign-out"] {
            let answer = app.post_with(path, headers).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    app.page("/accounts").await;
}

#[tokio::test]
async fn a_web_server_may_name_the_port_that_browsers_leave_out() {
    let app = TestApp::set_up().await;
    for (host, origin, scheme) in [
        ("nas:80", "http://nas", "http"),
        ("nas:443", "https://nas", "https"),
    ] {
        let headers = [("host", host), ("origin", origin), ("x-forwarded-proto", scheme)];
        let answer = app.post_with("/api/accounts/list", &headers).await;
        assert_ne!(answer.status(), StatusCode::FORBIDDEN, "{host}");
    }
}

#[tokio::test]
async fn a_function_is_not_called_by_a_link() {
    let app = TestApp::set_up().await;
    let answer = app.get("/api/accounts/list").await;
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let app = TestApp::set_up().await;
    let large = "x".repeat(300 * 1024);
    let answer = app
        .call("/api/settings/general", &[("instance_name", &large)])
        .await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_page_says_what_the_browser_may_do_with_it() {
    let app = TestApp::set_up().await;
    let answer = app.get("/accounts").await;
    let policy = header(&answer, "content-security-policy").to_owned();
    for part in [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "form-action 'self' https://",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(header(&answer, "referrer-policy"), "same-origin");
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let nonce = policy
        .split("'nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    let page = answer.text().await.unwrap();
    assert!(page.contains(&format!("nonce=\"{nonce}\"")), "{page}");
    let other = app.get("/accounts").await;
    assert!(!header(&other, "content-security-policy").contains(nonce));
}
