//! The webhook as a person sets it.

use super::call::call;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::secret;
use crate::store::{CallResult, StoreError, WebhookRow};
use crate::time::now;
use crate::vault::{Place, VaultError};
use secrecy::{ExposeSecret as _, SecretString};
use tocsin_domain::webhook::{Call, CallState};
use url::Url;

/// What the secret begins with, so that people and scanners recognise it.
pub const SECRET_PREFIX: &str = "tocsin_webhook_";

/// The longest address, in bytes.
const LONGEST: usize = 2000;

/// The webhook as the pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where it is.
    pub url: Url,
    /// The last try.
    pub last: Option<Call>,
    /// How many calls wait to be made or made again.
    pub waiting: u64,
}

/// Why the webhook was not set or tested.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It is no address that can be called.
    #[error("the address cannot be called: {0}. Write it as https://hooks.example.com/tocsin")]
    Address(&'static str),
    /// There is none.
    #[error("no webhook is set")]
    None,
    /// What is stored cannot be opened.
    #[error("the webhook's address or secret cannot be read: {0}. Enter the address anew")]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where calls go, and what they are signed with.
pub(super) struct Target {
    pub(super) url: Url,
    pub(super) secret: SecretString,
}

impl Engine {
    /// The webhook, if one is set.
    pub async fn webhook(&self) -> Result<Option<Webhook>, WebhookError> {
        let Some(row) = self.store.webhook_row().await? else {
            return Ok(None);
        };
        Ok(Some(Webhook {
            url: self.open_webhook(&row)?.url,
            last: self.store.last_webhook_call().await?,
            waiting: self.store.waiting_webhook_calls().await?,
        }))
    }

    /// Sets the webhook's address. The first time it gets a secret, which cannot be seen again.
    pub async fn set_webhook(&self, url: &str, who: &Who) -> Result<Option<SecretString>, WebhookError> {
        let url = parse(url)?;
        // A secret that cannot be opened any more is replaced.
        let kept = match self.store.webhook_row().await? {
            Some(row) => self.vault.open(place("secret"), &row.secret).ok(),
            None => None,
        };
        let new = match kept {
            Some(_) => None,
            None => Some(secret::random(SECRET_PREFIX)),
        };
        if let Some(secret) = kept.as_ref().or(new.as_ref()) {
            self.write_webhook(&url, secret, Action::WebhookSaved, who)
                .await?;
        }
        Ok(new)
    }

    /// Gives the webhook another secret. From now on calls are signed with that.
    pub async fn rotate_webhook_secret(&self, who: &Who) -> Result<SecretString, WebhookError> {
        let row = self.store.webhook_row().await?.ok_or(WebhookError::None)?;
        let url = self.open_webhook(&row)?.url;
        let secret = secret::random(SECRET_PREFIX);
        self.write_webhook(&url, &secret, Action::WebhookSecretMade, who)
            .await?;
        Ok(secret)
    }

    /// Removes the webhook, and what it was still to be told.
    pub async fn remove_webhook(&self, who: &Who) -> Result<(), WebhookError> {
        let mut transaction = self.store.begin().await?;
        self.store.delete_webhook(&mut transaction).await?;
        self.audit(&mut transaction, who, Action::WebhookRemoved, "", "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.live.changed();
        Ok(())
    }

    /// Makes one call at once, and tells what came of it.
    pub async fn test_webhook(&self, who: &Who) -> Result<Call, WebhookError> {
        let row = self.store.webhook_row().await?.ok_or(WebhookError::None)?;
        let target = self.open_webhook(&row)?;
        let id = self.store.next_id();
        let body = self.webhook_test_body(id).await?;
        let tried = call(&self.http, &target, id, "test", &body).await;
        let now = now();
        let state = if tried.answer.is_accepted() {
            CallState::Accepted
        } else {
            CallState::Failed
        };
        let result = CallResult {
            id,
            state,
            attempts: 1,
            tried_at: now,
            next_at: now,
            answer: tried.answer,
            words: tried.words,
        };
        let mut transaction = self.store.begin().await?;
        self.store
            .insert_webhook_call(&mut transaction, id, "test", &body, now)
            .await?;
        self.store.record_webhook_call(&mut transaction, &result).await?;
        self.audit(
            &mut transaction,
            who,
            Action::WebhookTested,
            &host(&target.url),
            "",
        )
        .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.live.changed();
        Ok(Call {
            kind: None,
            state,
            attempts: 1,
            tried_at: now,
            answer: result.answer,
            words: result.words,
            next_at: None,
        })
    }

    /// Where calls go; none where that is not set or cannot be opened.
    pub(super) async fn webhook_target(&self) -> Result<Option<Target>, StoreError> {
        let row = self.store.webhook_row().await?;
        Ok(row.and_then(|row| self.open_webhook(&row).ok()))
    }

    fn open_webhook(&self, row: &WebhookRow) -> Result<Target, WebhookError> {
        let url = self.vault.open(place("url"), &row.url)?;
        Ok(Target {
            url: parse(url.expose_secret())?,
            secret: self.vault.open(place("secret"), &row.secret)?,
        })
    }

    async fn write_webhook(
        &self,
        url: &Url,
        secret: &SecretString,
        action: Action,
        who: &Who,
    ) -> Result<(), WebhookError> {
        let row = WebhookRow {
            url: self.vault.seal(place("url"), &url.as_str().into()),
            secret: self.vault.seal(place("secret"), secret),
        };
        let mut transaction = self.store.begin().await?;
        self.store.put_webhook(&mut transaction, &row, now()).await?;
        // The host alone: the rest of the address may be a secret.
        self.audit(&mut transaction, who, action, &host(url), "").await?;
        transaction.commit().await.map_err(StoreError::from)?;
        self.webhook_wake.notify_one();
        self.live.changed();
        Ok(())
    }
}

fn parse(text: &str) -> Result<Url, WebhookError> {
    let wrong = WebhookError::Address;
    if text.len() > LONGEST {
        return Err(wrong("it is longer than 2000 characters"));
    }
    let url: Url = text.trim().parse().map_err(|_| wrong("it is no URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("it must begin with http:// or https://"));
    }
    if !url.has_host() {
        return Err(wrong("it names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "it holds a user name or password, which the signature replaces",
        ));
    }
    if url.fragment().is_some() {
        return Err(wrong("a part after # is never sent"));
    }
    Ok(url)
}

fn host(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Where the webhook's address (`url`) and `secret` are sealed.
pub(crate) fn place(column: &'static str) -> Place<'static> {
    Place {
        table: "webhooks",
        column,
        row: "1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_or_https_and_holds_no_password() {
        for text in [
            "http://192.168.1.20:8123/api/webhook/x",
            " https://hooks.example.com/a?b=c ",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "hooks.example.com",
            "ftp://hooks.example.com",
            "file:///etc/passwd",
            "https://user:secret@hooks.example.com",
            "https://hooks.example.com/#x",
            &format!("https://hooks.example.com/{}", "x".repeat(2000)),
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
