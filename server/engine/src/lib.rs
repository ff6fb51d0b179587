//! What Tocsin does, without HTTP: store, vault, outbox, sentinel, authorization by OAuth, SMTP.
//!
//! [`Engine`] holds the parts together: the process starts one and calls its methods, each of which is one
//! thing that a person or program can do. The only SQL is in `store/`; HTTP for people and machines is in the
//! `server` crate.

mod config;
mod engine;
pub mod ids;
pub mod live;
pub mod oauth;
pub mod oauth_applications;
pub mod providers;
pub mod smtp;
pub mod store;
pub mod time;
pub mod vault;

pub use config::{Config, LostKey};
pub use engine::{Engine, StartError};
