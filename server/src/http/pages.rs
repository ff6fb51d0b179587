//! Pages and server functions, with what they need in their context.

use super::rendering::{apart, on_one_thread, pages_on_one_thread};
use super::{Web, headers};
use axum::Router;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_app_async_with_context};
use leptos_router::location::RequestUrl;
use std::io;
use std::sync::Arc;
use tocsin_app::api::shown_once::ShownOnce;
use tocsin_app::app::App;
use tocsin_app::shell::shell;

/// Pages and server functions by their paths.
///
/// # Errors
///
/// The operating system gives no thread.
pub fn router(web: &Web) -> io::Result<Router<Web>> {
    let document = web.leptos.clone();
    let routes = apart(|| generate_route_list(App))?;
    Ok(Router::new()
        .leptos_routes_with_context(web, routes, context(web), move || shell(document.clone()))
        .layer(from_fn_with_state(web.renderers.clone(), pages_on_one_thread))
        .route("/sign-out", post(super::sign_out::sign_out)))
}

/// The page that says that there is none.
pub fn not_found(web: &Web) -> Router<Web> {
    let document = web.leptos.clone();
    Router::new()
        .fallback(render_app_async_with_context(context(web), move || {
            shell(document.clone())
        }))
        .layer(from_fn_with_state(web.renderers.clone(), on_one_thread))
}

fn context(web: &Web) -> impl Fn() + Clone + Send + Sync + 'static {
    let engine = web.engine.clone();
    let base = web.base_path().clone();
    let assets = web.assets.clone();
    let shown_once = ShownOnce::default();
    let form_targets = Arc::clone(&web.form_targets);
    move || {
        provide_context(engine.clone());
        provide_context(base.clone());
        if let Some(request) = use_context::<Parts>() {
            // The path as the browser has it: the router there must see the same.
            let path = request.uri.path_and_query().map_or("/", PathAndQuery::as_str);
            provide_context(RequestUrl::new(&base.at(path)));
        }
        provide_context(assets.clone());
        provide_context(shown_once.clone());
        headers::set_page_policy(&form_targets);
    }
}
