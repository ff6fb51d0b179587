//! HTTP: which request goes where, and what stands around every answer.
//!
//! | file | what |
//! |---|---|
//! | [`pages`] | pages and server functions: rendered by `tocsin-app`, for whoever the gate lets in |
//! | [`rendering`] | renders each page on one thread, and never without end |
//! | [`gate`] | finds the session, and lets in who has one |
//! | [`base`], [`origin`] | by which address, and from where, a request came |
//! | [`owner`] | the page of a re-authorization link |
//! | [`cookies`] | the cookies of a request |
//! | [`sign_out`] | ends a session |
//! | [`oauth_callback`] | where a provider sends the browser back |
//! | [`import`] | files of accounts, in and out |
//! | [`live`] | tells open pages that something changed |
//! | [`site`] | the files that browsers load |
//! | [`headers`] | what browsers may do with an answer |
//! | [`health`] | whether the process answers, and the database |
//!
//! The machine API is not here, but in `api/`.

mod base;
mod cookies;
mod gate;
mod headers;
mod health;
mod import;
mod live;
mod oauth_callback;
mod origin;
mod owner;
mod pages;
mod rendering;
mod sign_out;
mod site;

pub use import::csv;
pub use site::Site;

use crate::api;
use axum::Router;
use axum::extract::FromRef;
use axum::middleware::from_fn_with_state;
use leptos::config::LeptosOptions;
use rendering::Renderers;
use std::sync::Arc;
use tocsin_app::shell::Assets;
use tocsin_engine::Engine;
use tokio::sync::watch;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use url::Url;

/// The largest form. The largest field is an authority's certificates.
const FORM_BYTES: usize = 256 * 1024;

/// The largest form of a mailbox's owner. The largest field is a pasted address.
const OWNERS_FORM_BYTES: usize = 32 * 1024;

/// What requests are answered with. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Web {
    engine: Arc<Engine>,
    leptos: LeptosOptions,
    assets: Assets,
    site: Site,
    public_url: Option<Url>,
    renderers: Renderers,
    /// Where forms may lead, for the pages' policy.
    form_targets: Arc<str>,
    /// Ends when the process is told to stop.
    stopping: watch::Receiver<()>,
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}

impl Web {
    /// Puts the parts together.
    pub fn new(
        engine: Arc<Engine>,
        site: Site,
        public_url: Option<Url>,
        stopping: watch::Receiver<()>,
    ) -> Self {
        let providers = engine.providers.all().iter();
        let form_targets = headers::form_targets(
            providers.filter_map(|provider| Some(provider.oauth.as_ref()?.endpoints.authorize.as_str())),
        );
        Self {
            engine,
            leptos: LeptosOptions::builder().output_name("tocsin").build(),
            assets: site.assets(),
            site,
            public_url,
            renderers: Renderers::start(),
            form_targets: form_targets.into(),
            stopping,
        }
    }
}

/// Everything that is answered.
pub fn router(web: Web) -> Router {
    let not_found = for_people(pages::not_found(&web), &web, FORM_BYTES).with_state(web.clone());
    Router::new()
        .merge(for_people(
            pages::router(&web)
                .merge(live::router())
                .merge(import::files_router()),
            &web,
            FORM_BYTES,
        ))
        .merge(for_people(import::upload_router(), &web, import::READ_AT_MOST))
        .merge(for_owners(owner::router()))
        .merge(health::router())
        .nest("/api/v1", api::router(web.engine.clone()))
        .fallback_service(web.site.files(not_found))
        .layer(headers::layer())
        .with_state(web)
}

/// What mailboxes' owners ask for: no gate, since they have no sign-in here, and the same protection from other
/// sites.
fn for_owners(router: Router<Web>) -> Router<Web> {
    router
        .layer(RequestBodyLimitLayer::new(OWNERS_FORM_BYTES))
        .layer(CsrfLayer::new())
}

/// What only browsers ask for: the gate, and what protects from other sites. The last layer sees a request first.
fn for_people(router: Router<Web>, web: &Web, body_bytes: usize) -> Router<Web> {
    router
        .layer(from_fn_with_state(web.clone(), oauth_callback::finish))
        .layer(from_fn_with_state(web.clone(), gate::let_in))
        .layer(from_fn_with_state(web.clone(), owner::finish))
        .layer(RequestBodyLimitLayer::new(body_bytes))
        .layer(CsrfLayer::new())
}
