//! Warnings about an account that needs somebody: to the administrators, and by a mail of their own, since they may
//! learn less and do more, to the account's owner and its own address. Once per outage, and every day that it lasts.

use super::text::{Mail, day_and_time};
use super::{About, Message, run::Round};
use crate::engine::Engine;
use crate::links::{MailedLink, Maker};
use crate::store::StoreError;
use crate::webhook::News;
use jiff::{SignedDuration, Timestamp};
use sqlx::AnyConnection;
use tocsin_domain::account::Account;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::authorization::{Authorization, Refusal};
use tocsin_domain::failure::Verdict;
use tocsin_domain::id::AccountId;
use tocsin_domain::severity::Severity;
use tocsin_domain::told::Kind;

/// The words on the account's row and in the warning.
const EXPIRED: &str = "Authorization has expired. Reauthorize the account.";

/// How long after a warning the next one about the same outage goes out.
pub(super) const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How long a server may be silent before somebody is told. A shorter outage ends by itself.
const SILENT: SignedDuration = SignedDuration::from_hours(24);

/// What is wrong with an account, if somebody should know.
struct Trouble<'a> {
    kind: Kind,
    since: Timestamp,
    refusal: Option<&'a Refusal>,
}

impl<'a> Trouble<'a> {
    /// A fault of the OAuth application is no trouble of the account's own: see `incident.rs`.
    fn of(authorization: &'a Authorization, now: Timestamp) -> Option<Self> {
        let refused = |kind, refusal: &'a Refusal| Self {
            kind,
            since: refusal.since,
            refusal: Some(refusal),
        };
        match authorization {
            Authorization::NeedsReauthorization(refusal) => Some(refused(Kind::Expired, refusal)),
            Authorization::NeedsConfiguration(refusal) if authorization.application_fault().is_none() => {
                Some(refused(Kind::SettingRefused, refusal))
            }
            Authorization::Unreachable { since, .. } if now.duration_since(*since) >= SILENT => Some(Self {
                kind: Kind::Unreachable,
                since: *since,
                refusal: None,
            }),
            _ => None,
        }
    }

    fn is_due(&self, warned_at: Option<Timestamp>, now: Timestamp) -> bool {
        let lasts = |at| now.duration_since(at) >= AGAIN_AFTER && self.kind != Kind::Unreachable;
        warned_at.is_none_or(|at| at < self.since || lasts(at))
    }
}

impl Round<'_> {
    /// Warns about an account, if that is due, and forgets an outage that is over.
    pub(super) async fn outage(&mut self, id: AccountId) -> Result<(), StoreError> {
        let engine = self.engine;
        // No state changes between the look and the warning: what is told is true.
        let _turn = engine.observing.lock().await;
        let account = match engine.store.account(id).await {
            Err(StoreError::Gone) => return Ok(()),
            account => account?,
        };
        let warned_at = engine.store.warned_at(id).await?;
        let Some(trouble) = Trouble::of(&account.authorization, self.now) else {
            return match warned_at {
                Some(_) if !account.authorization.needs_somebody() => self.over(&account).await,
                _ => Ok(()),
            };
        };
        if !trouble.is_due(warned_at, self.now) {
            return Ok(());
        }
        // Who has replied knows: nobody is reminded any more. The marks and the webhook go on.
        let replied = engine.store.warning_acknowledged(id, trouble.since).await?;
        let mut transaction = engine.store.begin().await?;
        let about = About::LostAccount(id);
        // One that still waits says it all.
        let waits = engine
            .store
            .told_waits(&mut transaction, &about, trouble.kind)
            .await?;
        if !waits && replied.is_none() {
            self.warn(&mut transaction, &account, &trouble).await?;
        }
        let news = News {
            since: Some(trouble.since),
            refusal: trouble.refusal,
            ..News::of_account(trouble.kind, &account)
        };
        engine.tell_programs(&mut transaction, &news).await?;
        engine
            .store
            .set_warned_at(&mut transaction, id, Some(self.now))
            .await?;
        transaction.commit().await?;
        self.wrote = true;
        Ok(())
    }

    /// The account is well again: whoever the webhook belongs to may close what it opened.
    async fn over(&mut self, account: &Account) -> Result<(), StoreError> {
        let mut transaction = self.engine.store.begin().await?;
        let news = News::of_account(Kind::WorksAgain, account);
        self.engine.tell_programs(&mut transaction, &news).await?;
        self.engine
            .store
            .set_warned_at(&mut transaction, account.id, None)
            .await?;
        transaction.commit().await?;
        self.wrote = true;
        Ok(())
    }

    async fn warn(
        &self,
        connection: &mut AnyConnection,
        account: &Account,
        trouble: &Trouble<'_>,
    ) -> Result<(), StoreError> {
        let engine = self.engine;
        let owners = owners(account);
        let mut admins = engine.store.admin_addresses().await?;
        // Who owns the mailbox and administers Tocsin gets the owner's mail: it says more.
        if trouble.kind != Kind::Unreachable {
            admins.retain(|admin| !owners.contains(admin));
        }
        let about = About::LostAccount(account.id);
        let message = |text| Message {
            kind: trouble.kind,
            severity: match trouble.kind {
                Kind::Unreachable => Severity::Warning,
                _ => Severity::Error,
            },
            text,
            fields: trouble
                .refusal
                .map(|refusal| ("The server said".to_owned(), refusal.words.clone()))
                .into_iter()
                .collect(),
        };
        let text = admins_text(engine, account, trouble).await?;
        engine.tell(connection, message(text), &about, admins).await?;
        if trouble.kind == Kind::Unreachable {
            return Ok(());
        }
        let link = match trouble.kind {
            Kind::Expired => {
                engine
                    .make_link_for_mail(connection, account, &Maker::Tocsin)
                    .await?
            }
            _ => None,
        };
        let text = owners_text(engine, account, trouble, link.as_ref()).await?;
        let told = engine.tell(connection, message(text), &about, owners).await?;
        if let Some((link, notification)) = link.zip(told) {
            engine.mail_link(connection, link, notification).await?;
        }
        Ok(())
    }
}

/// Whose mailbox it is: the owner, and the account's own address, which can receive although it cannot send.
pub(super) fn owners(account: &Account) -> Vec<EmailAddress> {
    let own = account.settings.address.clone();
    account.settings.owner.iter().cloned().chain([own]).collect()
}

fn headline(account: &Account, trouble: &Trouble<'_>) -> String {
    let address = &account.settings.address;
    match trouble.kind {
        Kind::Expired => format!("{address} cannot send: {EXPIRED}"),
        Kind::Unreachable => format!("{address} cannot send: its mail server does not answer"),
        _ => format!("{address} cannot send: a setting of the account is refused"),
    }
}

async fn admins_text(
    engine: &Engine,
    account: &Account,
    trouble: &Trouble<'_>,
) -> Result<String, StoreError> {
    let mut mail = Mail::new(&headline(account, trouble));
    match trouble.refusal {
        Some(refusal) => {
            let verdict = Verdict::from(refusal.meaning);
            mail.paragraph(&format!("{} {}", verdict.meaning, verdict.next_step));
        }
        None => mail.paragraph(&format!(
            "The server {} has not answered since {}. That is an outage, not an expiry: nothing has to be \
             authorized again, and Tocsin goes on by itself as soon as the server is back. If it does not come \
             back, check its host and port, and this machine's way to the network.",
            account.settings.smtp.host,
            day_and_time(trouble.since)
        )),
    }
    mail.paragraph(
        "Notifications that only this account could carry are held. Nothing is lost: they go out by themselves as \
         soon as the account can send again.",
    );
    if let Some(url) = engine.account_url(account.id).await? {
        mail.link("Open the account", &url);
    }
    Ok(mail.into())
}

/// What the mailbox's owner is told, who may know nothing of Tocsin and has no sign-in there.
async fn owners_text(
    engine: &Engine,
    account: &Account,
    trouble: &Trouble<'_>,
    link: Option<&MailedLink>,
) -> Result<String, StoreError> {
    let mut mail = Mail::new(&headline(account, trouble));
    mail.paragraph(&format!(
        "Tocsin on {} sends notifications with the mailbox {}. Its mail server does not let it any more; the mailbox \
         still receives, and this mail came by another one.",
        engine.instance_name().await?,
        account.settings.address
    ));
    if let Some(refusal) = trouble.refusal {
        let verdict = Verdict::from(refusal.meaning);
        mail.paragraph(&format!("{} {}", verdict.meaning, verdict.next_step));
    }
    let admins = engine.store.admin_addresses().await?;
    if link.is_some() {
        mail.authorize_here();
    } else if trouble.kind == Kind::Expired
        && let Some(admin) = admins.first()
    {
        mail.paragraph(&format!(
            "It is authorized again on Tocsin's own pages: ask {admin}, who administers Tocsin."
        ));
    }
    let is_admin = owners(account).iter().any(|owner| admins.contains(owner));
    if is_admin && let Some(url) = engine.account_url(account.id).await? {
        mail.link("Open the account", &url);
    } else if let Some(admin) = admins.first() {
        mail.paragraph(&format!(
            "Ask {admin}, who administers Tocsin, if you do not expect this."
        ));
    }
    Ok(mail.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tocsin_domain::failure::Meaning;

    fn hours(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn refused(meaning: Meaning) -> Refusal {
        Refusal {
            since: hours(0),
            meaning,
            words: String::new(),
        }
    }

    #[test]
    fn an_expiry_is_told_at_once_and_every_day() {
        let lost = Authorization::NeedsReauthorization(refused(Meaning::GrantRevoked));
        let Some(trouble) = Trouble::of(&lost, hours(0)) else {
            panic!("nobody is told")
        };
        for (warned, now, is_due) in [
            (None, 0, true),
            (Some(0), 23, false),
            (Some(0), 24, true),
            (Some(-100), 0, true),
        ] {
            assert_eq!(
                trouble.is_due(warned.map(hours), hours(now)),
                is_due,
                "{warned:?} {now}"
            );
        }
    }

    #[test]
    fn an_outage_is_told_once_when_it_has_lasted_a_day() {
        let silent = Authorization::Unreachable {
            since: hours(0),
            words: String::new(),
            before: tocsin_domain::authorization::Working::Authorized,
        };
        assert!(Trouble::of(&silent, hours(23)).is_none());
        let Some(trouble) = Trouble::of(&silent, hours(24)) else {
            panic!("nobody is told")
        };
        assert_eq!(trouble.kind, Kind::Unreachable);
        assert!(trouble.is_due(None, hours(24)));
        assert!(!trouble.is_due(Some(hours(24)), hours(1000)));
        assert!(trouble.is_due(Some(hours(-1)), hours(24)), "another outage");
    }

    #[test]
    fn a_fault_of_the_application_is_no_accounts_own() {
        let refused = Authorization::NeedsConfiguration(refused(Meaning::OAuthSecretExpired));
        assert!(Trouble::of(&refused, hours(100)).is_none());
    }
}
