//! Who is warned of what, by whom, and how often.

mod ahead;
mod applications;
mod granted;
mod outages;

use crate::support::Tocsin;
use jiff::SignedDuration;
use tocsin_domain::id::AccountId;
use tocsin_domain::told::{Kind, Told};
use tocsin_engine::smtp::scripted::{ReceivedMail, Script, Scripted};
use tocsin_engine::time::now;

const LOST: &str = "nas@example.com";
const ADMIN: &str = "carol@example.org";
const OWNER: &str = "owner@example.org";
const DAY: SignedDuration = SignedDuration::from_hours(24);

async fn working() -> Scripted {
    Scripted::start(Script::plain()).await
}

async fn refusing() -> Scripted {
    Scripted::start(Script::plain().knowing_nobody()).await
}

fn to(mails: &[ReceivedMail], address: &str) -> usize {
    mails
        .iter()
        .filter(|mail| mail.to.iter().any(|to| to == address))
        .count()
}

/// Waits until a mail to somebody is there, and so often.
async fn when_told(server: &Scripted, address: &str, times: usize) -> Vec<ReceivedMail> {
    server
        .when(|record| to(&record.mails, address) >= times)
        .await
        .mails
}

async fn told(tocsin: &Tocsin, account: AccountId, kind: Kind) -> Vec<Told> {
    let mut told = tocsin.engine.told(account).await.unwrap();
    told.retain(|told| told.kind == kind);
    told
}

impl Tocsin {
    /// As if all that was told had been told a day earlier.
    pub async fn a_day_passes(&self) {
        self.sql("UPDATE accounts SET warned_at = warned_at - 86400000")
            .await;
        self.sql("UPDATE application_incidents SET warned_at = warned_at - 86400000")
            .await;
        self.engine.check_soon();
    }

    /// Waits until the round of warnings has looked at an account.
    pub async fn when_warned_today(&self, account: AccountId) {
        let yesterday = now() - SignedDuration::from_hours(12);
        while self
            .engine
            .store
            .warned_at(account)
            .await
            .unwrap()
            .is_none_or(|at| at < yesterday)
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Waits until so much of a kind was told of an account.
    async fn when_told(&self, account: AccountId, kind: Kind, times: usize) -> Vec<Told> {
        let mut changes = self.engine.live.listen();
        loop {
            let told = told(self, account, kind).await;
            if told.len() >= times {
                return told;
            }
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), changes.changed()).await;
        }
    }
}
