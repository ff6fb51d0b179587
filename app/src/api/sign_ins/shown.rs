//! What the pages of a sign-in show.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    address::EmailAddress,
    id::AccountId,
    provider::{OAuthFamily, Provider, ProviderKey},
    sign_in_way::OfferedWay,
};

use crate::api::error::ApiError;

/// How an account can be signed in at a provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SigningIn {
    /// The ways to its own provider; none where that has no sign-in by OAuth.
    pub ways: Vec<OfferedWay>,
    /// What it can be converted to, the likeliest first.
    pub conversions: Vec<Conversion>,
    /// Until when it can be turned back to what it was before it was converted.
    pub turn_back_until: Option<Timestamp>,
}

/// What a Custom account can be converted to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    /// The provider.
    pub provider: Provider,
    /// The ways to sign in there.
    pub ways: Vec<OfferedWay>,
    /// Whether there is an OAuth application for it.
    pub application: HasApplication,
}

/// Whether there is an OAuth application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HasApplication {
    /// There is.
    Yes,
    /// One must be set up first.
    No,
}

/// A sign-in by device code while nobody has signed in yet, or when it came to nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DevicePage {
    /// The provider's name.
    pub provider: String,
    /// The code to type.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// When the code ends.
    pub expires_at: Timestamp,
    /// Why the provider did not answer just now; Tocsin goes on asking.
    pub trouble: Option<String>,
    /// Why nothing came of it.
    pub failed: Option<SignInFailed>,
    /// Where to start again.
    pub again: String,
}

/// A sign-in whose end is pasted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastePage {
    /// Whose sign-in page.
    pub family: OAuthFamily,
    /// The provider's page.
    pub sign_in_url: String,
    /// With what the address begins at which the sign-in ends.
    pub redirect_uri: String,
    /// When it can no longer be finished.
    pub expires_at: Timestamp,
    /// Where to start again.
    pub again: String,
}

/// Why a sign-in at a provider changed nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignInFailed {
    /// What happened and what to do.
    pub error: ApiError,
    /// The account that it is about, if there is one.
    pub account: Option<AccountId>,
    /// The deleted account that can be restored instead.
    pub deleted: Option<AccountId>,
    /// Another mailbox than the account's own, which could be an account of its own.
    pub other: Option<(ProviderKey, EmailAddress)>,
}

impl SignInFailed {
    /// Of an answer to a form, which carries the rest among what was typed.
    pub fn of_answer(error: ApiError) -> Self {
        let typed = |name: &str| error.typed.get(name);
        let provider = typed("other_provider").map(|key| ProviderKey::new(key));
        let address = typed("other_address").and_then(|address| address.parse().ok());
        Self {
            account: typed("account").and_then(|id| id.parse().ok()),
            deleted: typed("deleted").and_then(|id| id.parse().ok()),
            other: provider.zip(address),
            error,
        }
    }
}
