//! Fills a data directory with a month of plausible history, for `make demo`: events that a NAS reports, sent by
//! the accounts and rules that are there. Nothing is mailed. Run it while Tocsin is stopped:
//! `cargo run --release -p tocsin-engine --example demo_history -- DATA`.

use jiff::{SignedDuration, Timestamp};
use std::error::Error;
use tocsin_domain::account::Account;
use tocsin_domain::event::{Draft, Event};
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::id::{EventId, NotificationId};
use tocsin_domain::notification::{Outcome, Reason};
use tocsin_domain::rule::Rule;
use tocsin_engine::store::{
    AttemptResult, NewNotification, Next, Origin, Store, StoreConfig, StoreError, Terms, Transaction,
};
use tocsin_engine::time::now;

/// Application, category, severity, text.
const TOLD: [[&str; 4]; 14] = [
    [
        "Backup",
        "Job",
        "information",
        "Job “nightly” finished: 412 GB in 1 h 58 min",
    ],
    ["Security", "Updates", "information", "Signature update installed"],
    [
        "Storage & Snapshots",
        "Snapshot",
        "information",
        "Snapshot of volume “media” taken",
    ],
    [
        "System",
        "Login",
        "information",
        "admin signed in from 192.0.2.17",
    ],
    [
        "Backup",
        "Job",
        "information",
        "Job “photos” finished: 3.1 GB in 4 min",
    ],
    ["UPS", "Battery", "information", "Battery self-test passed"],
    [
        "Storage & Snapshots",
        "Scrub",
        "information",
        "RAID scrub of pool 1 finished, no errors",
    ],
    ["Network", "Link", "warning", "LAN 2: link down"],
    [
        "Storage & Snapshots",
        "Volume",
        "warning",
        "Volume “media” is 92 % full",
    ],
    [
        "Storage & Snapshots",
        "Disk",
        "warning",
        "Disk 3: 14 reallocated sectors",
    ],
    [
        "UPS",
        "Power",
        "warning",
        "UPS on battery\nThe power came back after 40 seconds.",
    ],
    ["System", "Temperature", "warning", "System temperature 61 °C"],
    [
        "Storage & Snapshots",
        "Disk",
        "error",
        "Disk 3: read error, retried",
    ],
    [
        "Backup",
        "Job",
        "error",
        "Job “offsite” failed: the target does not answer",
    ],
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the data directory")?;
    let store = Store::open(&StoreConfig {
        folder: folder.into(),
    })
    .await?;
    let (accounts, rules) = (store.accounts().await?, store.rules().await?);
    if accounts.is_empty() || rules.is_empty() {
        return Err("add an account and a rule first".into());
    }
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut transaction = store.begin().await?;
    let mut told = 0;
    for day in (1..=30).rev() {
        for _ in 0..dice.below(18) + 8 {
            let minutes = dice.below(24 * 60);
            let at = now() - SignedDuration::from_hours(24 * day) + SignedDuration::from_mins(minutes);
            tell(
                &store,
                &mut transaction,
                &mut dice,
                at.min(now()),
                &accounts,
                &rules,
            )
            .await?;
            told += 1;
        }
    }
    transaction.commit().await?;
    store.close().await;
    println!("{told} events of the last 30 days");
    Ok(())
}

async fn tell(
    store: &Store,
    connection: &mut Transaction,
    dice: &mut Dice,
    at: Timestamp,
    accounts: &[Account],
    rules: &[Rule],
) -> Result<(), Box<dyn Error>> {
    // Information is frequent, errors are rare.
    let range = [7, 7, 7, 12, 12, 14][usize::try_from(dice.below(6))?];
    let [application, category, severity, text] = TOLD[usize::try_from(dice.below(range))?];
    let draft = Draft {
        application: application.into(),
        category: category.into(),
        severity: severity.into(),
        text: text.into(),
        host: "nas-01".into(),
        at: Some(at),
        ..Draft::default()
    };
    let event = Event {
        id: EventId::new(store.next_id()),
        report: draft.check(at)?,
        received_at: at,
    };
    store
        .insert_events(connection, std::slice::from_ref(&event))
        .await?;
    let local = at.to_zoned(jiff::tz::TimeZone::system()).datetime();
    for rule in rules
        .iter()
        .filter(|rule| rule.definition.catches(&event.report, local))
    {
        for pair in &rule.definition.pairs {
            let Some(pair_id) = pair.id else { continue };
            let listed = accounts
                .iter()
                .filter(|account| pair.senders.contains(&account.id));
            let Some(account) = listed.min_by_key(|_| dice.below(4)) else {
                continue;
            };
            let id = NotificationId::new(store.next_id());
            let new = NewNotification {
                id,
                event: event.id,
                origin: Origin::Rule(rule.id, pair_id),
                severity: event.report.severity,
                carrier: Ok(account.id),
                recipients: pair.recipients.clone(),
                format: pair.format,
                subject_prefix: pair.subject_prefix.to_string(),
                message_id: format!("{id}.demo@tocsin.local"),
                created_at: at,
            };
            store.insert_notifications(connection, &[new]).await?;
            hand_in(store, connection, dice, id, account, at).await?;
        }
    }
    Ok(())
}

/// Takes the lease and writes a result, as a lane does.
async fn hand_in(
    store: &Store,
    connection: &mut Transaction,
    dice: &mut Dice,
    id: NotificationId,
    account: &Account,
    at: Timestamp,
) -> Result<(), StoreError> {
    let worker = store.next_id();
    let terms = Terms {
        account: account.id,
        worker,
        now: at,
        until: at,
        limit: 1,
    };
    store.claim(connection, terms).await?;
    let ended_at = at + SignedDuration::from_millis(180 + dice.below(900));
    let meaning = Meaning::MailboxUnknown;
    let (outcome, words, next) = if dice.below(60) == 0 {
        (
            Outcome::Failed {
                stage: Stage::Rcpt,
                class: meaning.class(),
                meaning,
            },
            "550 5.1.1 The email account that you tried to reach does not exist".to_owned(),
            Next::Failed(Reason::Refused { meaning }),
        )
    } else {
        (
            Outcome::Accepted,
            format!("2.0.0 Ok: queued as {:X}", store.next_id()),
            Next::Sent(None),
        )
    };
    let result = AttemptResult {
        notification: id,
        worker,
        account: account.id,
        at,
        ended_at,
        outcome,
        words,
        next,
    };
    store.record(connection, &[result]).await
}

/// A small generator (xorshift64), so that every demo looks the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % sides.unsigned_abs()).unwrap_or(0)
    }
}
