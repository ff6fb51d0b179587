//! The words of Tocsin as types, and what follows from them without I/O: rule matching, failure
//! classification, state changes, schedules.
//!
//! Nothing here opens a file, a socket or a clock: times come in as arguments. The crate compiles for the
//! browser too, where the pages use it for what they show.

pub mod account;
pub mod address;
pub mod authorization;
pub mod backoff;
pub mod base_path;
pub mod deleted;
pub mod detection;
pub mod ending;
pub mod event;
pub mod failure;
pub mod hours;
pub mod id;
pub mod import;
pub mod link;
pub mod nas;
pub mod notification;
pub mod overview;
pub mod provider;
pub mod receiving;
pub mod rule;
pub mod senderless;
pub mod severity;
pub mod sign_in_way;
pub mod text;
pub mod told;
pub mod webhook;
