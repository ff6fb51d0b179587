//! The authorization code flow: the way to the provider's sign-in page, and back.

use super::exchange::{Tokens, protocol};
use super::identity::{self, Expected};
use super::{Begin, Failed, Granted, NewGrant, OAuthClient, OAuthError, Purpose, Returned, SessionHash};
use crate::oauth_applications::ClientCredentials;
use crate::store::{OAuthFlow, StoreError};
use crate::time::now;
use crate::vault::Place;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use oauth2::{CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use tocsin_domain::address::EmailAddress;
use tocsin_domain::provider::{OAuth, OAuthFamily, Provider};
use url::Url;

/// How long a sign-in may take.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How long a sign-in that ran out is remembered, so that who comes late is told so.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// The length of a `state` in bytes.
const STATE: u32 = 32;

/// A sign-in that is about to begin: where it is signed in, and what is kept of it.
pub(super) struct Prepared {
    pub(super) url: Url,
    pub(super) flow: OAuthFlow,
}

impl OAuthClient {
    /// Begins a sign-in: the URL to send the browser to.
    pub async fn begin(&self, begin: Begin<'_>) -> Result<Url, OAuthError> {
        let Prepared { url, flow } = self.prepare(begin).await?;
        self.keep(&flow).await?;
        Ok(url)
    }

    pub(super) async fn prepare(&self, begin: Begin<'_>) -> Result<Prepared, OAuthError> {
        let (provider, oauth, credentials) = self.asked_as(begin.provider).await?;
        let state = CsrfToken::new_random_len(STATE);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = protocol(oauth, &credentials)?;
        let redirect_uri = RedirectUrl::from_url(begin.redirect_uri.clone());
        let nonce = nonce(state.secret());
        let mut request = client
            .authorize_url(|| state.clone())
            .add_scopes(oauth.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Borrowed(&redirect_uri))
            .add_extra_param("nonce", nonce);
        for (name, value) in parameters(oauth.family, begin.hint) {
            request = request.add_extra_param(name, value);
        }
        let (url, _) = request.url();
        let state_hash = hash(state.secret());
        let flow = OAuthFlow {
            verifier: self.vault.seal(
                place("verifier", &row(&state_hash)),
                &verifier.secret().as_str().into(),
            ),
            state_hash,
            session_hash: begin.session.0.to_vec(),
            provider: provider.key.clone(),
            purpose: serde_json::to_string(&begin.purpose).map_err(StoreError::from)?,
            redirect_uri: begin.redirect_uri.into(),
            sign_in_url: None,
            expires_at: now() + LIFE,
        };
        Ok(Prepared { url, flow })
    }

    pub(super) async fn keep(&self, flow: &OAuthFlow) -> Result<(), OAuthError> {
        let mut transaction = self.store.begin().await?;
        self.store
            .purge_oauth_flows(&mut transaction, now() - REMEMBERED)
            .await?;
        self.store.insert_oauth_flow(&mut transaction, flow).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Finishes a sign-in. Whatever comes of it, its `state` is used up.
    pub async fn finish(
        &self,
        state: &str,
        returned: Returned,
        session: &SessionHash,
    ) -> Result<Granted, OAuthError> {
        let flow = self.take(state, session).await?;
        let (provider, oauth, credentials) = self.asked_as(&flow.provider).await?;
        let code = match returned {
            Returned::Code(code) => code,
            Returned::Error { error, .. } if error == "access_denied" => {
                return Err(OAuthError::ConsentDenied);
            }
            Returned::Error { error, description } => {
                let failed = Failed::of_redirect(provider.key.as_str(), &error, &description);
                return Err(failed.into());
            }
        };
        let verifier = self
            .vault
            .open(place("verifier", &row(&flow.state_hash)), &flow.verifier)?;
        let redirect_uri =
            RedirectUrl::new(flow.redirect_uri).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let result = self
            .exchange_code(provider, oauth, &credentials, &code, &verifier, &redirect_uri)
            .await;
        self.note_health(&provider.key, &credentials, result.as_ref().err())
            .await;
        let begun = Begun {
            purpose: serde_json::from_str(&flow.purpose).map_err(StoreError::from)?,
            nonce: Some(nonce(state)),
            at: flow.expires_at - LIFE,
        };
        granted(provider, oauth, &credentials, result?, begun)
    }

    /// Takes the sign-in that a `state` stands for, so that nobody can again.
    async fn take(&self, state: &str, session: &SessionHash) -> Result<OAuthFlow, OAuthError> {
        let state_hash = hash(state);
        let mut transaction = self.store.begin().await?;
        let flow = self
            .store
            .take_oauth_flow(&mut transaction, &state_hash, now())
            .await?;
        transaction.commit().await.map_err(StoreError::from)?;
        let Some(flow) = flow else {
            return Err(self.unknown_or_used(&state_hash).await?);
        };
        if flow.session_hash != session.0 {
            return Err(OAuthError::OtherSession);
        }
        if flow.expires_at <= now() {
            return Err(OAuthError::Expired);
        }
        Ok(flow)
    }

    /// Why a sign-in cannot be taken.
    pub(super) async fn unknown_or_used(&self, state_hash: &[u8]) -> Result<OAuthError, StoreError> {
        Ok(match self.store.oauth_flow_used_at(state_hash).await? {
            Some(_) => OAuthError::Used,
            None => OAuthError::UnknownState,
        })
    }
}

/// What is known of a sign-in when its tokens come.
pub(super) struct Begun {
    pub(super) purpose: Purpose,
    pub(super) nonce: Option<String>,
    pub(super) at: Timestamp,
}

/// What the tokens are worth: whose they are, and whether they last and suffice.
pub(super) fn granted(
    provider: &Provider,
    oauth: &OAuth,
    credentials: &ClientCredentials,
    tokens: Tokens,
    begun: Begun,
) -> Result<Granted, OAuthError> {
    let expected = Expected {
        authorize: &oauth.endpoints.authorize,
        client_id: &credentials.client_id,
        nonce: begun.nonce.as_deref(),
        now: now(),
    };
    let address = identity::address(tokens.id_token.as_ref(), &expected)?;
    Ok(Granted {
        provider: provider.key.clone(),
        purpose: begun.purpose,
        address,
        grant: grant(provider, oauth, tokens)?,
        begun_at: begun.at,
    })
}

/// The grant, if it lasts and suffices. An answer without scopes grants what was asked for (RFC 6749 section
/// 5.1).
fn grant(provider: &Provider, oauth: &OAuth, tokens: Tokens) -> Result<NewGrant, OAuthError> {
    let scopes = tokens.scopes.unwrap_or_else(|| oauth.scopes.clone());
    let is_granted = |scope: &String| scopes.iter().any(|granted| granted.eq_ignore_ascii_case(scope));
    let missing: Vec<_> = oauth
        .required
        .iter()
        .filter(|scope| !is_granted(scope))
        .cloned()
        .collect();
    if !missing.is_empty() {
        return Err(OAuthError::ScopesMissing(missing));
    }
    Ok(NewGrant {
        provider: provider.key.clone(),
        refresh_token: tokens.refresh_token.ok_or(OAuthError::NoRefreshToken)?,
        access_token: tokens.access_token,
        access_until: tokens.access_until,
        scopes,
        granted_at: now(),
        ends_at: tokens.ends_at,
    })
}

/// What the provider's sign-in page is told beside the standard. Google gives a refresh token only with
/// `access_type=offline`, and a second time only with `prompt=consent`
/// (<https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient>). Microsoft would take
/// whoever is signed in unless told whom to expect, or to ask
/// (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#request-an-authorization-code>).
fn parameters(family: OAuthFamily, hint: Option<&EmailAddress>) -> Vec<(&'static str, String)> {
    let hint = hint.map(|address| ("login_hint", address.to_string()));
    let mut parameters = match (family, &hint) {
        (OAuthFamily::Google, _) => vec![
            ("access_type", "offline".to_owned()),
            ("prompt", "consent".to_owned()),
        ],
        (OAuthFamily::Microsoft, Some(_)) => Vec::new(),
        (OAuthFamily::Microsoft, None) => vec![("prompt", "select_account".to_owned())],
    };
    parameters.extend(hint);
    parameters
}

pub(super) fn hash(state: &str) -> Vec<u8> {
    Sha256::digest(state).to_vec()
}

/// What ties the ID token to the sign-in (`OpenID` Connect Core 1.0 section 15.5.2): it follows from the
/// `state`, and need not be kept.
fn nonce(state: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("nonce {state}")))
}

pub(super) fn row(state_hash: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(state_hash)
}

pub(super) fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place {
        table: "oauth_flows",
        column,
        row,
    }
}
