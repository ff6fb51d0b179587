//! HTTP: which request goes where, and what stands around every answer.
//!
//! | file | what |
//! |---|---|
//! | [`pages`] | pages and server functions: rendered by `tocsin-app`, for whoever the gate lets in |
//! | [`rendering`] | renders each page on one thread, and never without end |
//! | [`gate`] | finds the session, and lets in who has one |
//! | [`mount`] | the base path, in requests and answers |
//! | [`forwarded`] | what web servers in front say about a request |
//! | [`need`] | whether a request changes something |
//! | [`base`], [`origin`] | by which address, and from where, a request came |
//! | [`own_forms`] | protects from forms of other sites |
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
mod forwarded;
mod gate;
mod headers;
mod health;
mod import;
mod live;
mod mount;
mod need;
mod oauth_callback;
mod origin;
mod own_forms;
mod owner;
mod pages;
mod rendering;
mod sign_out;
mod site;

pub use forwarded::TrustedProxies;
pub use import::csv;
pub use site::Site;

use crate::api;
use axum::Router;
use axum::extract::{FromRef, Request};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use leptos::config::LeptosOptions;
use rendering::Renderers;
use std::io;
use std::sync::Arc;
use tocsin_app::shell::Assets;
use tocsin_domain::base_path::BasePath;
use tocsin_engine::Engine;
use tokio::sync::watch;
use tower::ServiceBuilder;
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
    trusted_proxies: TrustedProxies,
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
        trusted_proxies: TrustedProxies,
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
            trusted_proxies,
            renderers: Renderers::start(),
            form_targets: form_targets.into(),
            stopping,
        }
    }

    fn base_path(&self) -> &BasePath {
        self.engine.base_path()
    }
}

/// Everything that is answered, also behind another web server.
///
/// # Errors
///
/// The operating system gives no thread.
pub fn router(web: Web) -> io::Result<Router> {
    let (trusted, base, to) = (
        web.trusted_proxies.clone(),
        web.base_path().clone(),
        web.base_path().clone(),
    );
    let outside = ServiceBuilder::new()
        .map_request(move |request: Request| mount::inward(&base, forwarded::understand(&trusted, request)))
        .map_response(move |response: Response| mount::outward(&to, response))
        .service(inside(web)?);
    // A layer of a router would come after the choice of the route.
    Ok(Router::new().fallback_service(outside))
}

fn inside(web: Web) -> io::Result<Router> {
    let not_found = for_people(pages::not_found(&web), &web, FORM_BYTES).with_state(web.clone());
    Ok(Router::new()
        .merge(for_people(
            pages::router(&web)?
                .merge(live::router())
                .merge(import::files_router()),
            &web,
            FORM_BYTES,
        ))
        .merge(for_people(import::upload_router(), &web, import::READ_AT_MOST))
        .merge(for_owners(owner::router(), &web))
        .merge(health::router())
        .nest("/api/v1", api::router(web.engine.clone()))
        .fallback_service(web.site.files(not_found))
        .layer(headers::layer())
        .with_state(web))
}

/// What mailboxes' owners ask for: no gate, since they have no sign-in here, and the same protection from other
/// sites.
fn for_owners(router: Router<Web>, web: &Web) -> Router<Web> {
    router
        .layer(RequestBodyLimitLayer::new(OWNERS_FORM_BYTES))
        .layer(own_forms::layer(web.public_url.as_ref()))
}

/// What only browsers ask for: the gate, and what protects from other sites. The last layer sees a request first.
fn for_people(router: Router<Web>, web: &Web, body_bytes: usize) -> Router<Web> {
    router
        .layer(from_fn_with_state(web.clone(), oauth_callback::finish))
        .layer(from_fn_with_state(web.clone(), gate::let_in))
        .layer(from_fn_with_state(web.clone(), owner::finish))
        .layer(RequestBodyLimitLayer::new(body_bytes))
        .layer(own_forms::layer(web.public_url.as_ref()))
}
