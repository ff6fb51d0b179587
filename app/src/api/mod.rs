//! Server functions: what the pages ask of the server, a file a resource. Each is thin: it checks who asks,
//! makes the engine's types of what was typed, and calls one use case.
//!
//! They are called by POST only, by a script or by a plain form. A function that changes something ends in
//! [`redirect`](leptos_axum::redirect), so that both ways end on the same page; an [`error::ApiError`] goes back
//! to the form. Arguments stay on the server; nothing of them is written into a URL.
//!
//! For the server only: the request and its cookie (`visit`, `cookie`), what was typed (`account_form`), errors of
//! the engine in words for a page (`engine_errors`), what changes nothing (`reads`), and `shown_once`.

// `#[server]` makes a struct of each function's arguments, whose fields nothing can be written about.
#![allow(missing_docs)]

#[cfg(feature = "ssr")]
mod account_form;
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod cookie;
pub mod deleting;
pub mod detect;
#[cfg(feature = "ssr")]
mod engine_errors;
pub mod error;
pub mod frame;
pub mod import;
pub mod links;
pub mod nas;
pub mod notifications;
pub mod oauth;
pub mod overview;
#[cfg(feature = "ssr")]
pub mod reads;
pub mod receiving;
pub mod rules;
pub mod session;
pub mod settings;
#[cfg(feature = "ssr")]
pub mod shown_once;
pub mod sign_ins;
pub mod starting;
pub mod told;
#[cfg(feature = "ssr")]
pub mod visit;
pub mod webhook;
