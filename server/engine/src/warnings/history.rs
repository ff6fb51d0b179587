//! What was told of an account.

use crate::engine::Engine;
use crate::store::StoreError;
use tocsin_domain::id::AccountId;
use tocsin_domain::told::Told;

/// How many lines are shown.
const LINES: u32 = 50;

impl Engine {
    /// What was told of an account or of its OAuth application, newest first, at most 50 lines.
    pub async fn told(&self, id: AccountId) -> Result<Vec<Told>, StoreError> {
        let account = self.store.account(id).await?;
        self.store
            .told(id, &account.settings.provider, account.created_at, LINES)
            .await
    }
}
