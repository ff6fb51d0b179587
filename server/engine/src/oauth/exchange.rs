//! The requests to a provider's token endpoint (RFC 6749 sections 4.1.3 and 6).

use super::http::{self, Answer, Unanswered};
use super::{Failed, OAuthClient};
use crate::oauth_applications::ClientCredentials;
use crate::time::now;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Mutex;
use tocsin_domain::failure::Meaning;
use tocsin_domain::provider::{OAuth, Provider};

/// How long an access token is taken to live where the provider does not say.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How long before its end an access token is no longer used, at most.
const MARGIN: SignedDuration = SignedDuration::from_mins(2);

/// The `oauth2` crate's client, with the endpoints that the flow needs.
pub(super) type Protocol = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<Extra, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What providers add to the answer of RFC 6749 section 5.1.
#[derive(Deserialize, Serialize)]
pub(super) struct Extra {
    /// `OpenID` Connect Core 1.0 section 3.1.3.3.
    id_token: Option<String>,
    /// How long the refresh token lives, in seconds: Google's, for time-limited grants.
    refresh_token_expires_in: Option<i64>,
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extra")
    }
}

impl ExtraTokenFields for Extra {}

/// What a token endpoint gave.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) access_token: SecretString,
    /// Until when the access token is used.
    pub(super) access_until: Timestamp,
    pub(super) refresh_token: Option<SecretString>,
    pub(super) scopes: Option<Vec<String>>,
    /// When the refresh token ends, where the provider says so.
    pub(super) ends_at: Option<Timestamp>,
    pub(super) id_token: Option<SecretString>,
}

/// One request by way of the `oauth2` crate, whose errors keep neither the status nor, safely, the body.
struct Exchange<'a> {
    http: &'a reqwest::Client,
    answer: Mutex<Option<Answer>>,
}

impl<'a> Exchange<'a> {
    fn new(http: &'a reqwest::Client) -> Self {
        Self {
            http,
            answer: Mutex::new(None),
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
        let answer = http::send(self.http, request.try_into()?).await?;
        let mut response = HttpResponse::new(answer.body.clone());
        *response.status_mut() = oauth2::http::StatusCode::from_u16(answer.status)
            .map_err(|error| Unanswered::Broken(error.to_string()))?;
        if let Ok(mut seen) = self.answer.lock() {
            *seen = Some(answer);
        }
        Ok(response)
    }

    fn result(
        self,
        provider: &Provider,
        result: Result<
            StandardTokenResponse<Extra, BasicTokenType>,
            RequestTokenError<Unanswered, BasicErrorResponse>,
        >,
        secrets: &[&str],
    ) -> Result<Tokens, Failed> {
        let error = match result {
            Ok(response) => return Ok(Tokens::read(&response)),
            Err(error) => error,
        };
        let answer = self.answer.into_inner().ok().flatten();
        Err(match (error, answer) {
            (RequestTokenError::Request(unanswered), _) => Failed::of_silence(&unanswered),
            (_, Some(answer)) => Failed::of_answer(provider.key.as_str(), &answer, secrets),
            (_, None) => Failed::new(Meaning::TokenEndpointDown, "the provider gave no answer"),
        })
    }
}

impl<'c> AsyncHttpClient<'c> for Exchange<'_> {
    type Error = Unanswered;
    type Future = BoxFuture<'c, Result<HttpResponse, Unanswered>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl Tokens {
    pub(super) fn read(response: &StandardTokenResponse<Extra, BasicTokenType>) -> Self {
        let extra = response.extra_fields();
        let now = now();
        let life = response
            .expires_in()
            .and_then(|life| SignedDuration::try_from(life).ok())
            .unwrap_or(LIFE);
        let until = |life| now.checked_add(life).unwrap_or(Timestamp::MAX);
        Self {
            access_token: response.access_token().secret().as_str().into(),
            access_until: until(life - MARGIN.min(life / 10)),
            refresh_token: response
                .refresh_token()
                .map(|token| token.secret().as_str().into()),
            scopes: response
                .scopes()
                .map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
            ends_at: extra
                .refresh_token_expires_in
                .map(|seconds| until(SignedDuration::from_secs(seconds))),
            id_token: extra.id_token.as_deref().map(SecretString::from),
        }
    }
}

/// The client for a provider. The secret travels in the body: Google and Microsoft take it there and in the
/// header, other servers are often set to the body alone.
pub(super) fn protocol(oauth: &OAuth, credentials: &ClientCredentials) -> Result<Protocol, Failed> {
    let wrong = |error: url::ParseError| {
        let words = format!("an endpoint in providers.toml is not a URL: {error}");
        Failed::new(Meaning::OAuthRequestRefused, words)
    };
    let authorize = AuthUrl::new(oauth.endpoints.authorize.clone()).map_err(wrong)?;
    let token = TokenUrl::new(oauth.endpoints.token.clone()).map_err(wrong)?;
    let client = oauth2::Client::new(ClientId::new(credentials.client_id.clone()));
    let client = match &credentials.secret {
        Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
        None => client,
    };
    Ok(client
        .set_auth_uri(authorize)
        .set_token_uri(token)
        .set_auth_type(AuthType::RequestBody))
}

impl OAuthClient {
    /// Exchanges a code (RFC 6749 section 4.1.3).
    pub(super) async fn exchange_code(
        &self,
        provider: &Provider,
        oauth: &OAuth,
        credentials: &ClientCredentials,
        code: &SecretString,
        verifier: &SecretString,
        redirect_uri: &RedirectUrl,
    ) -> Result<Tokens, Failed> {
        let once = async |credentials: &ClientCredentials| {
            let exchange = Exchange::new(&self.http);
            let result = protocol(oauth, credentials)?
                .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
                .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()))
                .set_redirect_uri(Cow::Borrowed(redirect_uri))
                .request_async(&exchange)
                .await;
            let secrets = [
                code.expose_secret(),
                verifier.expose_secret(),
                secret(credentials),
            ];
            exchange.result(provider, result, &secrets)
        };
        match once(credentials).await {
            Err(failed) if takes_no_secret(&failed.words) => once(&credentials.without_secret()).await,
            result => result,
        }
    }

    /// Refreshes (RFC 6749 section 6), for the scopes of the grant: none are named.
    pub(super) async fn exchange_refresh_token(
        &self,
        provider: &Provider,
        oauth: &OAuth,
        credentials: &ClientCredentials,
        refresh_token: &SecretString,
    ) -> Result<Tokens, Failed> {
        let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let once = async |credentials: &ClientCredentials| {
            let exchange = Exchange::new(&self.http);
            let result = protocol(oauth, credentials)?
                .exchange_refresh_token(&token)
                .request_async(&exchange)
                .await;
            let secrets = [refresh_token.expose_secret(), secret(credentials)];
            exchange.result(provider, result, &secrets)
        };
        match once(credentials).await {
            Err(failed) if takes_no_secret(&failed.words) => once(&credentials.without_secret()).await,
            result => result,
        }
    }
}

/// Whether Microsoft says that the secret must be left out: it takes none for what an application got as one for
/// mobile and desktop, whatever else it is registered for
/// (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>, 90023 and 700025). It says so before
/// it looks at the code or token, which can be used again.
pub(super) fn takes_no_secret(words: &str) -> bool {
    words.contains("AADSTS700025") || words.contains("AADSTS90023")
}

pub(super) fn secret(credentials: &ClientCredentials) -> &str {
    credentials
        .secret
        .as_ref()
        .map_or("", |secret| secret.expose_secret())
}
