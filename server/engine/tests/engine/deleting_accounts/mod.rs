//! Deleting accounts, undoing it, and what the rules do meanwhile.

mod erasing;
mod replacing;
mod restoring;
mod senderless;

use crate::support::{Tocsin, admin};
use jiff::SignedDuration;
use tocsin_domain::deleted::KEPT_FOR;
use tocsin_domain::id::{AccountId, PairId, RuleId};
use tocsin_engine::accounts::{AccountError, Deletion, Replacement, RestoreError};
use tocsin_engine::time::{now, to_millis};

/// A rule's first sender list as it is kept: deleted accounts included.
async fn senders(tocsin: &Tocsin, rule: RuleId) -> Vec<AccountId> {
    tocsin.engine.rule(rule).await.unwrap().definition.pairs[0]
        .senders
        .clone()
}

async fn pair(tocsin: &Tocsin, rule: RuleId) -> PairId {
    tocsin.engine.rule(rule).await.unwrap().definition.pairs[0]
        .id
        .unwrap()
}

async fn delete(tocsin: &Tocsin, id: AccountId, replacement: Replacement) -> Result<(), AccountError> {
    let deletion = Deletion {
        replacement,
        default: None,
    };
    tocsin.engine.delete_account(id, deletion, &admin()).await
}

async fn restore(tocsin: &Tocsin, id: AccountId) -> Result<(), RestoreError> {
    tocsin.engine.restore_account(id, &admin()).await
}

/// As if the account had been deleted so long ago that its time is over.
async fn let_time_run_out(tocsin: &Tocsin, id: AccountId) {
    let long_ago = now() - KEPT_FOR - SignedDuration::from_secs(1);
    let deleted_at = to_millis(long_ago);
    tocsin
        .sql(format!(
            "UPDATE accounts SET deleted_at = {deleted_at} WHERE id = {id}"
        ))
        .await;
}

async fn has_password(tocsin: &Tocsin, id: AccountId) -> bool {
    tocsin.engine.store.account_password(id).await.unwrap().is_some()
}

/// Waits until an account's secrets are erased: the job does it at its own time.
async fn when_erased(tocsin: &Tocsin, id: AccountId) {
    let mut changes = tocsin.engine.live.listen();
    while has_password(tocsin, id).await {
        let wait = std::time::Duration::from_millis(100);
        let _ = tokio::time::timeout(wait, changes.changed()).await;
    }
}
