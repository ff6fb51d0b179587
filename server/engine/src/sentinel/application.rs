//! Accounts whose OAuth application is refused: one of them asks for all, and when it is accepted, all are checked.

use crate::engine::Engine;
use crate::store::StoreError;
use crate::time::now;
use crate::warnings::{About, incidents};
use sqlx::AnyConnection;
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::told::Kind;

impl Engine {
    /// Whether this one of the accounts on a refused application asks whether it is still refused: each does once
    /// the application was changed, until then the oldest alone.
    pub(super) async fn tries_application(&self, account: &Account) -> Result<bool, StoreError> {
        let provider = &account.settings.provider;
        let application = self.oauth.applications().get(provider).await?;
        if application.is_some_and(|application| application.refusal.is_none()) {
            return Ok(true);
        }
        let accounts = self.store.accounts().await?;
        let oldest = incidents(&accounts)
            .get(provider)
            .and_then(|stuck| stuck.first().map(|oldest| oldest.id));
        Ok(oldest == Some(account.id))
    }

    /// A provider's application is accepted again: all accounts that it kept from sending are due for a check. The
    /// caller calls [`Engine::check_soon`] after its commit.
    pub(super) async fn application_accepted(
        &self,
        connection: &mut AnyConnection,
        provider: &ProviderKey,
    ) -> Result<(), StoreError> {
        let accounts = self.store.accounts().await?;
        let now = now();
        for account in incidents(&accounts).get(provider).into_iter().flatten() {
            self.store.set_next_check(connection, account.id, now).await?;
        }
        Ok(())
    }

    /// A provider's application was saved anew: all accounts on it are due for a check, which says of each whether
    /// it works now and when it ends. The caller calls [`Engine::check_soon`] after its commit.
    pub(crate) async fn application_saved(
        &self,
        connection: &mut AnyConnection,
        provider: &ProviderKey,
    ) -> Result<(), StoreError> {
        let now = now();
        for account in self.store.accounts().await? {
            let settings = &account.settings;
            if settings.sign_in == SignIn::Grant && settings.provider == *provider {
                self.store.set_next_check(connection, account.id, now).await?;
            }
        }
        // What was announced of the former secret.
        let about = About::Application(provider.clone());
        self.store
            .drop_told(connection, &about, &[Kind::SecretEnds], now)
            .await?;
        Ok(())
    }
}
