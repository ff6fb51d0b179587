//! Below a base path, as behind the web server of a NAS: what comes in is understood in every spelling, what goes out
//! carries the base path.
#![allow(clippy::unwrap_used)]

mod support;

use reqwest::header::SET_COOKIE;
use reqwest::{Response, StatusCode};
use support::{PASSWORD, TestApp, header, location};
use tocsin_engine::smtp::scripted::{Script, Scripted};

const BELOW: &[&str] = &["--base-path", "/tocsin"];

/// As web servers in front pass on `/accounts`: with the base path, with a doubled slash behind it, without it.
const SPELLINGS: [&str; 5] = ["/tocsin", "/tocsin/", "", "/", "//tocsin"];

async fn with_account() -> (TestApp, String) {
    let app = TestApp::set_up_with(BELOW).await;
    let server = Scripted::start(Script::plain().knowing("nas@example.com", "secret")).await;
    let port = server.port().to_string();
    let fields = [
        ("form[provider]", "custom"),
        ("form[address]", "nas@example.com"),
        ("form[secret]", "secret"),
        ("form[host]", "127.0.0.1"),
        ("form[port]", &port),
        ("form[security]", "none"),
    ];
    let added = app
        .submit(
            "/tocsin/accounts/add?provider=custom",
            "/tocsin/api/accounts/add",
            &fields,
        )
        .await;
    let to = location(&added).to_owned();
    let id = to
        .strip_prefix("/tocsin/accounts/")
        .unwrap_or_else(|| panic!("{to}"));
    (app, id.chars().take_while(char::is_ascii_digit).collect())
}

/// Everything in a page that leads somewhere.
fn addresses(page: &str) -> Vec<&str> {
    [
        "href=\"",
        "action=\"",
        "src=\"",
        "import(\"",
        "module_or_path: \"",
    ]
    .into_iter()
    .flat_map(|before| page.split(before).skip(1))
    .map(|rest| rest.split('"').next().unwrap())
    .collect()
}

fn assert_all_below(page: &str, of: &str) {
    let found = addresses(page);
    // The style sheet, the icon, the bell.
    assert!(found.len() >= 3, "{of}: {page}");
    for address in found {
        let leaves = address.starts_with('/') && !address.starts_with("/tocsin/");
        assert!(!leaves, "{of}: {address}");
    }
}

#[tokio::test]
async fn every_address_in_every_page_is_below_the_base_path() {
    let (app, account) = with_account().await;
    let of_account = format!("/accounts/{account}");
    let pages = [
        "/",
        "/accounts",
        "/accounts/add",
        "/accounts/add?provider=custom",
        "/accounts/add?provider=gmail",
        "/accounts/import",
        "/rules",
        "/rules/new",
        "/notifications",
        "/notifications?tab=history",
        "/settings",
        "/settings/oauth/gmail",
        "/oauth/callback?error=access_denied",
        &of_account,
        &format!("{of_account}/start"),
        &format!("{of_account}/convert?to=gmail"),
        &format!("{of_account}/delete"),
    ];
    for page in pages {
        let shown = app.page(&format!("/tocsin{page}")).await;
        assert_all_below(&shown, page);
        assert!(shown.contains("data-base=\"/tocsin\""), "{page}");
    }
    for page in ["/nowhere", "/reauthorize/nothing"] {
        let shown = app.get(&format!("/tocsin{page}")).await;
        assert_eq!(shown.status(), StatusCode::NOT_FOUND);
        assert_all_below(&shown.text().await.unwrap(), page);
    }
    app.forget_session();
    assert_all_below(&app.page("/tocsin/sign-in").await, "/sign-in");
}

#[tokio::test]
async fn each_spelling_of_an_address_shows_the_same_page_and_none_is_redirected() {
    let app = TestApp::set_up_with(BELOW).await;
    for before in SPELLINGS {
        let page = app.page(&format!("{before}/accounts")).await;
        assert!(
            page.contains("<title>Service Account and Device Pairing"),
            "{before}: {page}"
        );
        for (path, status) in [
            ("/", StatusCode::OK),
            ("/healthz", StatusCode::OK),
            ("/api/v1/openapi.json", StatusCode::OK),
            ("/nowhere", StatusCode::NOT_FOUND),
            ("/pkg/nothing.wasm", StatusCode::NOT_FOUND),
        ] {
            let answer = app.get(&format!("{before}{path}")).await;
            assert_eq!(answer.status(), status, "{before}{path}");
        }
    }
    assert_eq!(app.get("/tocsin").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_sent_somewhere_stays_below_the_base_path() {
    let app = TestApp::start_in(tempfile::tempdir().unwrap(), BELOW);
    for before in SPELLINGS {
        assert_eq!(
            location(&app.get(&format!("{before}/")).await),
            "/tocsin/setup",
            "{before}"
        );
    }
    let app = TestApp::set_up_with(BELOW).await;
    for door in ["/tocsin/sign-in", "/sign-in", "/tocsin//setup"] {
        assert_eq!(location(&app.get(door).await), "/tocsin/", "{door}");
    }
    app.forget_session();
    assert_eq!(
        location(&app.get("/tocsin//rules").await),
        "/tocsin/sign-in?to=%2Frules"
    );
    let fields = [("name", "admin"), ("password", PASSWORD), ("to", "/rules")];
    let answer = app
        .submit("/tocsin/sign-in", "/tocsin/api/sign-in", &fields)
        .await;
    assert_eq!(location(&answer), "/tocsin/rules");
    assert_eq!(app.get("/tocsin/rules").await.status(), StatusCode::OK);
    let answer = app.submit("/tocsin/", "/tocsin/sign-out", &[]).await;
    assert_eq!(location(&answer), "/tocsin/sign-in");
}

/// The session's cookie, as it was set.
async fn session_cookie(app: &TestApp, headers: &[(&'static str, &str)]) -> String {
    let fields = [("name", "admin"), ("password", PASSWORD), ("to", "")];
    let answer = app.call_with("/tocsin/api/sign-in", headers, &fields).await;
    assert_eq!(answer.status(), StatusCode::OK);
    header(&answer, SET_COOKIE.as_str()).to_owned()
}

#[tokio::test]
async fn the_session_goes_to_the_base_path_only_and_over_tls_where_the_browser_came_by_it() {
    let app = TestApp::set_up_with(BELOW).await;
    let plain = session_cookie(&app, &[]).await;
    assert!(
        plain.contains("; Path=/tocsin; ") && !plain.contains("Secure"),
        "{plain}"
    );
    for headers in [
        &[("x-forwarded-proto", "https")][..],
        &[("forwarded", "for=10.0.0.7;proto=https")],
        // Apache, which does not say.
        &[("x-forwarded-host", "nas"), ("origin", "https://nas")],
    ] {
        let secure = session_cookie(&app, headers).await;
        assert!(
            secure.contains("; Path=/tocsin; ") && secure.contains("; Secure"),
            "{secure}"
        );
    }
    let app = TestApp::set_up_with(&["--base-path", "/tocsin", "--trusted-proxy", "none"]).await;
    let plain = session_cookie(&app, &[("x-forwarded-proto", "https")]).await;
    assert!(!plain.contains("Secure"), "{plain}");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_behind_a_web_server_that_changes_the_host() {
    let app = TestApp::set_up_with(BELOW).await;
    let status = async |headers: &[(&'static str, &str)]| -> StatusCode {
        let fields = [("name", "admin"), ("password", PASSWORD), ("to", "")];
        app.call_with("/tocsin/api/sign-in", headers, &fields)
            .await
            .status()
    };
    let from = |page| [("x-forwarded-host", "nas:8080"), ("origin", page)];
    assert_eq!(status(&from("http://nas:8080")).await, StatusCode::OK);
    for page in ["http://nas", "http://evil.example", "null"] {
        assert_eq!(status(&from(page)).await, StatusCode::FORBIDDEN, "{page}");
    }
    // Whatever it is called inside: the browser knows better.
    let named = [("sec-fetch-site", "cross-site"), ("origin", "http://nas:8080")];
    assert_eq!(status(&named).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn with_a_public_url_the_host_that_a_web_server_passes_on_does_not_matter() {
    let arguments = [
        "--base-path",
        "/tocsin",
        "--public-url",
        "http://nas:8080/tocsin/",
    ];
    let app = TestApp::set_up_with(&arguments).await;
    let fields = [("name", "admin"), ("password", PASSWORD), ("to", "")];
    for (page, status) in [
        ("http://nas:8080", StatusCode::OK),
        ("http://nas:9090", StatusCode::FORBIDDEN),
    ] {
        let answer = app
            .call_with(
                "/tocsin/api/sign-in",
                &[("host", "nas"), ("origin", page)],
                &fields,
            )
            .await;
        assert_eq!(answer.status(), status, "{page}");
    }
    let shown = app.page("/tocsin/settings/oauth/gmail").await;
    assert!(shown.contains("http://nas:8080/tocsin/oauth/callback"), "{shown}");
}

#[tokio::test]
async fn links_for_owners_and_the_api_document_name_the_base_path() {
    let (app, account) = with_account().await;
    let page = format!("/tocsin/accounts/{account}");
    let fields = [("account", account.as_str()), ("hours", "72")];
    let made = app.submit(&page, "/tocsin/api/links/make", &fields).await;
    assert_eq!(location(&made), format!("{page}?done=link#links"));
    let shown = app.page(&format!("{page}?done=link")).await;
    let (_, link) = shown.split_once(&format!("value=\"{}", app.url)).unwrap();
    let link = link.split('"').next().unwrap();
    assert!(link.starts_with("/tocsin/reauthorize/"), "{link}");
    let owners = app.get(link).await;
    let cookies: Vec<_> = owners.headers().get_all(SET_COOKIE).iter().cloned().collect();
    for (cookie, path) in cookies
        .iter()
        .zip(["/tocsin/reauthorize", "/tocsin/oauth/callback"])
    {
        assert!(
            cookie.to_str().unwrap().contains(&format!("; Path={path};")),
            "{cookie:?}"
        );
    }
    assert_eq!(cookies.len(), 2);
    assert_all_below(&owners.text().await.unwrap(), "the owner's page");
    let document: serde_json::Value = app.get("/tocsin/api/v1/openapi.json").await.json().await.unwrap();
    assert_eq!(document["servers"][0]["url"], "/tocsin");
}

#[tokio::test]
async fn a_page_may_be_framed_by_this_site_only() {
    let app = TestApp::set_up_with(BELOW).await;
    let page: Response = app.get("/tocsin/").await;
    let policy = header(&page, "content-security-policy");
    assert!(
        policy.contains("frame-ancestors 'self'") && policy.contains("base-uri 'none'"),
        "{policy}"
    );
    assert_eq!(header(&page, "x-frame-options"), "");
}

#[test]
fn a_base_path_or_a_web_server_in_front_that_is_none_is_named() {
    for (option, value, word) in [
        ("--base-path", "tocsin", "/tocsin"),
        ("--base-path", "/api", "Tocsin's own pages"),
        ("--trusted-proxy", "nas.local", "172.16.0.0/12"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let ended = support::run(folder.path(), &[option, value]);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(!ended.status.success() && said.contains(word), "{said}");
    }
}
