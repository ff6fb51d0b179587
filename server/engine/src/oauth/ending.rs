//! When what an account signs in with ends, as far as that is known.

use super::OAuthClient;
use crate::store::StoreError;
use jiff::Timestamp;
use tocsin_domain::authorization::Ending;
use tocsin_domain::id::AccountId;

impl OAuthClient {
    /// The first of the ends that are known of an account's grant: its own, or that of the client secret by which it
    /// is refreshed. None for an account without a grant.
    pub async fn known_end(&self, account: AccountId) -> Result<Option<(Timestamp, Ending)>, StoreError> {
        let Some(grant) = self.current_grant(account).await? else {
            return Ok(None);
        };
        let secret = self.applications().secret_ends_at(&grant.provider).await?;
        let ends = [
            grant.ends_at.map(|at| (at, Ending::GrantLifetime)),
            secret.map(|at| (at, Ending::ApplicationSecret)),
        ];
        Ok(ends.into_iter().flatten().min_by_key(|(at, _)| *at))
    }
}
