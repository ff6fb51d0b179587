//! The HTML document around every page: head, style sheet, and the script that hydrates.
//!
//! No `style=` and no inline handler anywhere: the policy of the server's header allows scripts by nonce only.

use http::{HeaderMap, header::COOKIE, request::Parts};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{
    app::App,
    base::{at, base},
};

/// Paths of the compiled parts, without the base path; their names carry a hash in a built site. The server provides it as context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The script that wasm-bindgen wrote.
    pub js: String,
    /// The WebAssembly module.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
}

impl Default for Assets {
    fn default() -> Self {
        Self {
            js: "/pkg/tocsin.js".into(),
            wasm: "/pkg/tocsin.wasm".into(),
            css: "/pkg/tocsin.css".into(),
        }
    }
}

/// The cookie that overrides the system's choice of light or dark; its value is `light` or `dark`.
pub const THEME_COOKIE: &str = "tocsin_theme";

/// The document. `options` matter to `cargo leptos watch` only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let assets = use_context::<Assets>().unwrap_or_default();
    let theme = use_context::<Parts>().and_then(|request| theme(&request.headers));
    // Where the browser finds it: `base::take_from_document`.
    let base = Some(base().to_string()).filter(|base| !base.is_empty());
    view! {
        <!DOCTYPE html>
        <html data-theme=theme data-base=base>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <link rel="stylesheet" href=at(&assets.css) />
                <link rel="icon" type="image/svg+xml" href=at("/favicon.svg") />
                <link rel="manifest" href=at("/manifest.webmanifest") />
                <AutoReload options />
                <Hydration assets />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

#[component]
fn Hydration(assets: Assets) -> impl IntoView {
    let nonce = use_nonce();
    let (js, wasm) = (at(assets.js), at(assets.wasm));
    let script = hydration_script(&js, &wasm);
    view! {
        <link rel="modulepreload" href=js crossorigin="anonymous" />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}

fn hydration_script(js: &str, wasm: &str) -> String {
    // Debug form quotes as a JavaScript string does, for the characters that a URL can have.
    format!("import({js:?}).then(m => m.default({{module_or_path: {wasm:?}}}).then(() => m.hydrate()))")
}

/// What the reader chose; nothing lets the system decide.
pub fn theme(headers: &HeaderMap) -> Option<&'static str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == THEME_COOKIE)
        .and_then(|(_, value)| ["light", "dark"].into_iter().find(|theme| *theme == value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn request(cookie: &str) -> HeaderMap {
        [(COOKIE, cookie.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn the_theme_is_taken_from_its_cookie() {
        assert_eq!(theme(&request("a=b; tocsin_theme=dark")), Some("dark"));
    }

    #[test]
    fn an_unknown_theme_leaves_the_choice_to_the_system() {
        assert_eq!(theme(&request("tocsin_theme=\"><script>")), None);
    }

    #[test]
    fn the_script_names_both_parts() {
        let script = hydration_script("/pkg/tocsin.js", "/pkg/tocsin.wasm");
        assert_eq!(
            script,
            r#"import("/pkg/tocsin.js").then(m => m.default({module_or_path: "/pkg/tocsin.wasm"}).then(() => m.hydrate()))"#
        );
    }
}
