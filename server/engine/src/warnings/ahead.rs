//! Announcements of ends that are known ahead: of grants, to the administrators and to the mailbox's owner; of client
//! secrets, to the administrators. Each step once, also across restarts; who was off makes up for the nearest one.

use super::outage::owners;
use super::text::{Mail, day_and_time};
use super::{About, Message, run::Round};
use crate::links::{MailedLink, Maker};
use crate::store::{EndingGrant, StoreError};
use crate::webhook::News;
use sqlx::AnyConnection;
use tocsin_domain::account::Account;
use tocsin_domain::authorization::Ending;
use tocsin_domain::ending::{Announced, KnownEnd, Pace};
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::severity::Severity;
use tocsin_domain::told::Kind;

impl Round<'_> {
    /// Announces what is due.
    pub(super) async fn ahead(&mut self) -> Result<(), StoreError> {
        let engine = self.engine;
        let _turn = engine.observing.lock().await;
        let before = self.now.checked_add(Pace::Usual.ahead()).unwrap_or(self.now);
        let grants = engine.store.ending_grants(before).await?;
        self.renewed(&grants).await?;
        for grant in grants {
            let account = match engine.store.account(grant.account).await {
                Err(StoreError::Gone) => continue,
                account => account?,
            };
            // Who needs somebody already is told that.
            if !account.authorization.needs_somebody() {
                self.grant(&account, &grant).await?;
            }
        }
        for (provider, ends) in engine.store.ending_secrets(before).await? {
            self.secret(&provider, ends).await?;
        }
        Ok(())
    }

    /// Takes announcements out of the queue whose grant was renewed meanwhile.
    async fn renewed(&mut self, ending: &[EndingGrant]) -> Result<(), StoreError> {
        let engine = self.engine;
        for account in engine.store.accounts_told_waiting(Kind::GrantEnds).await? {
            if ending.iter().any(|grant| grant.account == account) {
                continue;
            }
            let mut transaction = engine.store.begin().await?;
            engine
                .store
                .drop_told(
                    &mut transaction,
                    &About::Account(account),
                    &[Kind::GrantEnds],
                    self.now,
                )
                .await?;
            transaction.commit().await?;
            self.wrote = true;
        }
        Ok(())
    }

    async fn grant(&mut self, account: &Account, grant: &EndingGrant) -> Result<(), StoreError> {
        let engine = self.engine;
        let end = KnownEnd {
            at: grant.ends_at,
            why: Ending::GrantLifetime,
            pace: Pace::of_grant(grant.granted_at, grant.ends_at),
        };
        let subject = format!("grant {}", grant.id);
        let last = engine.store.announced(&subject).await?;
        let Some(days) = end.due(last, self.now) else {
            return Ok(());
        };
        let about = About::Account(account.id);
        let mut transaction = engine.store.begin().await?;
        // An earlier step that still waits would come with this one.
        engine
            .store
            .drop_told(&mut transaction, &about, &[Kind::GrantEnds], self.now)
            .await?;
        let owners = owners(account);
        let mut admins = engine.store.admin_addresses().await?;
        admins.retain(|admin| !owners.contains(admin));
        let text = self.grant_text(account, &end).await?;
        engine
            .tell(&mut transaction, ends(Kind::GrantEnds, text), &about, admins)
            .await?;
        let link = engine
            .make_link_for_mail(&mut transaction, account, &Maker::Tocsin)
            .await?;
        let text = self.owners_grant_text(account, &end, link.as_ref()).await?;
        let told = engine
            .tell(&mut transaction, ends(Kind::GrantEnds, text), &about, owners)
            .await?;
        if let Some((link, notification)) = link.zip(told) {
            engine.mail_link(&mut transaction, link, notification).await?;
        }
        let announced = Announced { ends: end.at, days };
        let news = News::of_account(Kind::GrantEnds, account);
        self.note(&mut transaction, &subject, announced, news).await?;
        transaction.commit().await?;
        self.wrote = true;
        Ok(())
    }

    async fn secret(&mut self, provider: &ProviderKey, at: jiff::Timestamp) -> Result<(), StoreError> {
        let engine = self.engine;
        let end = KnownEnd {
            at,
            why: Ending::ApplicationSecret,
            pace: Pace::Usual,
        };
        let subject = format!("secret {provider}");
        let last = engine.store.announced(&subject).await?;
        let Some(days) = end.due(last, self.now) else {
            return Ok(());
        };
        let about = About::Application(provider.clone());
        let mut transaction = engine.store.begin().await?;
        engine
            .store
            .drop_told(&mut transaction, &about, &[Kind::SecretEnds], self.now)
            .await?;
        let text = self.secret_text(provider, &end).await?;
        let admins = engine.store.admin_addresses().await?;
        engine
            .tell(&mut transaction, ends(Kind::SecretEnds, text), &about, admins)
            .await?;
        let announced = Announced { ends: end.at, days };
        let news = News::of_application(Kind::SecretEnds, provider);
        self.note(&mut transaction, &subject, announced, news).await?;
        transaction.commit().await?;
        self.wrote = true;
        Ok(())
    }

    /// Tells the webhook too, and writes the step down, so that it is announced once.
    async fn note(
        &self,
        connection: &mut AnyConnection,
        subject: &str,
        announced: Announced,
        news: News<'_>,
    ) -> Result<(), StoreError> {
        let news = News {
            ends: Some(announced.ends),
            ..news
        };
        self.engine.tell_programs(connection, &news).await?;
        self.engine
            .store
            .set_announced(connection, subject, announced, self.now)
            .await
    }

    async fn grant_text(&self, account: &Account, end: &KnownEnd) -> Result<String, StoreError> {
        let mut mail = Mail::new(&headline(account, end));
        mail.paragraph(
            "Until then it sends as before. Reauthorize the account before that day, and nothing is ever held; \
             afterwards, what only this account could carry waits until somebody does.",
        );
        if end.pace == Pace::Weekly {
            mail.paragraph(
                "Its permission lives for a week, as Google gives while the publishing status of the OAuth \
                 application is “Testing”. Publish the application, and later permissions last.",
            );
        }
        if let Some(url) = self.engine.account_url(account.id).await? {
            mail.link("Open the account", &url);
        }
        Ok(mail.into())
    }

    async fn owners_grant_text(
        &self,
        account: &Account,
        end: &KnownEnd,
        link: Option<&MailedLink>,
    ) -> Result<String, StoreError> {
        let mut mail = Mail::new(&headline(account, end));
        mail.paragraph(&format!(
            "Tocsin on {} sends notifications with the mailbox {}. The permission for that, which you gave, ends \
             then. Until then it sends as before.",
            self.engine.instance_name().await?,
            account.settings.address
        ));
        if link.is_some() {
            mail.authorize_here();
        }
        if let Some(admin) = self.engine.store.admin_addresses().await?.first() {
            mail.paragraph(&format!(
                "Ask {admin}, who administers Tocsin, if you do not expect this."
            ));
        }
        Ok(mail.into())
    }

    async fn secret_text(&self, provider: &ProviderKey, end: &KnownEnd) -> Result<String, StoreError> {
        let engine = self.engine;
        let mut mail = Mail::new(&format!(
            "The client secret for {} ends on {}",
            engine.provider_name(provider),
            day_and_time(end.at)
        ));
        let accounts = engine.store.accounts().await?;
        let addresses: Vec<_> = accounts
            .iter()
            .filter(|account| account.settings.provider == *provider)
            .map(|account| account.settings.address.as_str())
            .collect();
        mail.paragraph(&format!(
            "On that day no account of this provider can send any more: {}. Make a new client secret at the provider \
             before, and enter it with the day it ends. No mailbox's owner has to do anything.",
            match addresses.as_slice() {
                [] => "there is none now".to_owned(),
                addresses => addresses.join(", "),
            }
        ));
        if let Some(url) = engine.page_url(&format!("settings/oauth/{provider}")).await? {
            mail.link("Open the OAuth application", &url);
        }
        Ok(mail.into())
    }
}

fn ends(kind: Kind, text: String) -> Message {
    Message {
        kind,
        severity: Severity::Warning,
        text,
        fields: std::collections::BTreeMap::new(),
    }
}

fn headline(account: &Account, end: &KnownEnd) -> String {
    format!("{} expires on {}", account.settings.address, day_and_time(end.at))
}
