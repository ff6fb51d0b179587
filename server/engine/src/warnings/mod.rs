//! Telling people what needs them, by a way that still works.

mod tell;

pub use tell::{About, Message};
