//! Signing in to an account's mail server, with what the vault or the grant gives.
//!
//! A refused access token is answered by one refresh: if the token endpoint says `invalid_grant`, that is the
//! proof that the grant is gone; if it hands out a fresh token and the server refuses that one too, the refusal
//! stands, and a later try decides (see [`tocsin_domain::authorization`]).

use crate::engine::Engine;
use crate::net::Fault;
use crate::oauth::TokenError;
use crate::smtp::{Credential, Endpoint, HelloName, Session, SmtpError, Timeouts};
use crate::store::StoreError;
use crate::vault::{Place, VaultError};
use secrecy::SecretString;
use tocsin_domain::account::{Account, AccountSettings, SignIn};
use tocsin_domain::failure::{FailureClass, Meaning, Stage, Verdict};

/// Why nobody is signed in. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct SignInError {
    /// The step that failed.
    pub stage: Stage,
    /// What it means and what mends it.
    pub verdict: Verdict,
    /// The server's words.
    pub words: String,
}

impl From<SmtpError> for SignInError {
    fn from(error: SmtpError) -> Self {
        Self {
            stage: error.stage,
            verdict: error.verdict,
            words: error.to_string(),
        }
    }
}

impl From<Fault> for SignInError {
    fn from(fault: Fault) -> Self {
        Self {
            stage: fault.stage,
            verdict: fault.verdict,
            words: fault.words,
        }
    }
}

impl From<TokenError> for SignInError {
    fn from(error: TokenError) -> Self {
        Self {
            stage: Stage::Token,
            verdict: error.verdict(),
            words: error.words(),
        }
    }
}

impl From<VaultError> for SignInError {
    fn from(error: VaultError) -> Self {
        // The stored password is of no use: it must be entered again.
        Self {
            stage: Stage::Auth,
            verdict: Meaning::PasswordRefused.into(),
            words: error.to_string(),
        }
    }
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self {
            stage: Stage::Auth,
            verdict: Meaning::ServerFault.into(),
            words: error.to_string(),
        }
    }
}

impl Engine {
    /// Signs in as an account stands, with the patience of one that tries again by itself.
    pub(crate) async fn sign_in_account(&self, account: &Account) -> Result<Session, SignInError> {
        self.sign_in_within(account, &Timeouts::default()).await
    }

    /// Signs in as an account stands.
    pub(crate) async fn sign_in_within(
        &self,
        account: &Account,
        timeouts: &Timeouts,
    ) -> Result<Session, SignInError> {
        let settings = &account.settings;
        let credential = self.credential(account).await?;
        match open(settings, &credential, timeouts).await {
            Err(refused) if refused.verdict.class == FailureClass::Reauthorize => {
                let fresh = self.fresh_credential(account).await?;
                match fresh {
                    Some(fresh) => Ok(open(settings, &fresh, timeouts).await?),
                    None => Err(refused.into()),
                }
            }
            opened => Ok(opened?),
        }
    }

    /// What an account signs in with: the stored password, or an access token that has not run out.
    pub(crate) async fn credential(&self, account: &Account) -> Result<Credential, SignInError> {
        Ok(match &account.settings.sign_in {
            SignIn::Nothing => Credential::Nothing,
            SignIn::Password { user } => Credential::Password {
                user: user.clone(),
                password: self.password(account).await?,
            },
            SignIn::Grant => token_credential(&account.settings, self.oauth.access_token(account.id).await?),
        })
    }

    /// A credential for a second try after a refusal; only a grant gives one.
    pub(crate) async fn fresh_credential(
        &self,
        account: &Account,
    ) -> Result<Option<Credential>, SignInError> {
        if account.settings.sign_in != SignIn::Grant {
            return Ok(None);
        }
        let token = self.oauth.refresh_now(account.id).await?;
        Ok(Some(token_credential(&account.settings, token)))
    }

    /// Opens a session with settings and a credential that have to prove themselves while somebody waits.
    pub(crate) async fn open_session(
        &self,
        settings: &AccountSettings,
        credential: &Credential,
    ) -> Result<Session, SmtpError> {
        open(settings, credential, &Timeouts::while_somebody_waits()).await
    }

    /// The password that an account signs in with.
    pub(crate) async fn password(&self, account: &Account) -> Result<SecretString, SignInError> {
        let Some(sealed) = self.store.account_password(account.id).await? else {
            return Err(SignInError {
                stage: Stage::Auth,
                verdict: Meaning::PasswordRefused.into(),
                words: "no password is stored for this account".to_owned(),
            });
        };
        let row = account.id.to_string();
        Ok(self.vault.open(password_place(&row), &sealed)?)
    }
}

/// Where an account's password is sealed.
pub(crate) fn password_place(row: &str) -> Place<'_> {
    Place {
        table: "accounts",
        column: "password",
        row,
    }
}

async fn open(
    settings: &AccountSettings,
    credential: &Credential,
    timeouts: &Timeouts,
) -> Result<Session, SmtpError> {
    let endpoint = Endpoint {
        server: settings.smtp.clone(),
        provider: settings.provider.clone(),
        hello: HelloName::default(),
    };
    Session::open(&endpoint, credential, timeouts).await
}

/// XOAUTH2's user is the mailbox.
pub(crate) fn token_credential(settings: &AccountSettings, access_token: SecretString) -> Credential {
    Credential::Token {
        user: settings.address.as_str().to_owned(),
        access_token,
    }
}
