//! When what an account signs in with ends, as far as that is known.

use super::OAuthClient;
use crate::store::StoreError;
use crate::time::now;
use tocsin_domain::authorization::Ending;
use tocsin_domain::ending::{KnownEnd, Pace};
use tocsin_domain::id::AccountId;

impl OAuthClient {
    /// The end that matters most of those that are known of an account's grant: its own, and that of the client
    /// secret by which it is refreshed. One that is near comes before one that is not, then the earlier one. None for
    /// an account without a grant.
    pub async fn known_end(&self, account: AccountId) -> Result<Option<KnownEnd>, StoreError> {
        let Some(grant) = self.current_grant(account).await? else {
            return Ok(None);
        };
        let secret = self.applications().secret_ends_at(&grant.provider).await?;
        let ends = [
            grant.ends_at.map(|at| KnownEnd {
                at,
                why: Ending::GrantLifetime,
                pace: Pace::of_grant(grant.granted_at, at),
            }),
            secret.map(|at| KnownEnd {
                at,
                why: Ending::ApplicationSecret,
                pace: Pace::Usual,
            }),
        ];
        let now = now();
        Ok(ends
            .into_iter()
            .flatten()
            .min_by_key(|end| (!end.is_near(now), end.at)))
    }
}
