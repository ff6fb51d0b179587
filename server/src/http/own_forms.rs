//! Protects from forms of other sites: what changes something must come from a page of this one.
//!
//! Browsers say from where (`Sec-Fetch-Site`; over plain HTTP only `Origin`, which is then compared with the `Host`).

use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use url::Url;

const REFUSED: &str = "Nothing was changed: this form came from another address than the one that Tocsin was asked \
     by. If a web server stands in front of Tocsin, it must pass on for which host and port the browser asked, or \
     Tocsin must be told its public address (--public-url); README.md, \u{201c}Behind another web server\u{201d}, \
     shows how.\n";

/// The protection. Pages at the public address count as this site's, whatever a web server in front makes of the host.
pub fn layer(public_url: Option<&Url>) -> CsrfLayer<fn(ProtectionError) -> Response<Body>> {
    let layer = CsrfLayer::new();
    let layer = match public_url {
        // An address with a host has an origin that is fit.
        Some(url) => layer
            .add_trusted_origin(url.origin().ascii_serialization())
            .unwrap_or_default(),
        None => layer,
    };
    layer.with_rejection_response(|_| (StatusCode::FORBIDDEN, REFUSED).into_response())
}
