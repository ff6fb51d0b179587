//! A provider whose token endpoint and mail server answer as a test tells them to, and Tocsin with Gmail and
//! Outlook.com pointing there.

use crate::endpoint::{Endpoint, Reply, tokens};
use crate::support::{Tocsin, admin};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde_json::json;
use std::collections::HashMap;
use tocsin_domain::account::IsDefault;
use tocsin_domain::id::AccountId;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::sign_in_way::Way;
use tocsin_domain::text::Line;
use tocsin_engine::oauth::{Draft, Returned, SessionHash};
use tocsin_engine::oauth_applications::OAuthApplicationSettings;
use tocsin_engine::smtp::scripted::{Script, Scripted};
use tocsin_engine::{Begun, FinishError, Finished, NewSignIn};

pub struct World {
    pub tocsin: Tocsin,
    pub endpoint: Endpoint,
    pub server: Scripted,
}

/// A sign-in page's parameters.
pub type Page = HashMap<String, String>;

pub fn session() -> SessionHash {
    SessionHash::of("the admin's session")
}

pub fn draft() -> Draft {
    Draft {
        sender_name: Line::default(),
        owner: None,
        default: IsDefault::No,
    }
}

impl World {
    /// With OAuth applications for both; the mail server knows `access-N` of those mailboxes as the test says.
    pub async fn new(script: Script) -> Self {
        let server = Scripted::start(script).await;
        let (endpoint, url) = Endpoint::start().await;
        let smtp = server.endpoint().server;
        let (host, port) = (&smtp.host, smtp.port);
        let preset = |key: &str, device: &str| {
            format!(
                "[{key}]\nsmtp = {{ host = \"{host}\", port = {port}, security = \"none\" }}\nhosts = [\"{host}\"]\n\
                 oauth = {{ authorize = \"{url}/auth\", token = \"{url}/token\"{device} }}\n"
            )
        };
        let device = format!(", device = \"{url}/device\"");
        let presets = format!("{}{}", preset("gmail", ""), preset("outlook", &device));
        let tocsin = Tocsin::start_with_presets(&presets).await;
        let world = Self {
            tocsin,
            endpoint,
            server,
        };
        for key in ["gmail", "outlook"] {
            let secret = SecretString::from("client-secret-canary");
            let settings = OAuthApplicationSettings {
                client_id: "tocsin-client",
                secret: Some(&secret),
                secret_ends_at: None,
            };
            let key = ProviderKey::new(key);
            let engine = &world.tocsin.engine;
            engine
                .save_oauth_application(&key, &settings, &admin())
                .await
                .unwrap();
        }
        world
    }

    /// A Gmail account that signed in by a grant whose tokens are number 1.
    pub async fn with_account(script: Script) -> (Self, AccountId) {
        let world = Self::new(script).await;
        let page = world.begin_adding("gmail").await;
        let finished = world.finish(&page, 1, "nas@gmail.com").await.unwrap();
        (world, finished.account())
    }

    pub async fn begin_adding(&self, key: &str) -> Page {
        let key = ProviderKey::new(key);
        let who = admin();
        let (session, base) = (session(), base());
        let new = sign_in(Way::Redirect, &session, &who, &base);
        let begun = self.tocsin.engine.begin_adding(&key, draft(), None, &new).await;
        page(begun.unwrap())
    }

    pub async fn begin_reauthorizing(&self, account: AccountId) -> Page {
        let who = admin();
        let (session, base) = (session(), base());
        let new = sign_in(Way::Redirect, &session, &who, &base);
        let begun = self.tocsin.engine.begin_reauthorizing(account, &new).await;
        page(begun.unwrap())
    }

    pub async fn begin_converting(
        &self,
        account: AccountId,
        to: &str,
        way: Way,
    ) -> Result<Begun, FinishError> {
        let who = admin();
        let (session, base) = (session(), base());
        let new = sign_in(way, &session, &who, &base);
        let to = ProviderKey::new(to);
        self.tocsin.engine.begin_converting(account, &to, &new).await
    }

    pub async fn begin_device(&self, account: AccountId) -> Begun {
        let who = admin();
        let (session, base) = (session(), base());
        let new = sign_in(Way::DeviceCode, &session, &who, &base);
        self.tocsin
            .engine
            .begin_reauthorizing(account, &new)
            .await
            .unwrap()
    }

    /// The mailbox's owner signs in, and is given tokens of a number.
    pub async fn finish(&self, page: &Page, number: u32, address: &str) -> Result<Finished, FinishError> {
        self.will_grant(number, page.get("nonce").map(String::as_str), address);
        let code = Returned::Code("code-canary".into());
        let engine = &self.tocsin.engine;
        engine
            .finish_sign_in(&page["state"], code, &session(), &admin())
            .await
    }

    /// The token endpoint's next answer is a grant.
    pub fn will_grant(&self, number: u32, nonce: Option<&str>, address: &str) {
        let claims = json!({ "iss": "http://127.0.0.1", "aud": "tocsin-client", "nonce": nonce,
                             "exp": 4_000_000_000_u64, "email": address });
        let mut answer = tokens(number);
        answer["scope"] = json!(null);
        answer["id_token"] = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string())).into();
        self.endpoint.will(Reply::Json(200, answer));
    }

    /// The device endpoint's next answer.
    pub fn will_give_codes(&self, expires_in: u32) {
        let url = "http://127.0.0.1/devicelogin";
        let codes = json!({ "device_code": "device-canary", "user_code": "ABCD-EFGH", "verification_uri": url,
                            "expires_in": expires_in, "interval": 1 });
        self.endpoint.will(Reply::Json(200, codes));
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        let mut transaction = self.tocsin.engine.store.begin().await.unwrap();
        sqlx::query_scalar(query)
            .fetch_one(&mut *transaction)
            .await
            .unwrap()
    }
}

pub fn page(begun: Begun) -> Page {
    match begun {
        Begun::Redirect(url) => url.query_pairs().into_owned().collect(),
        other => panic!("{other:?}"),
    }
}

fn base() -> url::Url {
    "http://localhost:8725".parse().unwrap()
}

fn sign_in<'a>(
    way: Way,
    session: &'a SessionHash,
    who: &'a tocsin_engine::audit::Who,
    base: &'a url::Url,
) -> NewSignIn<'a> {
    NewSignIn {
        way,
        session,
        who,
        base,
    }
}
