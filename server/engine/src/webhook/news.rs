//! What a webhook is told.

use crate::engine::Engine;
use crate::store::StoreError;
use crate::time::now;
use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;
use tocsin_domain::account::Account;
use tocsin_domain::authorization::Refusal;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::told::Kind;
use url::Url;

/// A piece of news.
#[derive(Debug, Clone, Copy)]
pub(crate) struct News<'a> {
    /// Of what.
    pub(crate) kind: Kind,
    /// Of which account.
    pub(crate) account: Option<&'a Account>,
    /// Of which provider's OAuth application.
    pub(crate) application: Option<&'a ProviderKey>,
    /// Since when.
    pub(crate) since: Option<Timestamp>,
    /// What was said.
    pub(crate) refusal: Option<&'a Refusal>,
    /// When it ends.
    pub(crate) ends: Option<Timestamp>,
}

impl<'a> News<'a> {
    /// Of an account.
    pub(crate) const fn of_account(kind: Kind, account: &'a Account) -> Self {
        Self {
            kind,
            account: Some(account),
            application: None,
            since: None,
            refusal: None,
            ends: None,
        }
    }

    /// Of a provider's OAuth application.
    pub(crate) const fn of_application(kind: Kind, application: &'a ProviderKey) -> Self {
        Self {
            kind,
            account: None,
            application: Some(application),
            since: None,
            refusal: None,
            ends: None,
        }
    }

    fn text(&self, provider: &str) -> String {
        let who = match self.account {
            Some(account) => account.settings.address.to_string(),
            None => format!("The OAuth application for {provider}"),
        };
        let what = match self.kind {
            Kind::Expired => "cannot send: Authorization has expired. Reauthorize the account.",
            Kind::SettingRefused => "cannot send: a setting of the account is refused",
            Kind::Unreachable => "cannot send: its mail server does not answer",
            Kind::GrantEnds => "expires soon",
            Kind::ApplicationRefused => "is refused: no account on it can send",
            Kind::SecretEnds => "has a client secret that ends soon",
            Kind::WorksAgain => "works again",
            Kind::LinkSent => "was sent a re-authorization link",
            Kind::LinkUsed => "was authorized again by a re-authorization link",
            Kind::ImportReport => "was imported",
        };
        format!("{who} {what}")
    }
}

impl Engine {
    /// Tells whatever hears of news beside people: the webhook and the NAS's own log; in the transaction of what it
    /// tells of. It goes out as soon as [`Engine::webhook_wake`] and the log's are notified.
    pub(crate) async fn tell_programs(
        &self,
        connection: &mut AnyConnection,
        news: &News<'_>,
    ) -> Result<(), StoreError> {
        let provider = news
            .account
            .map(|account| &account.settings.provider)
            .or(news.application);
        let provider = provider.map(|key| self.provider_name(key)).unwrap_or_default();
        let text = news.text(&provider);
        self.tell_nas_log(connection, news, &text).await?;
        self.tell_webhook(connection, news, &text).await
    }

    /// Writes a call for a piece of news; nothing where no webhook is set.
    async fn tell_webhook(
        &self,
        connection: &mut AnyConnection,
        news: &News<'_>,
        text: &str,
    ) -> Result<(), StoreError> {
        if self.store.webhook_row().await?.is_none() {
            return Ok(());
        }
        let id = self.store.next_id();
        let url = match (news.account, news.application) {
            (Some(account), _) => self.account_url(account.id).await?,
            (None, Some(application)) => self.page_url(&format!("settings/oauth/{application}")).await?,
            (None, None) => None,
        };
        let account = news.account.map(|account| {
            json!({
                "id": account.id,
                "address": account.settings.address,
                "provider": account.settings.provider.as_str(),
            })
        });
        let body = json!({
            "id": id.to_string(),
            "kind": news.kind.as_str(),
            "at": now(),
            "installation": self.instance_name().await?,
            "text": text,
            "since": news.since,
            "meaning": news.refusal.map(|refusal| refusal.meaning.key()),
            "words": news.refusal.map(|refusal| &refusal.words),
            "ends": news.ends,
            "account": account,
            "application": news.application.map(|application| json!({ "provider": application.as_str() })),
            "url": url.as_ref().map(Url::as_str),
        });
        self.store
            .insert_webhook_call(connection, id, news.kind.as_str(), &body.to_string(), now())
            .await
    }

    /// What a test tells.
    pub(super) async fn webhook_test_body(&self, id: i64) -> Result<String, StoreError> {
        let body = json!({
            "id": id.to_string(),
            "kind": "test",
            "at": now(),
            "installation": self.instance_name().await?,
            "text": "A test: nothing is wrong.",
        });
        Ok(body.to_string())
    }
}
