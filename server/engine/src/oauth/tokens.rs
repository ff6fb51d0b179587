//! Access tokens, and the refreshing behind them.
//!
//! An account has a slot, behind a lock that is held for as long as a refresh takes: whoever comes meanwhile
//! waits and shares what it brings, be it a token or a failure. The work runs in a task of its own, so that a
//! caller who gives up does not cut off a refresh whose answer may hold the only valid refresh token.

use super::{OAuthClient, TokenError};
use crate::store::{Grant, GrantSecrets, StoreError};
use crate::time::now;
use jiff::Timestamp;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tocsin_domain::id::{AccountId, GrantId};

/// Forced refreshes that come this close behind another share its token.
const SHARED: Duration = Duration::from_secs(1);

/// What is known of each account's tokens.
#[derive(Clone, Default)]
pub(super) struct Slots(Arc<Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<Slot>>>>>);

impl std::fmt::Debug for Slots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Slots")
    }
}

impl Slots {
    fn of(&self, account: AccountId) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(account).or_default())
    }

    fn forget(&self, account: AccountId) {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.remove(&account);
    }
}

#[derive(Default)]
struct Slot {
    /// The grant that the rest belongs to.
    grant: Option<GrantId>,
    access: Option<Access>,
    refreshed_at: Option<Instant>,
    failed: Option<(Instant, TokenError)>,
    unsaved: Option<Renewal>,
}

/// An access token, and until when it is used.
pub(super) struct Access {
    pub(super) token: SecretString,
    pub(super) until: Timestamp,
}

/// What a refresh brought.
struct Renewal {
    grant: GrantId,
    secrets: GrantSecrets,
    ends_at: Option<Timestamp>,
    access: Access,
    refreshed_at: Instant,
}

/// Which token will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// Any that has not run out.
    Valid,
    /// One that was got after the wish was made, or just before.
    Fresh,
}

impl OAuthClient {
    /// The token to sign in with: the one at hand, or a new one shortly before that ends.
    pub async fn access_token(&self, account: AccountId) -> Result<SecretString, TokenError> {
        self.token(account, Wish::Valid).await
    }

    /// A token that was got just now: it shows whether the grant still lives, and confirms or refutes a mail
    /// server's refusal of the former one.
    pub async fn refresh_now(&self, account: AccountId) -> Result<SecretString, TokenError> {
        self.token(account, Wish::Fresh).await
    }

    /// Forgets the tokens of an account whose secrets are erased.
    pub(crate) fn forget(&self, account: AccountId) {
        self.slots.forget(account);
    }

    async fn token(&self, account: AccountId, wish: Wish) -> Result<SecretString, TokenError> {
        let asked_at = Instant::now();
        let this = self.clone();
        let work = async move {
            let slot = this.slots.of(account);
            let mut slot = slot.lock().await;
            this.token_in(&mut slot, account, wish, asked_at).await
        };
        tokio::spawn(work)
            .await
            .unwrap_or_else(|_| Err(TokenError::Local("Tocsin is stopping".into())))
    }

    async fn token_in(
        &self,
        slot: &mut Slot,
        account: AccountId,
        wish: Wish,
        asked_at: Instant,
    ) -> Result<SecretString, TokenError> {
        self.save_unsaved(slot).await?;
        let (grant, secrets) = self
            .store
            .current_grant_secrets(account)
            .await?
            .ok_or(TokenError::NoGrant)?;
        if slot.grant != Some(grant.id) {
            *slot = Slot {
                grant: Some(grant.id),
                access: self.open_access_token(grant.id, &secrets),
                ..Slot::default()
            };
        }
        if let Some(access) = slot.usable(wish, asked_at) {
            return Ok(access.token.clone());
        }
        if let Some((failed_at, error)) = &slot.failed
            && *failed_at > asked_at
        {
            return Err(error.clone());
        }
        let refreshed = self.refresh(slot, &grant, &secrets).await;
        slot.failed = refreshed
            .as_ref()
            .err()
            .map(|error| (Instant::now(), error.clone()));
        refreshed
    }

    async fn refresh(
        &self,
        slot: &mut Slot,
        grant: &Grant,
        secrets: &GrantSecrets,
    ) -> Result<SecretString, TokenError> {
        let (provider, oauth, credentials) = self.asked_as(&grant.provider).await?;
        let old = self.open_refresh_token(grant.id, secrets)?;
        let result = self
            .exchange_refresh_token(provider, oauth, &credentials, &old)
            .await;
        self.note_health(&grant.provider, &credentials, result.as_ref().err())
            .await;
        let tokens = result?;
        let new = tokens.refresh_token.as_ref().unwrap_or(&old);
        slot.unsaved = Some(Renewal {
            grant: grant.id,
            secrets: self.seal(grant.id, new, &tokens.access_token, tokens.access_until),
            ends_at: tokens.ends_at.or(grant.ends_at),
            refreshed_at: Instant::now(),
            access: Access {
                token: tokens.access_token,
                until: tokens.access_until,
            },
        });
        self.save_unsaved(slot).await?;
        slot.access
            .as_ref()
            .map(|access| access.token.clone())
            .ok_or(TokenError::NoGrant)
    }

    /// Commits what the last refresh brought; only then is its access token used.
    async fn save_unsaved(&self, slot: &mut Slot) -> Result<(), TokenError> {
        let Some(renewal) = &slot.unsaved else {
            return Ok(());
        };
        let mut transaction = self.store.begin().await?;
        self.store
            .renew_grant(&mut transaction, renewal.grant, &renewal.secrets, renewal.ends_at)
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        if let Some(renewal) = slot.unsaved.take() {
            slot.access = Some(renewal.access);
            slot.refreshed_at = Some(renewal.refreshed_at);
        }
        Ok(())
    }
}

impl Slot {
    fn usable(&self, wish: Wish, asked_at: Instant) -> Option<&Access> {
        let is_fresh = || {
            self.refreshed_at
                .is_some_and(|refreshed_at| refreshed_at + SHARED > asked_at)
        };
        self.access
            .as_ref()
            .filter(|access| access.until > now())
            .filter(|_| wish == Wish::Valid || is_fresh())
    }
}
