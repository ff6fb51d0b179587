//! Ending a grant at its provider (RFC 7009).

use super::exchange::secret;
use super::{Failed, OAuthClient, TokenError, http};
use secrecy::ExposeSecret as _;
use tocsin_domain::id::AccountId;

/// What became of the wish to end a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// The provider has ended it.
    Done,
    /// The provider offers no way, or there was no grant: the owner can end it in the mailbox's security
    /// settings.
    NotOffered,
    /// The provider did not do it; its words.
    Failed(String),
}

impl OAuthClient {
    /// Asks the provider to end an account's grant (RFC 7009); for when the account is deleted. Never for a
    /// grant that was replaced: Google ends all grants of the mailbox and application together.
    pub async fn revoke(&self, account: AccountId) -> Result<Revocation, TokenError> {
        let Some((grant, secrets)) = self.store.current_grant_secrets(account).await? else {
            return Ok(Revocation::NotOffered);
        };
        let (_, oauth, credentials) = self.asked_as(&grant.provider).await?;
        let Some(endpoint) = &oauth.endpoints.revoke else {
            return Ok(Revocation::NotOffered);
        };
        let token = self.open_refresh_token(grant.id, &secrets)?;
        let mut form = vec![
            ("token", token.expose_secret()),
            ("token_type_hint", "refresh_token"),
            ("client_id", &credentials.client_id),
        ];
        form.extend(
            credentials
                .secret
                .as_ref()
                .map(|secret| ("client_secret", secret.expose_secret())),
        );
        let answer = match self.http.post(endpoint).form(&form).build() {
            Ok(request) => http::send(&self.http, request).await,
            Err(error) => Err(error.into()),
        };
        Ok(match answer {
            Ok(answer) if answer.status == 200 => Revocation::Done,
            Ok(answer) => {
                let secrets = [token.expose_secret(), secret(&credentials)];
                Revocation::Failed(Failed::of_answer(grant.provider.as_str(), &answer, &secrets).words)
            }
            Err(unanswered) => Revocation::Failed(unanswered.to_string()),
        })
    }
}
