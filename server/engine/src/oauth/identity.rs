//! Which mailbox signed in: the claims of an ID token. It came from the token endpoint itself over TLS, which
//! `OpenID` Connect Core 1.0 section 3.1.3.7 (point 6) accepts in the place of its signature; the other checks
//! of that section are made.

use super::OAuthError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tocsin_domain::address::EmailAddress;
use url::Url;

/// How far the provider's clock and ours may be apart.
const CLOCKS: SignedDuration = SignedDuration::from_mins(5);

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    exp: f64,
    nonce: Option<String>,
    email: Option<String>,
    /// Microsoft's name for the address that a person signs in with, where the mailbox has no `email`
    /// (<https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>).
    preferred_username: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What an ID token must say.
pub(super) struct Expected<'a> {
    /// The authorization endpoint: the issuer is on its host. Google's issuer may lack the scheme
    /// (<https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken>).
    pub(super) authorize: &'a str,
    pub(super) client_id: &'a str,
    /// What ties it to the sign-in; none where the request has no place for it (RFC 8628 section 3.1).
    pub(super) nonce: Option<&'a str>,
    pub(super) now: Timestamp,
}

/// The address of the mailbox that signed in.
pub(super) fn address(
    token: Option<&SecretString>,
    expected: &Expected<'_>,
) -> Result<EmailAddress, OAuthError> {
    let wrong = OAuthError::NoIdentity;
    let token = token.ok_or(wrong("it sent no ID token"))?;
    let claims = read(token).ok_or(wrong("its ID token cannot be read"))?;
    let host = |url: &str| Url::parse(url).ok()?.host_str().map(ToOwned::to_owned);
    let issuer = host(&claims.iss).unwrap_or(claims.iss);
    if host(expected.authorize).as_ref() != Some(&issuer) {
        return Err(wrong("its ID token is from another issuer"));
    }
    let for_us = match &claims.aud {
        Audience::One(one) => one == expected.client_id,
        Audience::Many(many) => many.iter().any(|one| one == expected.client_id),
    };
    if !for_us {
        return Err(wrong("its ID token is for another application"));
    }
    let ends = SignedDuration::try_from_secs_f64(claims.exp)
        .ok()
        .and_then(|seconds| Timestamp::UNIX_EPOCH.checked_add(seconds).ok());
    if ends.is_none_or(|ends| expected.now.duration_since(ends) > CLOCKS) {
        return Err(wrong("its ID token has run out; check the clock of this machine"));
    }
    if expected.nonce.is_some() && claims.nonce.as_deref() != expected.nonce {
        return Err(wrong("its ID token belongs to another sign-in"));
    }
    [claims.email, claims.preferred_username]
        .into_iter()
        .flatten()
        .find_map(|text| text.parse().ok())
        .ok_or(wrong("its ID token holds no e-mail address"))
}

/// The claims of a token in JWS compact form (RFC 7515 section 7.1).
fn read(token: &SecretString) -> Option<Claims> {
    let payload = token.expose_secret().split('.').nth(1)?;
    let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::{Value, json};

    const NOW: i64 = 1_800_000_000;

    fn claims() -> Value {
        json!({ "iss": "https://accounts.google.com", "aud": "tocsin", "exp": NOW + 3600, "nonce": "n",
                "email": "nas@gmail.com" })
    }

    fn check(claims: &Value) -> Result<EmailAddress, OAuthError> {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let expected = Expected {
            authorize: "https://accounts.google.com/o/oauth2/v2/auth",
            client_id: "tocsin",
            nonce: Some("n"),
            now: Timestamp::from_second(NOW).unwrap(),
        };
        address(Some(&token.into()), &expected)
    }

    #[test]
    fn the_mailbox_is_the_email_or_else_the_name_that_signs_in() {
        assert_eq!(check(&claims()).unwrap().as_str(), "nas@gmail.com");
        let mut work = claims();
        work["email"] = Value::Null;
        work["preferred_username"] = "nas@contoso.com".into();
        work["iss"] = "accounts.google.com".into();
        work["aud"] = json!(["other", "tocsin"]);
        assert_eq!(check(&work).unwrap().as_str(), "nas@contoso.com");
    }

    #[test]
    fn a_token_of_another_issuer_application_time_or_sign_in_is_refused() {
        for (claim, value) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("other")),
            ("exp", json!(NOW - 301)),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("email", json!("not an address")),
        ] {
            let mut changed = claims();
            changed[claim] = value;
            assert!(
                matches!(check(&changed), Err(OAuthError::NoIdentity(_))),
                "{changed}"
            );
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let expected = Expected {
            authorize: "https://accounts.google.com/",
            client_id: "tocsin",
            nonce: Some("n"),
            now: Timestamp::UNIX_EPOCH,
        };
        assert!(address(None, &expected).is_err());
        for token in ["", "a.b", "e30.e30.e30", "..."] {
            assert!(address(Some(&token.into()), &expected).is_err(), "{token}");
        }
    }
}
