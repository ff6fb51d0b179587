//! The pages, a file each; `app.rs` says at which path. Parts that two pages share are in `components`,
//! sequences of steps in `wizards`.

pub mod accounts;
pub mod not_found;
pub mod notification;
pub mod notifications;
pub mod oauth_application;
mod oauth_steps;
pub mod overview;
#[cfg(feature = "ssr")]
pub mod owner;
pub mod rule;
pub mod rules;
pub mod settings;
pub mod setup;
pub mod sign_in;
