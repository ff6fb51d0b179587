//! The device authorization grant (RFC 8628): a code to show, and one to ask by.

use super::exchange::{Extra, Tokens, secret, takes_no_secret};
use super::flow::{Begun, granted};
use super::http::{self, Answer, Unanswered};
use super::{Failed, Granted, OAuthClient, OAuthError, Purpose, SessionHash};
use crate::audit::Who;
use crate::oauth_applications::ClientCredentials;
use crate::store::{DeviceCode, StoreError};
use crate::time::now;
use crate::vault::Place;
use jiff::SignedDuration;
use oauth2::StandardTokenResponse;
use oauth2::basic::BasicTokenType;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tocsin_domain::failure::Meaning;
use tocsin_domain::id::DeviceSignInId;
use tocsin_domain::provider::{OAuth, Provider, ProviderKey};
use url::Url;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// How long to wait between two questions where the provider does not say (RFC 8628 section 3.2).
const INTERVAL: i64 = 5;

/// The bounds of what a provider may say, in seconds.
const INTERVALS: std::ops::RangeInclusive<i64> = 1..=60;
const LIVES: std::ops::RangeInclusive<i64> = 1..=3600;

/// How long a sign-in that ended is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// The longest code that is shown, in characters. Microsoft's has nine.
const LONGEST_CODE: usize = 40;

/// RFC 8628 section 3.2.
#[derive(Deserialize)]
struct Codes {
    device_code: String,
    user_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    expires_in: i64,
    interval: Option<i64>,
}

/// A sign-in by device code to begin.
#[derive(Debug)]
pub struct BeginDevice<'a> {
    /// At which provider.
    pub provider: &'a ProviderKey,
    /// What for.
    pub purpose: Purpose,
    /// Who begins, and looks at it.
    pub session: &'a SessionHash,
    /// In whose name it is finished.
    pub who: &'a Who,
}

/// What a question about a device code was answered.
pub(crate) enum Polled {
    /// The owner has signed in.
    Granted(Box<Granted>),
    /// Not yet (`authorization_pending`).
    Waiting,
    /// Not yet, and Tocsin asks too often (`slow_down`).
    TooOften,
    /// There was no answer that says anything; in words.
    Trouble(String),
    /// It has ended without a grant.
    Over(OAuthError),
}

impl OAuthClient {
    /// Begins a sign-in by device code. What the same session began for the same end is given up.
    pub async fn begin_device(&self, begin: BeginDevice<'_>) -> Result<DeviceSignInId, OAuthError> {
        let (provider, oauth, credentials) = self.asked_as(begin.provider).await?;
        let endpoint = oauth
            .endpoints
            .device
            .as_deref()
            .ok_or_else(|| OAuthError::NoDeviceCodes(provider.name.clone()))?;
        let scope = oauth.scopes.join(" ");
        let answer = self
            .ask(endpoint, &credentials, vec![("scope", scope.as_str())])
            .await;
        let codes = match answer {
            Ok(answer) => codes(provider, &answer, &credentials),
            Err(unanswered) => Err(Failed::of_silence(&unanswered)),
        };
        self.note_health(&provider.key, &credentials, codes.as_ref().err())
            .await;
        let codes = codes?;
        let id = DeviceSignInId::new(self.store.next_id());
        let row = id.to_string();
        let begun_at = now();
        let interval = SignedDuration::from_secs(codes.interval.unwrap_or(INTERVAL));
        let code = DeviceCode {
            id,
            session_hash: begin.session.0.to_vec(),
            provider: provider.key.clone(),
            purpose: serde_json::to_string(&begin.purpose).map_err(StoreError::from)?,
            who: begin.who.name.clone(),
            origin: begin.who.origin.clone(),
            device_code: self.vault.seal(place(&row), &codes.device_code.into()),
            user_code: codes.user_code,
            verification_uri: codes.verification_uri,
            interval,
            next_poll_at: begun_at + interval,
            begun_at,
            expires_at: begun_at + SignedDuration::from_secs(codes.expires_in),
            trouble: None,
            outcome: None,
        };
        let mut transaction = self.store.begin().await?;
        self.store
            .purge_device_codes(
                &mut transaction,
                &code.session_hash,
                &code.purpose,
                begun_at - REMEMBERED,
            )
            .await?;
        self.store.insert_device_code(&mut transaction, &code).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(id)
    }

    /// Asks the provider once whether the owner has signed in (RFC 8628 sections 3.4 and 3.5).
    pub(crate) async fn poll_device(&self, code: &DeviceCode) -> Polled {
        if code.expires_at <= now() {
            return Polled::Over(OAuthError::CodeExpired);
        }
        self.asked_about(code).await.unwrap_or_else(|error| match error {
            // A database that fails now says nothing of the sign-in.
            OAuthError::Store(error) => Polled::Trouble(error.to_string()),
            error => Polled::Over(error),
        })
    }

    async fn asked_about(&self, code: &DeviceCode) -> Result<Polled, OAuthError> {
        let (provider, oauth, credentials) = self.asked_as(&code.provider).await?;
        let row = code.id.to_string();
        let device_code = self.vault.open(place(&row), &code.device_code)?;
        let form = vec![
            ("grant_type", GRANT_TYPE),
            ("device_code", device_code.expose_secret()),
        ];
        let answer = match self.ask(&oauth.endpoints.token, &credentials, form).await {
            Ok(answer) => answer,
            Err(unanswered) => return Ok(Polled::Trouble(unanswered.to_string())),
        };
        match error_of(&answer).as_deref() {
            Some("authorization_pending") => return Ok(Polled::Waiting),
            Some("slow_down") => return Ok(Polled::TooOften),
            Some("expired_token" | "code_expired") => return Err(OAuthError::CodeExpired),
            // Microsoft's word for RFC 8628's.
            Some("access_denied" | "authorization_declined") => return Err(OAuthError::ConsentDenied),
            _ => {}
        }
        let tokens = tokens(provider, &answer, &device_code, &credentials);
        self.note_health(&provider.key, &credentials, tokens.as_ref().err())
            .await;
        match tokens.map_err(OAuthError::from) {
            Ok(tokens) => {
                let granted = granted_by_code(code, provider, oauth, &credentials, tokens)?;
                Ok(Polled::Granted(Box::new(granted)))
            }
            Err(OAuthError::Temporary(failed)) => Ok(Polled::Trouble(failed.to_string())),
            Err(error) => Err(error),
        }
    }

    /// Sends a form with who asks; without the secret where the provider says that it takes none.
    pub(super) async fn ask(
        &self,
        endpoint: &str,
        credentials: &ClientCredentials,
        mut form: Vec<(&str, &str)>,
    ) -> Result<Answer, Unanswered> {
        form.push(("client_id", &credentials.client_id));
        let public = form.clone();
        if credentials.secret.is_none() {
            return self.post(endpoint, &public).await;
        }
        form.push(("client_secret", secret(credentials)));
        let answer = self.post(endpoint, &form).await?;
        if answer.status >= 400 && takes_no_secret(&String::from_utf8_lossy(&answer.body)) {
            return self.post(endpoint, &public).await;
        }
        Ok(answer)
    }

    async fn post(&self, endpoint: &str, form: &[(&str, &str)]) -> Result<Answer, Unanswered> {
        let request = self.http.post(endpoint).form(form).build()?;
        http::send(&self.http, request).await
    }
}

fn granted_by_code(
    code: &DeviceCode,
    provider: &Provider,
    oauth: &OAuth,
    credentials: &ClientCredentials,
    tokens: Tokens,
) -> Result<Granted, OAuthError> {
    let begun = Begun {
        purpose: serde_json::from_str(&code.purpose).map_err(StoreError::from)?,
        nonce: None,
        at: code.begun_at,
    };
    granted(provider, oauth, credentials, tokens, begun)
}

/// The codes, if they can be shown: the address becomes a link.
fn codes(provider: &Provider, answer: &Answer, credentials: &ClientCredentials) -> Result<Codes, Failed> {
    let refused = || Failed::of_answer(provider.key.as_str(), answer, &[secret(credentials)]);
    if answer.status != 200 {
        return Err(refused());
    }
    let codes: Codes = serde_json::from_slice(&answer.body).map_err(|_| refused())?;
    let is_link = Url::parse(&codes.verification_uri).is_ok_and(|url| {
        url.scheme() == "https" || (url.scheme() == "http" && super::ways::is_loopback(&url))
    });
    let is_code = (1..=LONGEST_CODE).contains(&codes.user_code.chars().count())
        && !codes.user_code.chars().any(char::is_control);
    if !is_link || !is_code {
        let words = "the provider gave a code or an address that cannot be shown";
        return Err(Failed::new(Meaning::TokenEndpointDown, words));
    }
    let within = |range: std::ops::RangeInclusive<i64>, value: i64| value.clamp(*range.start(), *range.end());
    Ok(Codes {
        interval: codes.interval.map(|interval| within(INTERVALS, interval)),
        expires_in: within(LIVES, codes.expires_in),
        ..codes
    })
}

/// The `error` of an answer (RFC 6749 section 5.2).
pub(super) fn error_of(answer: &Answer) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    Some(json.get("error")?.as_str()?.to_owned())
}

fn tokens(
    provider: &Provider,
    answer: &Answer,
    device_code: &SecretString,
    credentials: &ClientCredentials,
) -> Result<Tokens, Failed> {
    let response: Option<StandardTokenResponse<Extra, BasicTokenType>> = (answer.status == 200)
        .then(|| serde_json::from_slice(&answer.body).ok())
        .flatten();
    response.map(|response| Tokens::read(&response)).ok_or_else(|| {
        let secrets = [device_code.expose_secret(), secret(credentials)];
        Failed::of_answer(provider.key.as_str(), answer, &secrets)
    })
}

fn place(row: &str) -> Place<'_> {
    Place {
        table: "device_codes",
        column: "device_code",
        row,
    }
}
