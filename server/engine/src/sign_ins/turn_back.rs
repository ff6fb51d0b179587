//! Turning a converted account back to what it was, and forgetting what it was after a day.

use crate::accounts::AccountError;
use crate::audit::{Action, Who};
use crate::engine::Engine;
use crate::store::{AccountState, Conversion, StoreError};
use crate::time::now;
use crate::vault::Place;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::account::AccountSettings;
use tocsin_domain::authorization::Authorization;
use tocsin_domain::id::AccountId;

/// How long to wait when the database fails, and at most until the next look.
const AGAIN: Duration = Duration::from_mins(10);

impl Engine {
    /// Until when a converted account can be turned back; none for any other.
    pub async fn can_turn_back_until(&self, id: AccountId) -> Result<Option<Timestamp>, AccountError> {
        Ok(self.store.conversion(id, now()).await?.map(|former| former.until))
    }

    /// Gives a converted account its former server and password back. The grant is given up; whether the password
    /// still serves is tried at once. What was set meanwhile of name and owner stays.
    pub async fn turn_back(&self, id: AccountId, who: &Who) -> Result<(), AccountError> {
        let turn = self.observing.lock().await;
        let mut transaction = self.store.begin().await?;
        let now = now();
        let former = self.store.conversion(id, now).await?;
        let former = former.ok_or(AccountError::CannotTurnBack)?;
        let present = self.store.account(id).await?.settings;
        let settings = AccountSettings {
            sender_name: present.sender_name,
            owner: present.owner,
            ..former.settings.clone()
        };
        self.refuse_taken(&settings, Some(id)).await?;
        let password = self.restored_password(&former)?;
        self.store
            .update_account_settings(&mut transaction, id, &settings)
            .await?;
        self.store
            .set_account_password(&mut transaction, id, password)
            .await?;
        self.store.retire_grants(&mut transaction, id, now).await?;
        self.store.forget_conversion(&mut transaction, id).await?;
        let state = AccountState {
            authorization: &Authorization::Unverified,
            proven_at: None,
            ..AccountState::proven(now, now)
        };
        self.store.set_account_state(&mut transaction, id, &state).await?;
        let address = settings.address.as_str();
        self.audit(&mut transaction, who, Action::AccountTurnedBack, address, "")
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        drop(turn);
        self.routing_changed().await;
        self.check_soon();
        Ok(())
    }

    fn restored_password(&self, former: &Conversion) -> Result<Option<Vec<u8>>, AccountError> {
        let row = former.account.to_string();
        let Some(sealed) = &former.password else {
            return Ok(None);
        };
        let opened = self.vault.open(self::former(&row), sealed);
        let password = opened.map_err(|error| StoreError::Unreadable(error.to_string()))?;
        Ok(Some(self.seal_password(former.account, &password)))
    }
}

/// Forgets each former password when its day is over.
pub(crate) async fn run(engine: Arc<Engine>) {
    loop {
        let wait = match forget(&engine).await {
            Ok(Some(next)) => until(next),
            Ok(None) => AGAIN,
            Err(error) => {
                tracing::warn!(%error, "former passwords of converted accounts could not be erased yet");
                AGAIN
            }
        };
        tokio::select! {
            () = engine.stopping.cancelled() => return,
            () = engine.conversions_wake.notified() => {}
            () = tokio::time::sleep(wait.min(AGAIN)) => {}
        }
    }
}

async fn forget(engine: &Engine) -> Result<Option<Timestamp>, StoreError> {
    let next = engine.store.next_conversion_end().await?;
    if next.is_none_or(|next| next > now()) {
        return Ok(next);
    }
    let mut transaction = engine.store.begin().await?;
    engine.store.purge_conversions(&mut transaction, now()).await?;
    transaction.commit().await?;
    engine.live.changed();
    engine.store.next_conversion_end().await
}

fn until(at: Timestamp) -> Duration {
    let left = at.duration_since(now()).max(SignedDuration::ZERO);
    left.unsigned_abs()
}

/// Where the password of a converted account is kept.
pub(super) fn former(row: &str) -> Place<'_> {
    Place {
        table: "conversions",
        column: "password",
        row,
    }
}
