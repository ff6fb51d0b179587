//! Tells people that an account needs them, by a way that still works: a mail through any other account to the
//! administrators, to the account's owner and to the account's own address. Once per outage, and every day that
//! it lasts. The warning is an event like any other, so the history shows what was told to whom; it waits in the
//! queue when no other account can send.

use crate::engine::Engine;
use crate::store::{NewNotification, Origin, StoreError};
use crate::time::now;
use jiff::{SignedDuration, Timestamp};
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tocsin_domain::account::Account;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::authorization::{Authorization, Refusal};
use tocsin_domain::event::{Event, Report};
use tocsin_domain::failure::Verdict;
use tocsin_domain::id::{EventId, NotificationId};
use tocsin_domain::notification::Reason;
use tocsin_domain::rule::Format;
use tocsin_domain::severity::Severity;
use tocsin_domain::text::Line;

/// The words on the account's row and in the warning.
pub const EXPIRED: &str = "Authorization has expired. Reauthorize the account.";

/// How long after a warning the next one about the same outage goes out.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(23);

/// Writes the warning about an account that has just come to need somebody.
pub(super) async fn tell(
    engine: &Engine,
    connection: &mut AnyConnection,
    account: &Account,
    authorization: &Authorization,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (Authorization::NeedsReauthorization(refusal) | Authorization::NeedsConfiguration(refusal)) =
        authorization
    else {
        return Ok(());
    };
    if told_with_another(engine, account, refusal).await? {
        return engine.store.set_warned_at(connection, account.id, now).await;
    }
    let report = report(engine, account, authorization, refusal, now).await?;
    let recipients = recipients(engine, account).await?;
    let event = Event {
        id: EventId::new(engine.store.next_id()),
        report,
        received_at: now,
    };
    engine
        .store
        .insert_events(connection, std::slice::from_ref(&event))
        .await?;
    let id = NotificationId::new(engine.store.next_id());
    let notification = NewNotification {
        id,
        event: event.id,
        origin: Origin::Warning(account.id),
        severity: Severity::Error,
        // Held until the routes are set, right after this transaction: looking at them inside of it could wait
        // for somebody who waits for the transaction to end.
        carrier: Err(Reason::NoSender),
        recipients,
        format: Format::Html,
        subject_prefix: String::new(),
        message_id: engine.message_id(id),
        created_at: now,
    };
    engine
        .store
        .insert_notifications(connection, &[notification])
        .await?;
    engine.store.set_warned_at(connection, account.id, now).await
}

/// Warns again about an outage that lasts, and sets the next look.
pub(super) async fn remind(engine: &Engine, account: &Account) -> Result<(), StoreError> {
    let now = now();
    let warned_at = engine.store.warned_at(account.id).await?;
    let mut transaction = engine.store.begin().await?;
    if warned_at.is_none_or(|at| now.duration_since(at) >= AGAIN_AFTER) {
        tell(engine, &mut transaction, account, &account.authorization, now).await?;
    }
    let next = now
        .checked_add(SignedDuration::from_hours(24))
        .unwrap_or(Timestamp::MAX);
    engine
        .store
        .set_next_check(&mut transaction, account.id, next)
        .await?;
    transaction.commit().await?;
    engine.routing_changed().await;
    Ok(())
}

/// A fault of the OAuth application hits every account on it: one warning for all of them.
async fn told_with_another(
    engine: &Engine,
    account: &Account,
    refusal: &Refusal,
) -> Result<bool, StoreError> {
    if !Verdict::from(refusal.meaning).concerns_application() {
        return Ok(false);
    }
    let told = |other: &Account| {
        other.id != account.id
            && other.settings.provider == account.settings.provider
            && matches!(&other.authorization, Authorization::NeedsConfiguration(said)
                if Verdict::from(said.meaning).concerns_application())
    };
    Ok(engine.store.accounts().await?.iter().any(told))
}

async fn recipients(engine: &Engine, account: &Account) -> Result<Vec<EmailAddress>, StoreError> {
    let mut recipients = engine.store.admin_addresses().await?;
    let own = [
        account.settings.owner.clone(),
        Some(account.settings.address.clone()),
    ];
    for address in own.into_iter().flatten() {
        if !recipients.contains(&address) {
            recipients.push(address);
        }
    }
    Ok(recipients)
}

async fn report(
    engine: &Engine,
    account: &Account,
    authorization: &Authorization,
    refusal: &Refusal,
    now: Timestamp,
) -> Result<Report, StoreError> {
    let address = &account.settings.address;
    let verdict = Verdict::from(refusal.meaning);
    let what = match authorization {
        Authorization::NeedsReauthorization(_) => EXPIRED,
        _ => "A setting of the account is refused.",
    };
    let mut text = format!(
        "{address} cannot send: {what}\n\n{} {}\n\nNotifications that only this account could carry are held. \
         Nothing is lost: they go out by themselves as soon as the account can send again.\n",
        verdict.meaning, verdict.next_step
    );
    if let Some(url) = engine.account_url(account.id).await? {
        let _ = write!(text, "\nOpen the account: {url}\n");
    }
    let line = |text: &str| Line::parse(text).unwrap_or_default();
    Ok(Report {
        application: line("Tocsin"),
        category: line("Authorization"),
        severity: Severity::Error,
        text,
        host: line(&engine.instance_name().await?),
        at: now,
        fields: BTreeMap::from([("The server said".to_owned(), refusal.words.clone())]),
    })
}
