//! What Tocsin does, without HTTP: store, vault, outbox, sentinel, authorization by OAuth, SMTP.
//!
//! [`Engine`] holds the parts together: the process starts one and calls its methods, each of which is one
//! thing that a person or program can do. The only SQL is in `store/`; HTTP for people and machines is in the
//! `server` crate.

mod accept;
pub mod accounts;
pub mod admins;
pub mod audit;
mod config;
pub mod detect;
pub mod doctor;
mod engine;
pub mod ids;
pub mod imap;
pub mod import;
mod inbox;
mod jitter;
pub mod links;
pub mod live;
pub mod nas;
mod net;
pub mod oauth;
pub mod oauth_applications;
mod outbox;
mod overview;
mod preview;
pub mod providers;
mod queue;
mod routing;
pub mod rules;
mod secret;
mod senderless;
mod sentinel;
mod settings;
mod sign_in;
mod sign_ins;
pub mod smtp;
pub mod store;
mod throttle;
pub mod time;
pub mod tokens;
pub mod vault;
pub mod warnings;
pub mod webhook;

pub use accept::{AcceptError, Accepted, Novelty};
pub use config::{Config, LostKey};
pub use engine::{Engine, StartError};
pub use overview::Overview;
pub use queue::{NotificationDetail, QueueError};
pub use settings::GeneralSettings;
pub use sign_in::SignInError;
pub use sign_ins::{Begun, DeviceProgress, DeviceSignIn, FailedSignIn, FinishError, Finished, NewSignIn};
