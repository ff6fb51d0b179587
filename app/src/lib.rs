//! What the browser shows: pages, wizards, components, and the server functions that they call.
//!
//! Compiled twice: with the feature `ssr` for the server, which renders each page whole, and with `hydrate`
//! for the browser, which makes the page that is already there live. Both must render the same tree; what
//! only a browser knows (its time zone, a clipboard) is read in an effect, after hydration.
//!
//! Not here: rules of the business (`tocsin-domain`), storage and mail (`tocsin-engine`), HTTP (`tocsin`).

#![recursion_limit = "512"]
// What a component takes is its own: it outlives the call.
#![allow(clippy::needless_pass_by_value)]
// A server function is async, also one that has nothing to wait for.
#![allow(clippy::unused_async)]

pub mod api;
pub mod app;
pub mod base;
pub mod components;
pub mod frame;
pub mod i18n;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod wizards;
pub mod words;

/// Makes the page that the server sent live; called by the script that [`shell`](mod@shell) writes.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(|| {
        base::take_from_document();
        app::App()
    });
}
