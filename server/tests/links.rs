//! Re-authorization links over HTTP: the administrator's side, and the owner's page, which needs no session.
#![allow(clippy::unwrap_used)]

mod support;

use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::collections::BTreeMap;
use std::sync::Mutex;
use support::{TestApp, header, location};
use tocsin_engine::smtp::scripted::{Script, Scripted};

const NAS: &str = "nas@example.com";

/// A mailbox that was added with the password `old`, and whose server knows only `new` since.
struct World {
    app: TestApp,
    server: Scripted,
    account: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::set_up().await;
        let server = Scripted::start(Script::plain().knowing(NAS, "old")).await;
        let port = server.port().to_string();
        let fields = [
            ("form[provider]", "custom"),
            ("form[address]", NAS),
            ("form[secret]", "old"),
            ("form[host]", "127.0.0.1"),
            ("form[port]", &port),
            ("form[security]", "none"),
        ];
        let added = app
            .submit("/accounts/add?provider=custom", "/api/accounts/add", &fields)
            .await;
        let to = location(&added);
        let account = to.strip_prefix("/accounts/").unwrap_or_else(|| panic!("{to}"));
        let account = account.chars().take_while(char::is_ascii_digit).collect();
        server.change(|_| Script::plain().knowing(NAS, "new"));
        Self { app, server, account }
    }

    /// Makes a link by the account's window, without a script; its path.
    async fn link(&self) -> String {
        let page = format!("/accounts/{}", self.account);
        let fields = [("account", self.account.as_str()), ("hours", "72")];
        let made = self.app.submit(&page, "/api/links/make", &fields).await;
        assert_eq!(location(&made), format!("{page}?done=link#links"));
        let shown = self.app.page(&format!("{page}?done=link")).await;
        let path = between(&shown, &format!("value=\"{}", self.app.url), "\"");
        assert_eq!(path.len(), "/reauthorize/".len() + 43, "{path}");
        path.to_owned()
    }

    fn owner(&self) -> Owner<'_> {
        Owner {
            app: &self.app,
            client: Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .tls_certs_only([])
                .build()
                .unwrap(),
            cookies: Mutex::default(),
        }
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap().0
}

/// The owner's browser, which knows nothing of the administrator's session.
struct Owner<'a> {
    app: &'a TestApp,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Owner<'_> {
    async fn get(&self, path: &str) -> Response {
        self.send(self.client.get(self.app.at(path))).await
    }

    async fn page(&self, path: &str, status: StatusCode) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), status, "{path}");
        answer.text().await.unwrap()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.client.post(self.app.at(path)).form(fields);
        self.send(request.header("sec-fetch-site", "same-origin")).await
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        let cookies: Vec<_> = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(ACCEPT, "text/html")
            .header(COOKIE, cookies.join("; "));
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies
                .lock()
                .unwrap()
                .insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}

#[tokio::test]
async fn the_owner_enters_a_new_password_and_is_thanked() {
    let world = World::new().await;
    let link = world.link().await;
    let owner = world.owner();
    let page = owner.page(&link, StatusCode::OK).await;
    assert!(page.contains(NAS) && page.contains("New password"), "{page}");

    let refused = owner.post(&link, &[("password", "wrong-canary")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await.unwrap();
    assert!(
        refused.contains("The mail server did not accept this."),
        "{refused}"
    );
    assert!(!refused.contains("wrong-canary"), "{refused}");

    let done = owner.post(&link, &[("password", "new")]).await;
    assert_eq!(location(&done), link);
    let thanks = owner.page(&link, StatusCode::OK).await;
    assert!(thanks.contains("Thank you."), "{thanks}");

    let another = world.owner().page(&link, StatusCode::GONE).await;
    assert!(another.contains("This link was used already"), "{another}");
    assert!(
        another.contains("admin@example.com") && !another.contains(NAS),
        "{another}"
    );
    let log = world.app.page("/settings").await;
    assert!(log.contains("authorized again by re-authorization link"), "{log}");
    let window = world.app.page(&format!("/accounts/{}", world.account)).await;
    assert!(window.contains("Used") && !window.contains(&link), "{window}");
}

#[tokio::test]
async fn used_twice_at_the_same_moment_one_succeeds_and_the_other_is_told() {
    let world = World::new().await;
    let link = world.link().await;
    let (one, other) = (world.owner(), world.owner());
    one.get(&link).await;
    other.get(&link).await;
    let fields = [("password", "new")];
    let (first, second) = tokio::join!(one.post(&link, &fields), other.post(&link, &fields));
    let mut statuses = [first.status(), second.status()];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::GONE]);
}

#[tokio::test]
async fn looking_any_number_of_times_uses_nothing_up_and_the_page_tells_nobody() {
    let world = World::new().await;
    let link = world.link().await;
    for _ in 0..10 {
        world.owner().page(&link, StatusCode::OK).await;
    }
    let owner = world.owner();
    let answer = owner.get(&link).await;
    assert_eq!(header(&answer, "cache-control"), "no-store");
    assert_eq!(header(&answer, "referrer-policy"), "same-origin");
    assert_eq!(header(&answer, "x-robots-tag"), "noindex, nofollow");
    assert!(header(&answer, "content-security-policy").contains("default-src 'none'"));
    let page = answer.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains(".wasm"), "{page}");
    assert!(
        !page.contains("127.0.0.1") && !page.contains("admin@example.com"),
        "{page}"
    );
    assert!(page.len() < 12_000, "{} bytes", page.len());
    let window = world.app.page(&format!("/accounts/{}", world.account)).await;
    assert!(!window.contains("Not opened"), "{window}");
    owner.post(&link, &[("password", "new")]).await;
    owner.page(&link, StatusCode::OK).await;
}

#[tokio::test]
async fn an_unknown_token_learns_nothing_and_too_many_have_to_wait() {
    let world = World::new().await;
    let owner = world.owner();
    for number in 0..5 {
        let page = owner
            .page(&format!("/reauthorize/{number:043}"), StatusCode::NOT_FOUND)
            .await;
        assert!(page.contains("This link is not valid"), "{page}");
        assert!(!page.contains("admin@example.com"), "{page}");
    }
    let answer = owner.get(&format!("/reauthorize/{}", "x".repeat(43))).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(header(&answer, "retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn a_revoked_link_says_so_and_whom_to_ask() {
    let world = World::new().await;
    let link = world.link().await;
    let page = format!("/accounts/{}", world.account);
    let window = world.app.page(&page).await;
    let form = between(&window, "/api/links/revoke", "</form>");
    let id = between(form, "name=\"id\" value=\"", "\"").to_owned();
    let revoked = world.app.submit(&page, "/api/links/revoke", &[("id", &id)]).await;
    assert!(location(&revoked).starts_with(&format!("{page}?done=link-revoked")));
    let owner = world.owner();
    let gone = owner.page(&link, StatusCode::GONE).await;
    assert!(gone.contains("This link was withdrawn"), "{gone}");
    assert!(gone.contains("Ask admin@example.com for a new one."), "{gone}");
    assert!(!gone.contains(NAS), "{gone}");
    let tried = world.server.record().sign_ins.len();
    let refused = owner.post(&link, &[("password", "new")]).await;
    assert_eq!(
        refused.status(),
        StatusCode::UNPROCESSABLE_ENTITY.min(refused.status())
    );
    assert_eq!(
        world.server.record().sign_ins.len(),
        tried,
        "no password is tried"
    );
}

#[tokio::test]
async fn the_page_speaks_the_owners_language_and_another_can_be_chosen() {
    let world = World::new().await;
    let link = world.link().await;
    let owner = world.owner();
    let request = owner
        .client
        .get(world.app.at(&link))
        .header(ACCEPT_LANGUAGE, "de-CH, en;q=0.5");
    let german = owner.send(request).await.text().await.unwrap();
    assert!(german.contains("<html lang=\"de\""), "{german}");
    assert!(german.contains("Neues Passwort"), "{german}");
    let chosen = owner.get(&format!("{link}?lang=ja")).await;
    assert_eq!(location(&chosen), link);
    let japanese = owner.page(&link, StatusCode::OK).await;
    assert!(
        japanese.contains("<html lang=\"ja\"") && japanese.contains("新しいパスワード"),
        "{japanese}"
    );
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_and_an_administrators_session_has_no_part() {
    let world = World::new().await;
    let link = world.link().await;
    let owner = world.owner();
    owner.get(&link).await;
    let foreign = owner
        .client
        .post(world.app.at(&link))
        .form(&[("password", "new")]);
    let foreign = owner.send(foreign.header("sec-fetch-site", "cross-site")).await;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    // In the administrator's own browser the same page is there, and it is the same page.
    let page = world.app.page(&link).await;
    assert!(
        page.contains("New password") && !page.contains("Sign out"),
        "{page}"
    );
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_asked_to_send_the_form_again() {
    let world = World::new().await;
    let link = world.link().await;
    let answer = world.owner().post(&link, &[("password", "new")]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let odd = world.owner().post(&link, &[("nonsense", "x")]).await;
    assert_eq!(odd.status(), StatusCode::UNPROCESSABLE_ENTITY);
    world.owner().page(&link, StatusCode::OK).await;
}

#[tokio::test]
async fn how_long_a_link_works_is_chosen_from_what_there_is() {
    let world = World::new().await;
    let page = format!("/accounts/{}", world.account);
    for hours in ["0", "337", "soon", ""] {
        let fields = [("account", world.account.as_str()), ("hours", hours)];
        let answer = world.app.submit(&page, "/api/links/make", &fields).await;
        let shown = world.app.follow(&answer).await;
        assert!(shown.contains("from one hour to 14 days"), "{hours}: {shown}");
    }
}
