//! What comes back: the watch of a mailbox on a server that answers as it is told.

mod answers;
mod refused;
mod watching;

use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use std::time::Duration;
use tocsin_domain::id::AccountId;
use tocsin_domain::notification::{Notification, State};
use tocsin_domain::receiving::Receiving;
use tocsin_engine::accounts::AccountError;
use tocsin_engine::imap::scripted::{ImapScript, ScriptedImap};
use tocsin_engine::smtp::scripted::{Script, Scripted};

const REPORT: &str = include_str!("../../fixtures/bounces/postfix.eml");

/// An account that sends and receives, and what it sent.
struct World {
    tocsin: Tocsin,
    smtp: Scripted,
    imap: ScriptedImap,
    account: AccountId,
}

impl World {
    async fn with(script: ImapScript) -> Self {
        Self::with_recipients(script, "ops@example.com").await
    }

    /// What the button *Test* of receiving does.
    async fn test_receiving(&self) {
        let engine = &self.tocsin.engine;
        engine.test_receiving(self.account, &admin()).await.unwrap();
    }

    /// That watches already.
    async fn watching(script: ImapScript) -> Self {
        let world = Self::with(script).await;
        world.switch_on().await.unwrap();
        world.when_watching().await;
        world
    }

    async fn with_recipients(script: ImapScript, recipients: &str) -> Self {
        let smtp = Scripted::start(Script::plain()).await;
        let imap = ScriptedImap::start(script).await;
        let tocsin = Tocsin::start_with(|config| config.poll_every = SignedDuration::from_millis(20)).await;
        let account = tocsin.account("nas@example.com", &smtp).await;
        tocsin.rule_to(recipients, &[account]).await;
        Self {
            tocsin,
            smtp,
            imap,
            account,
        }
    }

    async fn switch_on(&self) -> Result<(), AccountError> {
        let server = Some(self.imap.server());
        self.tocsin
            .engine
            .change_receiving(self.account, server, None, &admin())
            .await
    }

    async fn sent(&self, text: &str) -> Notification {
        let before = self.tocsin.in_state(State::Sent).await.unwrap().len();
        self.tocsin.report("error", text).await;
        self.tocsin.when(State::Sent, before + 1).await.remove(0)
    }

    fn bounce(&self, sent: &Notification) {
        self.imap.deliver(&REPORT.replace("MESSAGE-ID", &sent.message_id));
    }

    fn reply(&self, sent: &Notification, fields: &str) {
        self.imap.deliver(&format!(
            "From: Ann <ann@example.org>\nSubject: Re: disk\nMessage-ID: <r{}@example.org>\nIn-Reply-To: <{}>\n{fields}\n\
             I am on it.\n",
            self.imap.record().lines.len(),
            sent.message_id
        ));
    }

    async fn when_receiving(&self, wanted: impl Fn(&Receiving) -> bool) -> Receiving {
        for _ in 0..1500 {
            let receiving = self.tocsin.engine.receiving(self.account);
            if wanted(&receiving) {
                return receiving;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!(
            "receiving stands: {:#?}",
            self.tocsin.engine.receiving(self.account)
        );
    }

    async fn when_watching(&self) {
        self.when_receiving(|receiving| matches!(receiving, Receiving::Watching { .. }))
            .await;
    }

    /// That nothing was read of these mails but by PEEK, in a mailbox opened for reading only.
    fn assert_untouched(&self) {
        for line in self.imap.record().lines {
            let command = line.split(' ').skip(1).collect::<Vec<_>>().join(" ");
            assert!(
                !command.starts_with("SELECT") && !command.contains("STORE"),
                "{line}"
            );
            assert!(
                !command.contains("BODY[") && !command.contains("RFC822"),
                "{line}"
            );
        }
    }
}
