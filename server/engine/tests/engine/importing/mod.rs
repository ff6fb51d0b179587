//! Adding accounts in bulk, from a file on real servers.

mod files;
mod rows;
mod running;
mod telling;

use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use std::fmt::Write as _;
use std::time::Duration;
use tocsin_domain::account::Account;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::Outcome;
use tocsin_engine::import::{Charset, OnExisting, Upload};
use tocsin_engine::smtp::scripted::Scripted;
use tocsin_engine::store::SettledRow;

const SECRET: &str = "s3cret-in-the-file";

fn upload(text: impl AsRef<[u8]>) -> Upload {
    Upload {
        file_name: "accounts.csv".to_owned(),
        bytes: text.as_ref().to_vec(),
        charset: Charset::Unicode,
        report_to: vec!["admin@example.com".parse().unwrap()],
    }
}

/// A file whose rows sign in to a server.
fn file(server: &Scripted, rows: &[(&str, &str)]) -> String {
    let mut text = "email,password,smtp_host,smtp_port,smtp_security\n".to_owned();
    for (address, password) in rows {
        let _ = writeln!(text, "{address},{password},127.0.0.1,{},none", server.port());
    }
    text
}

impl Tocsin {
    async fn brought(&self, text: impl AsRef<[u8]>) -> ImportId {
        self.engine.upload_import(upload(text), &admin()).await.unwrap()
    }

    async fn started(&self, text: impl AsRef<[u8]>, on_existing: OnExisting) -> ImportId {
        let id = self.brought(text).await;
        let mapping = self.engine.import(id).await.unwrap().record.mapping;
        self.engine
            .start_import(id, mapping, on_existing, &admin())
            .await
            .unwrap();
        id
    }

    /// Waits until each row has its outcome, and returns them.
    async fn ended(&self, id: ImportId) -> Vec<SettledRow> {
        let mut changes = self.engine.live.listen();
        let wait = async {
            while self.engine.import(id).await.unwrap().record.ended_at.is_none() {
                let _ = tokio::time::timeout(Duration::from_millis(200), changes.changed()).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), wait)
            .await
            .expect("it ends");
        self.engine.import_rows(id, None, 0, 100_000).await.unwrap()
    }

    async fn imported(&self, text: impl AsRef<[u8]>, on_existing: OnExisting) -> Vec<SettledRow> {
        let id = self.started(text, on_existing).await;
        self.ended(id).await
    }

    async fn account_named(&self, address: &str) -> Account {
        let accounts = self.engine.accounts().await.unwrap();
        let found = accounts
            .into_iter()
            .find(|account| account.settings.address.as_str() == address);
        found.unwrap_or_else(|| panic!("no account {address}"))
    }
}

fn outcomes(rows: &[SettledRow]) -> Vec<(&str, Outcome)> {
    rows.iter()
        .map(|row| (row.address.as_str(), row.outcome))
        .collect()
}

async fn impatient() -> Tocsin {
    Tocsin::start_with(|config| config.import_pause = SignedDuration::from_millis(10)).await
}
