//! What is typed into the pages' forms, sent without a script.
#![allow(clippy::unwrap_used)]

mod support;

use support::{PASSWORD, TestApp, location};

/// A port on which nothing listens: bound, and given back.
fn closed_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_and_nothing_is_saved() {
    let app = TestApp::set_up().await;
    let port = closed_port();
    let answer = app
        .submit(
            "/accounts/add?provider=custom",
            "/api/accounts/add",
            &[
                ("form[provider]", "custom"),
                ("form[address]", "nas@example.com"),
                ("form[secret]", "s3cret-of-nas"),
                ("form[host]", "127.0.0.1"),
                ("form[port]", &port),
                ("form[security]", "none"),
            ],
        )
        .await;
    assert!(!location(&answer).contains("s3cret"), "{}", location(&answer));
    let page = app.follow(&answer).await;
    assert!(page.contains("Nothing answers at this host and port."), "{page}");
    assert!(page.contains("Check the server's name and port."), "{page}");
    assert!(page.contains(r#"value="nas@example.com""#), "{page}");
    assert!(page.contains(&format!(r#"value="{port}""#)), "{page}");
    assert!(!page.contains("s3cret"), "{page}");
    assert!(app.page("/accounts").await.contains("No account yet"));
}

#[tokio::test]
async fn each_wrong_value_of_an_account_is_shown_beside_its_field() {
    let app = TestApp::set_up().await;
    for (name, value, field) in [
        ("form[address]", "nas", "address"),
        ("form[host]", "https://mail.example.com", "host"),
        ("form[port]", "99999", "port"),
        ("form[sender_name]", "a\r\nBcc: x@example.org", "sender_name"),
        ("form[owner]", "a@b\r\nRCPT TO:<c@d>", "owner"),
        ("form[ca]", "nonsense", "ca"),
    ] {
        let mut fields = vec![
            ("form[provider]", "custom"),
            ("form[address]", "nas@example.com"),
            ("form[secret]", "s3cret-of-nas"),
            ("form[host]", "mail.example.com"),
            ("form[port]", "465"),
            ("form[security]", "tls"),
        ];
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        let answer = app
            .submit("/accounts/add?provider=custom", "/api/accounts/add", &fields)
            .await;
        let page = app.follow(&answer).await;
        assert!(page.contains(&format!("{field}-error")), "{field}: {page}");
    }
}

#[tokio::test]
async fn a_new_token_is_shown_once_and_never_in_a_url() {
    let app = TestApp::set_up().await;
    let fields = [("name", "backup script"), ("scope", "report")];
    let answer = app.submit("/settings", "/api/settings/make-token", &fields).await;
    assert_eq!(location(&answer), "/settings?done=token");
    let page = app.follow(&answer).await;
    let token = page
        .split("value=\"tocsin_")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert_eq!(token.len(), 43);
    let again = app.page("/settings?done=token").await;
    assert!(!again.contains(token), "{again}");
    assert!(again.contains("backup script"), "{again}");
}

#[tokio::test]
async fn a_token_without_a_name_is_refused() {
    let app = TestApp::set_up().await;
    let answer = app
        .submit(
            "/settings",
            "/api/settings/make-token",
            &[("name", " "), ("scope", "report")],
        )
        .await;
    assert!(app.follow(&answer).await.contains("token-name-error"));
}

#[tokio::test]
async fn an_oauth_application_is_saved_sealed_and_its_secret_never_shown() {
    let app = TestApp::set_up().await;
    let before = app.page("/settings/oauth/gmail").await;
    let redirect_uri = app.at("/oauth/callback");
    assert!(before.contains(&redirect_uri), "{before}");
    assert!(before.contains("“Testing”"), "{before}");
    let answer = app
        .submit(
            "/settings/oauth/gmail",
            "/api/oauth/save",
            &[
                ("key", "gmail"),
                ("client_id", "id-1"),
                ("client_secret", "GOCSPX-canary"),
            ],
        )
        .await;
    assert_eq!(location(&answer), "/settings/oauth/gmail?done=saved");
    let after = app.follow(&answer).await;
    assert!(after.contains(r#"value="id-1""#), "{after}");
    assert!(!after.contains("GOCSPX"), "{after}");
    let settings = app.page("/settings").await;
    assert!(settings.contains("saved the OAuth application"), "{settings}");
    assert!(!settings.contains("GOCSPX"), "{settings}");
}

#[tokio::test]
async fn adding_a_mailbox_leads_to_the_provider_or_first_to_its_oauth_application() {
    let app = TestApp::set_up().await;
    let without = app.page("/accounts/add?provider=gmail").await;
    assert!(without.contains(r#"href="/settings/oauth/gmail""#), "{without}");
    let fields = [
        ("key", "gmail"),
        ("client_id", "id-1"),
        ("client_secret", "GOCSPX-canary"),
    ];
    app.submit("/settings/oauth/gmail", "/api/oauth/save", &fields)
        .await;
    let with = app.page("/accounts/add?provider=gmail").await;
    assert!(with.contains("Add Account"), "{with}");
    let fields = [("form[provider]", "gmail"), ("form[sender_name]", "NAS")];
    let answer = app
        .submit("/accounts/add?provider=gmail", "/api/oauth/add", &fields)
        .await;
    let url = location(&answer);
    assert!(
        url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"),
        "{url}"
    );
    for part in [
        "code_challenge_method=S256",
        "client_id=id-1",
        "state=",
        "redirect_uri=http%3A%2F%2F127.0.0.1",
    ] {
        assert!(url.contains(part), "{part}: {url}");
    }
    assert!(!url.contains("GOCSPX"), "{url}");
}

#[tokio::test]
async fn a_return_from_a_provider_that_nobody_began_changes_nothing_and_says_so() {
    let app = TestApp::set_up().await;
    let page = app.page("/oauth/callback?state=nonsense&code=canary-code").await;
    assert!(page.contains("This sign-in did not begin here"), "{page}");
    assert!(!page.contains("canary-code"), "{page}");
    app.forget_session();
    let page = app.page("/oauth/callback?state=nonsense&code=canary-code").await;
    assert!(page.contains("begun in another browser or session"), "{page}");
}

#[tokio::test]
async fn ones_own_password_is_changed_with_the_present_one_only() {
    let app = TestApp::set_up().await;
    let fields = [("present", "wrong"), ("new", "another-long-one")];
    let answer = app.submit("/settings", "/api/settings/password", &fields).await;
    assert!(app.follow(&answer).await.contains("present-error"));
    let fields = [("present", PASSWORD), ("new", "another-long-one")];
    let answer = app.submit("/settings", "/api/settings/password", &fields).await;
    assert_eq!(location(&answer), "/settings?done=password");
    app.page("/settings").await;
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_said_so() {
    let app = TestApp::set_up().await;
    for path in [
        "/accounts/1",
        "/accounts/nonsense",
        "/accounts/1/delete",
        "/settings/oauth/yahoo",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
    }
}
