//! What browsers may do with an answer.
//!
//! Pages may load from this server only. A script runs if it is a file of this server or carries the answer's
//! nonce; `'wasm-unsafe-eval'` lets WebAssembly compile, and nothing else. A form may lead to the sign-in page
//! of a provider: browsers check `form-action` along redirects too. Everything that is no page may do nothing.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use leptos::nonce::use_nonce;
use leptos::prelude::expect_context;
use leptos_axum::ResponseOptions;
use tower::layer::util::Stack;
use tower_http::set_header::SetResponseHeaderLayer;
use url::Url;

type SetHeader = SetResponseHeaderLayer<HeaderValue>;

const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// Where Microsoft sends owners of personal mailboxes from its common sign-in page.
/// <https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges> (line 56)
const MICROSOFT_PERSONAL: &str = "https://login.live.com";

/// The headers of every answer.
pub fn layer() -> Stack<SetHeader, Stack<SetHeader, SetHeader>> {
    let header = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Stack::new(
        header(X_CONTENT_TYPE_OPTIONS, "nosniff"),
        Stack::new(
            // A form's answer needs the page that it came from.
            header(REFERRER_POLICY, "same-origin"),
            header(CONTENT_SECURITY_POLICY, NO_PAGE),
        ),
    )
}

/// Where forms may lead: this server, and the providers' sign-in pages.
pub fn form_targets<'a>(authorize: impl Iterator<Item = &'a str>) -> String {
    let mut origins: Vec<String> = authorize
        .filter_map(|url| Url::parse(url).ok())
        .map(|url| url.origin().ascii_serialization())
        .collect();
    if origins
        .iter()
        .any(|origin| origin == "https://login.microsoftonline.com")
    {
        origins.push(MICROSOFT_PERSONAL.into());
    }
    origins.sort_unstable();
    origins.dedup();
    origins.insert(0, "'self'".into());
    origins.join(" ")
}

/// Sets the policy of the page that is being rendered; to be called in its context.
pub fn set_page_policy(form_targets: &str) {
    let Some(nonce) = use_nonce() else { return };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'; \
         form-action {form_targets}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        expect_context::<ResponseOptions>().insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_may_lead_to_the_providers_sign_in_pages_and_nowhere_else() {
        let targets = form_targets(
            [
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                "https://accounts.google.com/o/oauth2/v2/auth",
                "https://login.microsoftonline.com/consumers/oauth2/v2.0/authorize",
                "not a url",
            ]
            .into_iter(),
        );
        assert_eq!(
            targets,
            "'self' https://accounts.google.com https://login.live.com https://login.microsoftonline.com"
        );
    }
}
