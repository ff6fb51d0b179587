//! A row is read and planned, and then waits for its server or has its outcome.

use super::Run;
use super::trying::Job;
use crate::import::plan::{self, OnExisting, Plan, Proof};
use crate::import::row;
use crate::import::write::Change;
use crate::store::{SettledRow, StoreError, WaitingRow};
use secrecy::SecretString;
use tocsin_domain::account::{Account, SignIn};
use tocsin_domain::import::{Outcome, Remark};

impl Run<'_> {
    pub(super) async fn plan(&mut self, waiting: &WaitingRow) -> Result<(), StoreError> {
        let mut settled = SettledRow {
            position: waiting.position,
            line: waiting.line,
            outcome: Outcome::Failed,
            address: String::new(),
            provider: String::new(),
            account: None,
            awaits_owner: false,
            remark: None,
        };
        match self.planned(waiting, &mut settled).await {
            Ok(Plan::Settled { outcome, remark }) => {
                settled.awaits_owner = remark == Some(Remark::AwaitsOwner);
                (settled.outcome, settled.remark) = (outcome, remark);
                self.settle(settled, None);
            }
            Ok(Plan::CreateAwaiting { settings }) => {
                settled.outcome = Outcome::Created;
                settled.remark = Some(Remark::AwaitsOwner);
                settled.awaits_owner = true;
                self.settle(settled, Some(Change::AddAwaiting { settings }));
            }
            Ok(Plan::Create {
                settings,
                secret,
                receiving,
            }) => {
                settled.outcome = Outcome::Created;
                let host = settings.smtp.host.to_ascii_lowercase();
                let change = Change::Add {
                    settings,
                    secret,
                    receiving,
                };
                self.queue(settled, host, change);
            }
            Ok(Plan::Update {
                before,
                settings,
                secret,
                proof,
                receiving,
            }) => {
                settled.outcome = Outcome::Updated;
                let host = settings.smtp.host.to_ascii_lowercase();
                let change = Change::Set {
                    before,
                    settings,
                    secret,
                    proof,
                    receiving,
                };
                match proof {
                    Proof::Needed => self.queue(settled, host, change),
                    Proof::NotNeeded => self.settle(settled, Some(change)),
                }
            }
            Err(Unplanned::Row(remark)) => {
                settled.outcome = match remark {
                    Remark::Twice { .. } => Outcome::Skipped,
                    _ => Outcome::Failed,
                };
                settled.remark = Some(remark);
                self.settle(settled, None);
            }
            Err(Unplanned::Store(error)) => return Err(error),
        }
        Ok(())
    }

    async fn planned(&mut self, waiting: &WaitingRow, settled: &mut SettledRow) -> Result<Plan, Unplanned> {
        let providers = &self.engine.providers;
        let cells = self
            .engine
            .import_cells(self.import.id, waiting)
            .map_err(|error| Remark::Fault {
                words: error.to_string(),
            })?;
        let address = row::address(&self.import.mapping, &cells);
        settled.address = address.map(|address| address.to_string()).unwrap_or_default();
        let row = row::read(&self.import.mapping, &cells, providers)?;
        drop(cells);
        settled.address = row.address.to_string();
        let preset = plan::preset(&row, providers).ok_or_else(|| Remark::Fault {
            words: "no provider fits".to_owned(),
        })?;
        settled.provider = preset.key.to_string();
        let accounts = self.engine.store.accounts_of(&row.address).await?;
        let existing = plan::existing(&row, &preset.key, &accounts);
        if let Some(account) = existing {
            settled.account = Some(account.id);
            settled.provider = account.settings.provider.to_string();
        }
        if let Some(line) = self.seen.get(&key(settled)) {
            return Err(Remark::Twice { line: *line }.into());
        }
        self.seen.insert(key(settled), settled.line);
        let Some(account) = existing else {
            return Ok(plan::create(row, preset, providers)?);
        };
        let stored = self.stored_password(account).await;
        let on_existing = if self.import.updates {
            OnExisting::Update
        } else {
            OnExisting::Skip
        };
        Ok(plan::change(
            row,
            account,
            stored.as_ref(),
            on_existing,
            providers,
        ))
    }

    /// As far as it can be read: to a row that brings one, an unreadable password is another one.
    async fn stored_password(&self, account: &Account) -> Option<SecretString> {
        if !matches!(account.settings.sign_in, SignIn::Password { .. }) {
            return None;
        }
        self.engine.password(account).await.ok()
    }

    fn queue(&mut self, row: SettledRow, host: String, change: Change) {
        self.waiting.push_back(Job {
            row,
            host,
            change,
            tries: 0,
        });
    }
}

/// Why a row comes to nothing.
enum Unplanned {
    Row(Remark),
    Store(StoreError),
}

impl From<Remark> for Unplanned {
    fn from(remark: Remark) -> Self {
        Self::Row(remark)
    }
}

impl From<StoreError> for Unplanned {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What tells two mailboxes apart.
pub(super) fn key(row: &SettledRow) -> (String, String) {
    (row.address.to_ascii_lowercase(), row.provider.clone())
}
