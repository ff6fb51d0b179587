//! What the document around every page carries. The pages themselves are tested over HTTP, with an engine and a
//! session (`server/tests/`), and in a browser (`end2end/tests/`).
#![allow(clippy::unwrap_used)]
#![cfg(feature = "ssr")]

use axum::{Router, body::Body, http::Request, response::Response};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use tocsin_app::{
    app::App,
    shell::{Assets, THEME_COOKIE, shell},
};
use tower::ServiceExt;

fn site() -> Router {
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
}

async fn get(path: &str, cookie: &str) -> Response {
    let request = Request::get(path)
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap();
    site().oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_script_carries_the_nonce_of_the_answer() {
    let html = text(get("/sign-in", "").await).await;
    let script = html.split(r#"<script type="module""#).nth(1).unwrap();
    assert!(script.trim_start().starts_with("nonce="), "{script}");
}

#[tokio::test]
async fn the_theme_cookie_overrides_the_system() {
    let response = get("/sign-in", &format!("{THEME_COOKIE}=dark")).await;
    assert!(text(response).await.contains(r#"data-theme="dark""#));
}
