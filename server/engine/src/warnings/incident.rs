//! Warnings about an OAuth application that its provider refuses: one for all accounts on it, to the administrators
//! alone, since no mailbox's owner can mend it. Once, and every day that it lasts.

use super::outage::AGAIN_AFTER;
use super::text::Mail;
use super::{About, Message, run::Round};
use crate::store::StoreError;
use crate::webhook::News;
use std::collections::BTreeMap;
use tocsin_domain::account::Account;
use tocsin_domain::authorization::Refusal;
use tocsin_domain::failure::Verdict;
use tocsin_domain::provider::ProviderKey;
use tocsin_domain::severity::Severity;
use tocsin_domain::told::Kind;

/// The accounts that cannot send by their OAuth application's fault, by its provider.
pub(crate) fn incidents(accounts: &[Account]) -> BTreeMap<ProviderKey, Vec<&Account>> {
    let mut incidents: BTreeMap<ProviderKey, Vec<&Account>> = BTreeMap::new();
    for account in accounts {
        if account.authorization.application_fault().is_some() {
            let provider = account.settings.provider.clone();
            incidents.entry(provider).or_default().push(account);
        }
    }
    incidents
}

impl Round<'_> {
    /// Warns about each refused application, if that is due, and forgets those that are mended.
    pub(super) async fn incidents(&mut self) -> Result<(), StoreError> {
        let engine = self.engine;
        let _turn = engine.observing.lock().await;
        let accounts = engine.store.accounts().await?;
        let incidents = incidents(&accounts);
        let known = engine.store.application_incidents().await?;
        for (provider, _) in known
            .iter()
            .filter(|(provider, _)| !incidents.contains_key(provider))
        {
            let mut transaction = engine.store.begin().await?;
            engine
                .store
                .forget_application_incident(&mut transaction, provider)
                .await?;
            let about = About::Application(provider.clone());
            let kinds = [Kind::ApplicationRefused];
            engine
                .store
                .drop_told(&mut transaction, &about, &kinds, self.now)
                .await?;
            let news = News::of_application(Kind::WorksAgain, provider);
            engine.tell_programs(&mut transaction, &news).await?;
            transaction.commit().await?;
            self.wrote = true;
        }
        for (provider, accounts) in incidents {
            let warned_at = known.iter().find(|(known, _)| *known == provider);
            if warned_at.is_none_or(|(_, at)| self.now.duration_since(*at) >= AGAIN_AFTER) {
                self.incident(&provider, &accounts).await?;
            }
        }
        Ok(())
    }

    async fn incident(&mut self, provider: &ProviderKey, accounts: &[&Account]) -> Result<(), StoreError> {
        let engine = self.engine;
        let refusals = accounts
            .iter()
            .filter_map(|account| account.authorization.application_fault());
        let Some(first) = refusals.min_by_key(|refusal| refusal.since) else {
            return Ok(());
        };
        let about = About::Application(provider.clone());
        let mut transaction = engine.store.begin().await?;
        if !engine
            .store
            .told_waits(&mut transaction, &about, Kind::ApplicationRefused)
            .await?
        {
            let message = Message {
                kind: Kind::ApplicationRefused,
                severity: Severity::Error,
                text: self.incident_text(provider, accounts, first).await?,
                fields: [("The provider said".to_owned(), first.words.clone())].into(),
            };
            let admins = engine.store.admin_addresses().await?;
            engine.tell(&mut transaction, message, &about, admins).await?;
        }
        let news = News {
            since: Some(first.since),
            refusal: Some(first),
            ..News::of_application(Kind::ApplicationRefused, provider)
        };
        engine.tell_programs(&mut transaction, &news).await?;
        engine
            .store
            .set_application_incident(&mut transaction, provider, self.now)
            .await?;
        transaction.commit().await?;
        self.wrote = true;
        Ok(())
    }

    async fn incident_text(
        &self,
        provider: &ProviderKey,
        accounts: &[&Account],
        refusal: &Refusal,
    ) -> Result<String, StoreError> {
        let engine = self.engine;
        let name = engine.provider_name(provider);
        let verdict = Verdict::from(refusal.meaning);
        let mut mail = Mail::new(&format!("The OAuth application for {name} is refused"));
        mail.paragraph(&format!("{} {}", verdict.meaning, verdict.next_step));
        mail.paragraph(
            "It is the application's fault, not the mailboxes'. As soon as the application is mended, all its accounts \
             are checked at once and what is held goes out. Nothing is lost.",
        );
        let addresses: Vec<_> = accounts
            .iter()
            .map(|account| account.settings.address.as_str())
            .collect();
        mail.paragraph(&format!("Cannot send because of it: {}", addresses.join(", ")));
        if let Some(url) = engine.page_url(&format!("settings/oauth/{provider}")).await? {
            mail.link("Open the OAuth application", &url);
        }
        Ok(mail.into())
    }
}
