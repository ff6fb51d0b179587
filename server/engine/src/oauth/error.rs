//! Why a sign-in or a refresh came to nothing: what happened, why, and what to do. No text holds a secret.

use super::failed::Fault;
use super::{Failed, PasteError};
use crate::store::StoreError;
use crate::vault::VaultError;
use tocsin_domain::failure::{Meaning, Verdict};

/// Why a sign-in at a provider was not begun or brought no grant. Whatever it is, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// The preset does not use OAuth.
    #[error("{0} has no sign-in by OAuth here. Choose another provider, or enter a password")]
    NotOffered(String),
    /// There is no OAuth application for the provider.
    #[error(
        "Tocsin cannot ask {0} for a grant yet, because no OAuth application is set up for it. Add its client id \
         and secret in Settings, OAuth applications, then start again"
    )]
    NoApplication(String),
    /// The `state` was never given out.
    #[error(
        "this sign-in did not begin here, or more than a day ago. Nothing was changed. Start again from Tocsin"
    )]
    UnknownState,
    /// The `state` was used already.
    #[error(
        "this sign-in was already finished, and serves once. Nothing was changed. If the mailbox is not \
         authorized yet, start again from Tocsin"
    )]
    Used,
    /// The `state` is older than ten minutes.
    #[error("this sign-in took longer than ten minutes and has run out. Nothing was changed. Start again")]
    Expired,
    /// The owner did not type the code in time.
    #[error(
        "the code has run out before somebody signed in with it. Nothing was changed. Start again for a new code"
    )]
    CodeExpired,
    /// The provider gives no device codes for mail.
    #[error("{0} gives no codes for signing in to a mailbox. Choose another way to sign in")]
    NoDeviceCodes(String),
    /// What was pasted is not the address at which the sign-in ended. It can be pasted again.
    #[error(transparent)]
    Pasted(#[from] PasteError),
    /// Another session began it.
    #[error(
        "this sign-in was begun in another browser or session. Nothing was changed. Start again in the browser \
         in which you want to finish it"
    )]
    OtherSession,
    /// The owner said no.
    #[error(
        "the permission was not given: the sign-in was cancelled, or access was denied. Nothing was changed. \
         Start again and allow what is asked, or leave it as it is"
    )]
    ConsentDenied,
    /// The provider refuses the OAuth application: no mailbox's owner can mend it.
    #[error(
        "the provider refuses the OAuth application, not the mailbox. {0} Nothing was changed. Check client id, \
         client secret and redirect URI in Settings, OAuth applications, then start again"
    )]
    Application(Failed),
    /// The provider refuses this sign-in.
    #[error("the provider refuses this sign-in. {0} Nothing was changed. Start again")]
    Refused(Failed),
    /// The provider, or the way to it, fails.
    #[error("the provider could not finish the sign-in. {0} Nothing was changed. Start again in a moment")]
    Temporary(Failed),
    /// Scopes that sending needs were not granted.
    #[error(
        "not all that is needed was allowed. Missing: {}. Nothing was changed. Start again, and on the provider's \
         page tick that box, or Select all, before you continue", in_words(.0)
    )]
    ScopesMissing(Vec<String>),
    /// There is no refresh token: the grant would end within the hour.
    #[error(
        "the provider gave no lasting permission (no refresh token). Nothing was changed. Remove Tocsin's access \
         in the security settings of the mailbox, then start again; if that does not help, check that the OAuth \
         application is registered as a web or desktop application"
    )]
    NoRefreshToken,
    /// Which mailbox signed in is not known.
    #[error(
        "the provider did not say reliably which mailbox signed in: {0}. Nothing was changed. Start again; if it \
         happens again, check that the OAuth application may read the e-mail address"
    )]
    NoIdentity(&'static str),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A secret does not open.
    #[error("{0}. Nothing was changed")]
    Vault(#[from] VaultError),
}

/// Scopes, with the words that stand beside their boxes on the consent pages of Google and Microsoft
/// (<https://developers.google.com/identity/protocols/oauth2/scopes#gmail>,
/// <https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>).
fn in_words(scopes: &[String]) -> String {
    let words = |scope: &String| match scope.as_str() {
        "https://mail.google.com/" => {
            format!("“Read, compose, send, and permanently delete all your email from Gmail” ({scope})")
        }
        "https://outlook.office.com/SMTP.Send" => {
            format!("“Send emails from your mailbox using SMTP AUTH” ({scope})")
        }
        _ => scope.clone(),
    };
    scopes.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// Why there is no access token.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenError {
    /// The account has no grant.
    #[error("nobody has authorized this mailbox yet. Reauthorize the account")]
    NoGrant,
    /// The account's provider has no OAuth application any more.
    #[error(
        "the OAuth application for {0} is missing. Add its client id and secret in Settings, OAuth applications"
    )]
    NoApplication(String),
    /// The grant is dead: somebody must sign in again.
    #[error("{0}")]
    Refused(Failed),
    /// The provider refuses the OAuth application, for all its accounts: its `refusal` says so.
    #[error("{0}")]
    Application(Failed),
    /// The provider, or the way to it, fails.
    #[error("{0}")]
    Temporary(Failed),
    /// The database or the vault failed. A refresh token that came is kept and stored at the next try.
    #[error("the token cannot be used yet, because it cannot be stored or read: {0}")]
    Local(String),
}

impl TokenError {
    /// What follows from it. A fault of this machine is temporary: it says nothing about the grant.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::NoGrant => Meaning::ConsentRequired.into(),
            Self::NoApplication(_) => Meaning::OAuthApplicationRefused.into(),
            Self::Refused(failed) | Self::Application(failed) | Self::Temporary(failed) => failed.verdict,
            Self::Local(_) => Meaning::ServerFault.into(),
        }
    }

    /// The provider's words, or what stands for them.
    pub fn words(&self) -> String {
        match self {
            Self::Refused(failed) | Self::Application(failed) | Self::Temporary(failed) => {
                failed.words.clone()
            }
            other => other.to_string(),
        }
    }
}

impl From<Failed> for TokenError {
    fn from(failed: Failed) -> Self {
        match failed.fault() {
            Fault::Grant => Self::Refused(failed),
            Fault::Application => Self::Application(failed),
            Fault::Passing => Self::Temporary(failed),
        }
    }
}

impl From<Failed> for OAuthError {
    fn from(failed: Failed) -> Self {
        match failed.fault() {
            Fault::Grant => Self::Refused(failed),
            Fault::Application => Self::Application(failed),
            Fault::Passing => Self::Temporary(failed),
        }
    }
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Local(error.to_string())
    }
}

impl From<VaultError> for TokenError {
    fn from(error: VaultError) -> Self {
        Self::Local(error.to_string())
    }
}
