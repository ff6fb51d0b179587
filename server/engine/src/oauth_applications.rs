//! OAuth applications: by which client id and secret Tocsin asks a provider for grants. One serves all
//! accounts of its provider, and its health is its own: when the provider refuses it, that is one incident,
//! and no mailbox's owner can mend it.

use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{OAuthApplicationRow, Store, StoreError};
use crate::time::now;
use crate::vault::{Place, Vault, VaultError};
use jiff::Timestamp;
use secrecy::SecretString;
use std::sync::Arc;
use tocsin_domain::authorization::Refusal;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::text::{InvalidLine, Line};
use url::Url;

/// An OAuth application as pages show it: without the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthApplication {
    /// The provider.
    pub provider: ProviderKey,
    /// The client id.
    pub client_id: String,
    /// Whether there is a client secret.
    pub secret: ClientSecretState,
    /// When the client secret ends, as somebody noted it.
    pub secret_ends_at: Option<Timestamp>,
    /// The provider's no to the application itself, since when and in which words.
    pub refusal: Option<Refusal>,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// When it was last saved.
    pub changed_at: Timestamp,
}

/// Whether an application has a client secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientSecretState {
    /// It has.
    Set,
    /// It has none: a public client (RFC 6749 section 2.1).
    None,
}

/// What the token endpoint is told about who asks.
#[derive(Debug, Clone)]
pub(crate) struct ClientCredentials {
    pub(crate) client_id: String,
    pub(crate) secret: Option<SecretString>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) changed_at: Timestamp,
}

impl ClientCredentials {
    /// As a public client asks.
    pub(crate) fn without_secret(&self) -> Self {
        Self {
            secret: None,
            ..self.clone()
        }
    }
}

/// What a person sets of an application.
#[derive(Debug)]
pub struct OAuthApplicationSettings<'a> {
    /// The client id.
    pub client_id: &'a str,
    /// The client secret; without one the one that is stored stays, as long as the client id does.
    pub secret: Option<&'a SecretString>,
    /// When the secret ends, as the provider's page said.
    pub secret_ends_at: Option<Timestamp>,
}

/// Why an application could not be saved.
#[derive(Debug, thiserror::Error)]
pub enum OAuthApplicationError {
    /// The client id is empty or no line.
    #[error("the client id cannot be used: {0}. Copy it again from the provider's page")]
    ClientId(#[from] InvalidLine),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an application cannot be asked with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialsError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The OAuth applications of an installation.
#[derive(Debug, Clone)]
pub struct OAuthApplications {
    store: Store,
    vault: Arc<Vault>,
}

/// The redirect URI to register at the provider, for an installation that is reached at `base`.
///
/// ```
/// let base = url::Url::parse("https://nas.example.com/tocsin/").unwrap();
/// assert_eq!(
///     tocsin_engine::oauth_applications::redirect_uri(&base).as_str(),
///     "https://nas.example.com/tocsin/oauth/callback"
/// );
/// ```
pub fn redirect_uri(base: &Url) -> Url {
    let mut uri = base.clone();
    uri.set_path(&format!("{}/oauth/callback", base.path().trim_end_matches('/')));
    uri.set_query(None);
    uri.set_fragment(None);
    uri
}

impl OAuthApplications {
    /// The applications in a store.
    pub fn new(store: Store, vault: Arc<Vault>) -> Self {
        Self { store, vault }
    }

    /// Saves a provider's application. The provider has not refused what was saved just now.
    pub async fn save(
        &self,
        provider: &ProviderKey,
        settings: &OAuthApplicationSettings<'_>,
    ) -> Result<(), OAuthApplicationError> {
        let client_id = Line::parse_required(settings.client_id)?.to_string();
        let former = self.store.oauth_application(provider).await?;
        let kept = former
            .as_ref()
            .filter(|former| former.client_id == client_id)
            .and_then(|former| former.client_secret.clone());
        let changed_at = now();
        let row = OAuthApplicationRow {
            provider: provider.clone(),
            client_id,
            client_secret: settings
                .secret
                .map(|secret| self.vault.seal(place(provider), secret))
                .or(kept),
            secret_ends_at: settings.secret_ends_at,
            refusal: None,
            created_at: former.map_or(changed_at, |former| former.created_at),
            changed_at,
        };
        let mut transaction = self.store.begin().await?;
        self.store.put_oauth_application(&mut transaction, &row).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// All applications.
    pub async fn list(&self) -> Result<Vec<OAuthApplication>, StoreError> {
        let rows = self.store.oauth_applications().await?;
        Ok(rows.into_iter().map(OAuthApplication::from).collect())
    }

    /// A provider's application.
    pub async fn get(&self, provider: &ProviderKey) -> Result<Option<OAuthApplication>, StoreError> {
        let row = self.store.oauth_application(provider).await?;
        Ok(row.map(OAuthApplication::from))
    }

    /// When a provider's client secret ends, if somebody noted it. A noted end without a secret means nothing.
    pub async fn secret_ends_at(&self, provider: &ProviderKey) -> Result<Option<Timestamp>, StoreError> {
        let row = self.store.oauth_application(provider).await?;
        Ok(row
            .filter(|row| row.client_secret.is_some())
            .and_then(|row| row.secret_ends_at))
    }

    /// Removes an application. Its accounts can no longer refresh their tokens. Tells whether there was one.
    pub async fn delete(&self, provider: &ProviderKey) -> Result<bool, StoreError> {
        let mut transaction = self.store.begin().await?;
        let deleted = self
            .store
            .delete_oauth_application(&mut transaction, provider)
            .await?;
        transaction.commit().await?;
        Ok(deleted)
    }

    pub(crate) async fn credentials(
        &self,
        provider: &ProviderKey,
    ) -> Result<Option<ClientCredentials>, CredentialsError> {
        let Some(row) = self.store.oauth_application(provider).await? else {
            return Ok(None);
        };
        let secret = row
            .client_secret
            .map(|sealed| self.vault.open(place(provider), &sealed))
            .transpose()?;
        Ok(Some(ClientCredentials {
            client_id: row.client_id,
            secret,
            refusal: row.refusal,
            changed_at: row.changed_at,
        }))
    }

    /// The provider refused the application. Only the first time counts.
    pub(crate) async fn refused(
        &self,
        provider: &ProviderKey,
        asked_as: &ClientCredentials,
        refusal: &Refusal,
    ) -> Result<(), StoreError> {
        if asked_as.refusal.is_some() {
            return Ok(());
        }
        let mut transaction = self.store.begin().await?;
        let first = self
            .store
            .refuse_oauth_application(&mut transaction, provider, asked_as.changed_at, refusal)
            .await?;
        transaction.commit().await?;
        if first {
            tracing::warn!(%provider, words = refusal.words, "the provider refuses the OAuth application");
        }
        Ok(())
    }

    /// The provider took the application.
    pub(crate) async fn accepted(
        &self,
        provider: &ProviderKey,
        asked_as: &ClientCredentials,
    ) -> Result<(), StoreError> {
        if asked_as.refusal.is_none() {
            return Ok(());
        }
        let mut transaction = self.store.begin().await?;
        self.store.clear_oauth_refusal(&mut transaction, provider).await?;
        transaction.commit().await?;
        tracing::info!(%provider, "the provider takes the OAuth application again");
        Ok(())
    }
}

impl From<OAuthApplicationRow> for OAuthApplication {
    fn from(row: OAuthApplicationRow) -> Self {
        Self {
            provider: row.provider,
            client_id: row.client_id,
            secret: match row.client_secret {
                Some(_) => ClientSecretState::Set,
                None => ClientSecretState::None,
            },
            secret_ends_at: row.secret_ends_at,
            refusal: row.refusal,
            created_at: row.created_at,
            changed_at: row.changed_at,
        }
    }
}

impl Engine {
    /// Saves a provider's application as a person does. Its accounts are tried again with it.
    pub async fn save_oauth_application(
        &self,
        provider: &ProviderKey,
        settings: &OAuthApplicationSettings<'_>,
        who: &Who,
    ) -> Result<(), OAuthApplicationError> {
        self.oauth.applications().save(provider, settings).await?;
        let mut transaction = self.store.begin().await?;
        self.audit(
            &mut transaction,
            who,
            Action::OAuthApplicationSaved,
            provider.as_str(),
            settings.client_id,
        )
        .await?;
        self.application_saved(&mut transaction, provider).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.check_soon();
        self.routing_changed().await;
        Ok(())
    }
}

fn place(provider: &ProviderKey) -> Place<'_> {
    Place {
        table: "oauth_applications",
        column: "client_secret",
        row: provider.as_str(),
    }
}
