//! The engine as a whole, against mail servers that answer as they are told: what is accepted is delivered, by
//! whichever sender can, also when an authorization was lost in between.

#![allow(clippy::unwrap_used, clippy::match_wild_err_arm)]

mod accepting;
mod administrators;
mod authorization;
mod converting;
mod deleting_accounts;
mod delivery;
mod detecting;
#[path = "../oauth/endpoint.rs"]
#[allow(dead_code)]
mod endpoint;
mod importing;
mod keeping_accounts;
mod keeping_rules;
mod links;
mod machine_tokens;
mod nas;
mod nas_log;
mod provider;
mod receiver;
mod receiving;
mod senders;
mod signing_in;
mod support;
mod survival;
mod warnings;
mod webhook;
