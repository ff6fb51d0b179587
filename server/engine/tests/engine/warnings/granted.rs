//! An engine with accounts whose grants are given by a scripted endpoint.

use super::{ADMIN, OWNER, working};
use crate::receiver::Receiver;
use crate::support::{Tocsin, admin, authorized};
use jiff::SignedDuration;
use tocsin_domain::account::{AccountSettings, SignIn};
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::text::Line;
use tocsin_engine::oauth::NewGrant;
use tocsin_engine::oauth_applications::OAuthApplicationSettings;
use tocsin_engine::smtp::scripted::Scripted;
use tocsin_engine::time::now;

/// An engine whose Gmail asks for tokens at a scripted endpoint, with an OAuth application and accounts on it.
pub(super) struct Granted {
    pub(super) tocsin: Tocsin,
    pub(super) tokens: Receiver,
    pub(super) server: Scripted,
}

pub(super) const TOKENS: &str = r#"{"access_token":"fresh","token_type":"Bearer","expires_in":3600,
    "scope":"https://mail.google.com/"}"#;
pub(super) const BAD_CLIENT: &str =
    r#"{"error":"invalid_client","error_description":"The client secret has expired."}"#;

impl Granted {
    pub(super) async fn start() -> Self {
        let tokens = Receiver::start(200, TOKENS).await;
        let url = &tokens.url;
        let presets = format!(
            "[gmail]\noauth = {{ authorize = \"{url}/auth\", token = \"{url}/token\", revoke = \"{url}/revoke\" }}\n"
        );
        let tocsin = Tocsin::start_with_presets(&presets).await;
        tocsin.administrator(ADMIN).await;
        let granted = Self {
            tocsin,
            tokens,
            server: working().await,
        };
        granted.save_application("secret").await;
        granted
    }

    pub(super) async fn save_application(&self, secret: &str) {
        let secret = secret.into();
        let settings = OAuthApplicationSettings {
            client_id: "client",
            secret: Some(&secret),
            secret_ends_at: None,
        };
        self.tocsin
            .engine
            .save_oauth_application(&gmail(), &settings, &admin())
            .await
            .unwrap();
    }

    /// An account with a grant that ends after some days.
    pub(super) async fn account(
        &self,
        address: &str,
        ends: Option<SignedDuration>,
        life: SignedDuration,
    ) -> AccountId {
        let engine = &self.tocsin.engine;
        let id = AccountId::new(engine.store.next_id());
        let settings = AccountSettings {
            provider: gmail(),
            address: address.parse().unwrap(),
            sender_name: Line::default(),
            owner: Some(OWNER.parse().unwrap()),
            smtp: self.server.endpoint().server,
            imap: None,
            sign_in: SignIn::Grant,
        };
        let account = authorized(id, settings);
        let ends_at = ends.map(|ends| now() + ends);
        let grant = NewGrant {
            provider: gmail(),
            refresh_token: "refresh".into(),
            access_token: "access".into(),
            access_until: now() + SignedDuration::from_hours(1),
            scopes: vec!["https://mail.google.com/".into()],
            granted_at: ends_at.map_or(now(), |ends| ends - life),
            ends_at,
        };
        let later = now() + SignedDuration::from_hours(1);
        let mut transaction = engine.store.begin().await.unwrap();
        engine
            .store
            .insert_account(&mut transaction, &account, None, later)
            .await
            .unwrap();
        engine
            .oauth
            .insert_grant(&mut transaction, id, &grant)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        engine.routing_changed().await;
        id
    }

    pub(super) async fn when(&self, id: AccountId, wanted: impl Fn(&Authorization) -> bool) {
        self.tocsin
            .when_account(id, |account| wanted(&account.authorization))
            .await;
    }
}

pub(super) fn gmail() -> ProviderKey {
    ProviderKey::new("gmail")
}
