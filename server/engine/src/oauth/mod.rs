//! Authorization by OAuth 2.0: the authorization code flow with PKCE, refreshing, revoking.
//!
//! A sign-in runs like this (RFC 6749 section 4.1, RFC 7636, `OpenID` Connect Core 1.0):
//! 1. [`OAuthClient::begin`] makes a single-use `state` and a PKCE verifier, keeps them for ten minutes (the
//!    hash of the one, the other sealed) together with the session that asked, and gives the URL of the
//!    provider's sign-in page.
//! 2. The provider sends the browser back with the `state` and a code. [`OAuthClient::finish`] first takes the
//!    `state` away, whatever follows, then checks the session, exchanges the code, and looks at what came: a
//!    refresh token, all scopes that sending needs, and the address of the mailbox that signed in.
//! 3. The caller decides whether it is the right mailbox, proves the grant by a real SMTP sign-in, and only
//!    then stores it: [`OAuthClient::insert_grant`], [`OAuthClient::replace_grant`]. Until that, nothing is
//!    changed.
//!
//! Two other ways serve where no provider can send a browser to Tocsin: the reader pastes the browser's way back
//! (`paste.rs`), or the owner types a code on the provider's page while Tocsin asks (`device.rs`, RFC 8628). Which
//! of them can work is said by [`ways()`].
//!
//! From then on [`OAuthClient::access_token`] gives the token to sign in with. One refresh is under way for an
//! account at a time, since a rotated refresh token that is used twice ends the whole grant (RFC 9700 section
//! 4.14.2); it runs to its end although its callers give up; and the new refresh token is committed before the
//! access token that came with it is used.
//!
//! Not here: the client ids and secrets (`oauth_applications.rs`), what follows for an account's authorization
//! (`sentinel/`), and the comparison of mailboxes (`reauthorize.rs`).

mod asking;
mod device;
mod ending;
mod error;
mod exchange;
mod failed;
mod flow;
mod grants;
mod http;
mod identity;
mod paste;
mod pasted;
mod probe;
mod revoke;
mod sign_in;
mod tokens;
mod ways;

pub use device::BeginDevice;
pub(crate) use device::Polled;
pub use error::{OAuthError, TokenError};
pub use failed::Failed;
pub use grants::NewGrant;
pub use http::{TIMEOUT, client, local_client};
pub use paste::{PasteId, Pasting};
pub use pasted::PasteError;
pub use probe::{Probed, Unprobed};
pub use revoke::Revocation;
pub use sign_in::{Begin, Draft, Granted, Purpose, Returned, SessionHash};
pub use ways::{loopback_uri, ways};

use crate::oauth_applications::OAuthApplications;
use crate::providers::Providers;
use crate::store::Store;
use crate::vault::Vault;
use std::sync::Arc;
use tokens::Slots;

/// Tocsin as an OAuth client. Cheap to clone; clones share what they know.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    store: Store,
    vault: Arc<Vault>,
    providers: Arc<Providers>,
    applications: OAuthApplications,
    http: reqwest::Client,
    slots: Slots,
}

impl OAuthClient {
    /// Puts the parts together; `http` is made by [`client`].
    pub fn new(store: Store, vault: Arc<Vault>, providers: Arc<Providers>, http: reqwest::Client) -> Self {
        Self {
            applications: OAuthApplications::new(store.clone(), Arc::clone(&vault)),
            slots: Slots::default(),
            store,
            vault,
            providers,
            http,
        }
    }

    /// The OAuth applications that it asks with.
    pub fn applications(&self) -> &OAuthApplications {
        &self.applications
    }
}
