//! A database, a vault, presets that point to the scripted endpoint, and the client under test.

use crate::endpoint::Endpoint;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tocsin_domain::account::IsDefault;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::text::Line;
use tocsin_engine::oauth::{
    Begin, Draft, Granted, NewGrant, OAuthClient, OAuthError, Purpose, Returned, SessionHash, client,
};
use tocsin_engine::oauth_applications::OAuthApplicationSettings;
use tocsin_engine::providers::Providers;
use tocsin_engine::store::{Store, StoreConfig};
use tocsin_engine::vault::Vault;
use url::Url;

pub const ACCOUNT: AccountId = AccountId::new(1);
pub const CLIENT_SECRET: &str = "client-secret-canary";

pub struct World {
    pub folder: TempDir,
    pub store: Store,
    pub endpoint: Endpoint,
    pub oauth: OAuthClient,
}

pub fn gmail() -> ProviderKey {
    ProviderKey::new("gmail")
}

/// An OAuth application as a person sets it.
pub fn application<'a>(client_id: &'a str, secret: Option<&'a SecretString>) -> OAuthApplicationSettings<'a> {
    OAuthApplicationSettings {
        client_id,
        secret,
        secret_ends_at: None,
    }
}

pub fn session() -> SessionHash {
    SessionHash::of("the admin's session")
}

pub fn code() -> Returned {
    Returned::Code("code-canary".into())
}

impl World {
    /// With an OAuth application for Gmail, and an account without a grant.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (endpoint, url) = Endpoint::start().await;
        let presets = format!(
            "[gmail]\noauth = {{ authorize = \"{url}/auth\", token = \"{url}/token\", revoke = \"{url}/revoke\" }}\n\
             [outlook]\noauth = {{ authorize = \"{url}/auth\", token = \"{url}/token\", \
             device = \"{url}/device\" }}\n"
        );
        std::fs::write(folder.path().join("providers.toml"), presets).unwrap();
        let store = Store::open(&StoreConfig {
            folder: folder.path().to_owned(),
        })
        .await
        .unwrap();
        let oauth = start(&folder, &store);
        let secret = SecretString::from(CLIENT_SECRET);
        oauth
            .applications()
            .save(&gmail(), &application("tocsin-client", Some(&secret)))
            .await
            .unwrap();
        let world = Self {
            folder,
            store,
            endpoint,
            oauth,
        };
        world
            .sql(
                "INSERT INTO accounts (id, address, settings, state, authorization_json, next_check_at, \
                 created_at) VALUES (1, 'nas@gmail.com', '{}', 'unverified', '{}', 0, 0)",
            )
            .await;
        world
    }

    /// Where the provider's endpoints are.
    pub fn endpoint_url(&self) -> String {
        let providers = Providers::load(self.folder.path()).unwrap();
        let oauth = providers.get(&gmail()).unwrap().oauth.clone().unwrap();
        oauth.endpoints.authorize.trim_end_matches("/auth").to_owned()
    }

    /// With a grant whose tokens are number 1, and whose access token has run out.
    pub async fn with_grant() -> Self {
        let world = Self::new().await;
        world.insert(&grant(1, Timestamp::UNIX_EPOCH)).await;
        world
    }

    /// Another account with a grant, number 8, whose access token has run out.
    pub async fn second_account(&self) -> AccountId {
        self.sql(
            "INSERT INTO accounts (id, address, settings, state, authorization_json, next_check_at, created_at) \
             VALUES (2, 'b@gmail.com', '{}', 'unverified', '{}', 0, 0)",
        )
        .await;
        let account = AccountId::new(2);
        let mut transaction = self.store.begin().await.unwrap();
        self.oauth
            .insert_grant(&mut transaction, account, &grant(8, Timestamp::UNIX_EPOCH))
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        account
    }

    pub async fn insert(&self, grant: &NewGrant) {
        let mut transaction = self.store.begin().await.unwrap();
        self.oauth
            .replace_grant(&mut transaction, ACCOUNT, grant)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    /// As after a restart: nothing but the database is known.
    pub fn restarted(&self) -> OAuthClient {
        start(&self.folder, &self.store)
    }

    pub async fn sql(&self, statement: &'static str) {
        let mut transaction = self.store.begin().await.unwrap();
        sqlx::query(statement).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        let mut transaction = self.store.begin().await.unwrap();
        sqlx::query_scalar(query)
            .fetch_one(&mut *transaction)
            .await
            .unwrap()
    }

    /// Begins a sign-in for a new Gmail account; gives the sign-in page's parameters.
    pub async fn begin(&self) -> HashMap<String, String> {
        let draft = Draft {
            sender_name: Line::default(),
            owner: None,
            default: IsDefault::No,
        };
        let url = self.begin_at(&gmail(), Purpose::Add(draft)).await.unwrap();
        url.query_pairs().into_owned().collect()
    }

    pub async fn begin_at(&self, provider: &ProviderKey, purpose: Purpose) -> Result<Url, OAuthError> {
        let begin = Begin {
            provider,
            purpose,
            hint: None,
            session: &session(),
            redirect_uri: Url::parse("http://localhost:8725/oauth/callback").unwrap(),
        };
        self.oauth.begin(begin).await
    }

    /// Finishes a sign-in with a code, for which the endpoint gives tokens with some fields changed.
    pub async fn finish(
        &self,
        page: &HashMap<String, String>,
        change: impl FnOnce(&mut Value),
    ) -> Result<Granted, OAuthError> {
        let mut answer = crate::endpoint::tokens(1);
        answer["id_token"] = id_token(&page["nonce"]).into();
        change(&mut answer);
        self.endpoint.will(crate::endpoint::Reply::Json(200, answer));
        self.oauth.finish(&page["state"], code(), &session()).await
    }
}

/// A client whose patience is short.
fn start(folder: &TempDir, store: &Store) -> OAuthClient {
    let vault = Vault::with_key(&STANDARD.encode([7; 32]), "the test").unwrap();
    let providers = Providers::load(folder.path()).unwrap();
    let http = client(Duration::from_secs(2)).unwrap();
    OAuthClient::new(store.clone(), Arc::new(vault), Arc::new(providers), http)
}

pub fn grant(number: u32, access_until: Timestamp) -> NewGrant {
    NewGrant {
        provider: gmail(),
        refresh_token: format!("refresh-{number}").into(),
        access_token: format!("access-{number}").into(),
        access_until,
        scopes: vec!["https://mail.google.com/".into()],
        granted_at: Timestamp::UNIX_EPOCH,
        ends_at: None,
    }
}

pub fn id_token(nonce: &str) -> String {
    let claims = json!({ "iss": "http://127.0.0.1", "aud": "tocsin-client", "nonce": nonce,
                         "exp": Timestamp::now().as_second() + 60, "email": "nas@gmail.com" });
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
}
