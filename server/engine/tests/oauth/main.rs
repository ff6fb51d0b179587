//! Signing in and refreshing, against a token endpoint that answers what each test tells it to. The same
//! against a certified OAuth server is among the end-to-end tests.
#![allow(clippy::unwrap_used)]

mod applications;
mod endpoint;
mod pasting;
mod probing;
mod refreshing;
mod secrets;
mod signing_in;
mod storing;
mod world;
