//! The webhook: what people are told by mail, a program is told by HTTP, also where no mail can be carried.
//!
//! One POST of JSON for each piece of news:
//!
//! ```json
//! {"id": "123", "kind": "expired", "at": "2026-11-21T12:00:00Z", "installation": "nas-01",
//!  "text": "nas@example.com cannot send: …", "since": "…", "meaning": "grant-revoked", "words": "…",
//!  "ends": null, "account": {"id": "7", "address": "nas@example.com", "provider": "gmail"},
//!  "application": null, "url": "https://nas.example.com/accounts/7"}
//! ```
//!
//! `kind` is a word of [`tocsin_domain::told::Kind`], or `test`. `id` stays the same when the call is made again: a
//! receiver that answered too late sees by it what it has already.
//!
//! The header `Tocsin-Signature: t=1790000000,v1=HEX` carries the time of the try, in seconds since the epoch, and
//! the HMAC-SHA256 (RFC 2104), keyed with the secret as it is shown, of `t`, a full stop, and the body's bytes. A
//! receiver computes the same, compares in constant time, and refuses what is older than a few minutes.
//!
//! Calls are stored with what they tell of, and tried until the webhook answers with a status of success (2xx), for
//! a day at most. Redirects are not followed. The address may be one of the local network: who sets it administers
//! this installation anyway.
//!
//! | file | what |
//! |---|---|
//! | `news` | what is told |
//! | `sign` | the signature |
//! | `call` | one try |
//! | `run` | tries what waits, and again with back-off |
//! | `settings` | the address and the secret, as a person sets them; a test |

mod call;
mod news;
mod run;
mod settings;
mod sign;

pub(crate) use news::News;
pub(crate) use run::run;
pub(crate) use settings::place;
pub use settings::{SECRET_PREFIX, Webhook, WebhookError};
pub use sign::signature;
