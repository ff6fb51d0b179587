//! A real sign-in with settings and a secret that are not stored yet: what does not work replaces nothing.

use super::error::AccountError;
use crate::engine::Engine;
use crate::sign_in::SignInError;
use crate::smtp::{Credential, Timeouts};
use secrecy::SecretString;
use tocsin_domain::account::{Account, AccountSettings, SignIn};

impl Engine {
    /// Signs in with new settings and, where one is needed, a new secret.
    pub(crate) async fn prove_settings(
        &self,
        settings: &AccountSettings,
        secret: Option<&SecretString>,
    ) -> Result<(), AccountError> {
        let credential = new_credential(&settings.sign_in, secret)?;
        let opened = self.open_session(settings, &credential).await;
        opened.map_err(SignInError::from)?.quit().await;
        Ok(())
    }

    /// Signs in with an account's new settings and what is stored already.
    pub(crate) async fn prove_changed(&self, account: &Account) -> Result<(), AccountError> {
        let session = self
            .sign_in_within(account, &Timeouts::while_somebody_waits())
            .await?;
        session.quit().await;
        Ok(())
    }
}

/// What to sign in with before it is stored.
pub(crate) fn new_credential(
    sign_in: &SignIn,
    secret: Option<&SecretString>,
) -> Result<Credential, AccountError> {
    match (sign_in, secret) {
        (SignIn::Password { user }, Some(password)) => Ok(Credential::Password {
            user: user.clone(),
            password: password.clone(),
        }),
        (SignIn::Password { .. }, None) => Err(AccountError::SecretMissing),
        (SignIn::Nothing, _) => Ok(Credential::Nothing),
        (SignIn::Grant, _) => Err(AccountError::GrantNeeded),
    }
}
