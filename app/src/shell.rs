//! The HTML document around every page: head, style sheet, and the script that hydrates.
//!
//! No `style=` and no inline handler anywhere: the policy of the server's header allows scripts by nonce only.

use http::{HeaderMap, header::COOKIE, request::Parts};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::app::App;

/// URLs of the compiled parts; their names carry a hash in a built site. The server provides it as context.
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
    view! {
        <!DOCTYPE html>
        <html data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <link rel="stylesheet" href=assets.css.clone() />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <link rel="manifest" href="/manifest.webmanifest" />
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
    let script = hydration_script(&assets);
    view! {
        <link rel="modulepreload" href=assets.js crossorigin="anonymous" />
        <link rel="preload" href=assets.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}

fn hydration_script(assets: &Assets) -> String {
    // Debug form quotes as a JavaScript string does, for the characters that a URL can have.
    format!(
        "import({:?}).then(m => m.default({{module_or_path: {:?}}}).then(() => m.hydrate()))",
        assets.js, assets.wasm
    )
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
        let script = hydration_script(&Assets::default());
        assert_eq!(
            script,
            r#"import("/pkg/tocsin.js").then(m => m.default({module_or_path: "/pkg/tocsin.wasm"}).then(() => m.hydrate()))"#
        );
    }
}
