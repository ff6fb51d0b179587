//! The base path below which a web server in front shows the pages, as the pages need it: [`at`] for every link, form
//! and file.
//!
//! The server provides a [`BasePath`] as context and writes it into the document, where the browser finds it. Routes,
//! redirects and server functions are written without it: the router adds it in the browser, the server in headers.

use leptos::prelude::*;
use tocsin_domain::base_path::BasePath;

/// The attribute of the document that tells the browser; the document's maker writes it.
#[cfg(feature = "hydrate")]
const ATTRIBUTE: &str = "data-base";

/// Where a link leads from outside; to be called where a page is made, not in a handler of an event. What is no path from
/// the root stays as it is.
pub fn at(link: impl AsRef<str>) -> String {
    base().at(link.as_ref())
}

/// The base path.
pub fn base() -> BasePath {
    use_context().unwrap_or_default()
}

/// What the document says, known to the application from here on. The browser's address takes the form that the router
/// understands, whichever way in the reader took.
#[cfg(feature = "hydrate")]
pub fn take_from_document() {
    let written = document()
        .document_element()
        .and_then(|html| html.get_attribute(ATTRIBUTE));
    let base: BasePath = written.and_then(|base| base.parse().ok()).unwrap_or_default();
    if !base.as_str().is_empty() {
        // It lives as long as the page.
        leptos::server_fn::client::set_server_url(String::leak(base.to_string()));
    }
    tidy_address(&base);
    provide_context(base);
}

#[cfg(feature = "hydrate")]
fn tidy_address(base: &BasePath) {
    let location = window().location();
    let (Ok(path), Ok(search), Ok(hash)) = (location.pathname(), location.search(), location.hash()) else {
        return;
    };
    let tidy = base.at(&base.inside(&path));
    if tidy == path {
        return;
    }
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or_default();
        let address = format!("{tidy}{search}{hash}");
        // A browser that refuses shows the page all the same.
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}
