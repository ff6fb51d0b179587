//! Each route renders whole on the server, without a script and, here, without an engine: what a page fetches
//! fails at once. With an engine and a session pages are tested over HTTP (`server/tests/`) and in a browser
//! (`end2end/tests/`).
#![allow(clippy::unwrap_used)]
#![cfg(feature = "ssr")]

use std::sync::LazyLock;

use axum::{Router, body::Body, http::Request, response::Response};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tocsin_app::{
    app::App,
    shell::{Assets, THEME_COOKIE, shell},
};
use tower::ServiceExt;

/// One for all tests: while `generate_route_list` runs, no page's data are fetched in the whole process.
static SITE: LazyLock<Router> = LazyLock::new(|| {
    let options = LeptosOptions::builder().output_name("tocsin").build();
    let document = options.clone();
    Router::new()
        .leptos_routes_with_context(
            &options,
            generate_route_list(App),
            || leptos::prelude::provide_context(Assets::default()),
            move || shell(document.clone()),
        )
        .with_state(options)
});

async fn get(path: &str, cookie: &str) -> Response {
    let request = Request::get(path)
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap();
    SITE.clone().oneshot(request).await.unwrap()
}

async fn html(path: &str) -> String {
    text(get(path, "").await).await
}

async fn text(response: Response) -> String {
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn every_page_has_one_heading_and_no_inline_style() {
    for path in [
        "/",
        "/setup",
        "/sign-in",
        "/accounts",
        "/accounts/add",
        "/accounts/1",
        "/accounts/1/convert",
        "/accounts/1/start",
        "/accounts/1/delete",
        "/accounts/1/restore",
        "/rules",
        "/rules/new",
        "/rules/1",
        "/notifications",
        "/notifications/1",
        "/settings",
        "/settings/oauth/gmail",
        "/oauth/device/1",
        "/oauth/paste/x",
    ] {
        let html = html(path).await;
        assert_eq!(html.matches("<h1").count(), 1, "{path}: {html}");
        assert!(!html.contains(" style="), "{path}");
        assert!(html.contains(r#"<html lang="en""#), "{path}: {html}");
    }
}

#[tokio::test]
async fn the_navigation_says_where_one_is() {
    let html = html("/accounts/add").await;
    let current = html.split(r#"aria-current="page""#).count() - 1;
    assert_eq!(current, 1, "{html}");
}

#[tokio::test]
async fn the_script_carries_the_nonce_of_the_answer() {
    let html = html("/sign-in").await;
    let script = html.split(r#"<script type="module""#).nth(1).unwrap();
    assert!(script.trim_start().starts_with("nonce="), "{script}");
}

#[tokio::test]
async fn the_theme_cookie_overrides_the_system() {
    let response = get("/sign-in", &format!("{THEME_COOKIE}=dark")).await;
    assert!(text(response).await.contains(r#"data-theme="dark""#));
}
