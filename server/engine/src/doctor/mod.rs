//! Looks at an installation from outside, beside a running server or without one: nothing is changed, no lock is
//! taken, no server of others is asked.
//!
//! | file | what |
//! |---|---|
//! | `finding` | what was looked at, how it stands, what to do |
//! | `place` | data directory, database, key, presets |
//! | `senders` | accounts and OAuth applications |
//! | `reach` | what waits, and whether anybody could be warned |

mod finding;
mod place;
mod reach;
mod senders;

pub use finding::{Check, Finding, Standing};

use crate::providers::Providers;
use crate::store::{Store, StoreError};
use crate::vault::Vault;
use secrecy::SecretString;
use std::path::Path;

/// What is looked at.
struct Patient {
    store: Store,
    vault: Option<Vault>,
    providers: Option<Providers>,
}

/// Looks at what a data directory holds. `key` is the vault's from the environment, if it is there.
pub async fn examine(folder: &Path, key: Option<&SecretString>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(patient) = place::open(folder, key, &mut findings).await else {
        return findings;
    };
    if let Err(error) = all(&patient, &mut findings).await {
        findings.push(Finding::unknown(
            Check::Database,
            format!("{error}"),
            "Run tocsin doctor again. If it says the same, restore a backup",
        ));
    }
    patient.store.close().await;
    findings
}

async fn all(patient: &Patient, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    patient.key(findings).await?;
    patient.administrators(findings).await?;
    let accounts = patient.store.accounts().await?;
    senders::accounts(&accounts, findings);
    patient.applications(&accounts, findings).await?;
    patient.waiting(findings).await?;
    patient.webhook(findings).await?;
    patient.warnings(&accounts, findings).await
}
