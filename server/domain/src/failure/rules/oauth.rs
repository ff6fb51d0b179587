//! Replies of OAuth token endpoints.
//!
//! The `error` field decides: RFC 6749 section 5.2 (token errors) and 4.1.2.1, `OpenID` Connect Core section
//! 3.1.2.6, RFC 8628 section 3.5, RFC 6750 section 3.1, and what Google, Microsoft, Yahoo, Zoho, Yandex and
//! Mail.ru add to them. `error_description` is for people and changes (Microsoft says so of its own); it is
//! looked at for causes that mend themselves, and to name the cause within the class. AADSTS numbers do the
//! latter only, or stand in where no `error` field has reached us.

use serde_json::Value;

use super::network;
use super::phrases::{look_up, says_any, table};
use crate::failure::Meaning;
use crate::failure::reply::Reply;

pub(super) fn meaning(reply: &Reply<'_>) -> Meaning {
    let body = Body::read(reply.raw);
    if let Some(fault) = fault_of_status(reply.code, &body) {
        return fault;
    }
    if says_any(&reply.words, TOO_MANY) {
        return Meaning::TokenEndpointBusy;
    }
    if says_any(&reply.words, PASSING_FAULT) {
        return Meaning::TokenEndpointDown;
    }
    if let Some(error) = &body.error {
        return by_error_field(error, &reply.words);
    }
    by_words(reply)
}

/// An outage is not an expiry: 5xx, 408 and 429 say nothing about the grant (RFC 9110 section 15, RFC 6585
/// section 4). Endpoints that put an OAuth error into a 5xx reply are believed for faults of the application
/// only.
fn fault_of_status(status: Option<u16>, body: &Body) -> Option<Meaning> {
    match status? {
        429 => Some(Meaning::TokenEndpointBusy),
        408 | 425 => Some(Meaning::TokenEndpointDown),
        status if status >= 500 => match body
            .error
            .as_deref()
            .and_then(|error| look_up(error, APPLICATION))
        {
            Some(meaning) => Some(meaning),
            None => Some(Meaning::TokenEndpointDown),
        },
        _ => None,
    }
}

const TOO_MANY: &[&str] = &[
    "too many requests",
    "request loop",
    "rate limit",
    "rate_limit",
    "ratelimit",
    "slow_down",
    "throttl",
    "quota exceeded",
    "quota_exceeded",
    "resource_exhausted",
    "resource has been exhausted",
    "exceeded * limit",
    "try again after some time",
];

const PASSING_FAULT: &[&str] = &[
    "transient error",
    "temporarily unavailable",
    "temporarily_unavailable",
    "service unavailable",
    "service is unavailable",
    "server_error",
    "server error",
    "internal_failure",
    "internal_error",
    "internal error",
    "backend error",
    "backenderror",
    "bad gateway",
    "gateway time",
    "general_error",
    "please try again later",
    "dependent service",
    "couldn't be reached",
];

table! {
    /// `error` values about the application, not about the mailbox.
    APPLICATION:
    OAuthSecretRefused =>
        "invalid_client_secret" | "incorrect_client_credentials";
    OAuthApplicationRefused =>
        "invalid_client" | "unauthorized_client" | "deleted_client" | "disabled_client" | "org_internal" |
        "admin_policy_enforced" | "redirect_uri" | "invalid_redirect" | "application_suspended" |
        "app_not_verified" | "restricted_client" | "invalid_app";
}

table! {
    /// `error` values about the form of the request.
    REQUEST:
    OAuthRequestRefused =>
        "invalid_request" | "invalid_scope" | "insufficient_scope" | "invalid_resource" |
        "invalid_target" | "invalid_input" | "invalid_dpop" | "invalid_parameter" | "missing_parameter" |
        "invalid_argument" | "not_found" | "method_not_allowed" | "unsupported";
}

table! {
    /// `error` values about the grant, most telling first.
    GRANT:
    AuthorizationPending =>
        "authorization_pending";
    ConsentRequired =>
        "consent_required" | "access_denied" | "access denied" | "permission_denied";
    SignInRequired =>
        "interaction_required" | "login_required" | "account_selection_required" | "mfa_required" |
        "additional_authorization" | "reauth";
    GrantRevoked =>
        "invalid_grant" | "invalid_code" | "invalid_token" | "expired_token" | "token_expired" |
        "invalid_refresh_token" | "token not found" | "invalid_oauthtoken" | "bad_verification_code" |
        "token_revoked" | "unauthenticated" | "authorization_expired";
}

fn by_error_field(error: &str, words: &str) -> Meaning {
    let application = || look_up(error, APPLICATION).map(|meaning| secret(meaning, words));
    let request = || look_up(error, REQUEST);
    let grant = || look_up(error, GRANT).map(|meaning| cause(meaning, words));
    application()
        .or_else(request)
        .or_else(grant)
        .unwrap_or_else(|| look_up(words, ASIDE).unwrap_or(Meaning::OAuthRequestRefused))
}

/// Names what is wrong with the application's secret, if it is the secret.
fn secret(meaning: Meaning, words: &str) -> Meaning {
    table! {
        SECRET:
        OAuthSecretExpired =>
            "aadsts7000222" | "secret * expired" | "expired * secret";
        OAuthSecretRefused =>
            "aadsts7000215" | "invalid client secret" | "wrong client secret" | "client secret" |
            "client_secret";
    }
    match meaning {
        Meaning::OAuthApplicationRefused => look_up(words, SECRET).unwrap_or(meaning),
        _ => meaning,
    }
}

/// Names why the grant is refused. A self-made assertion is no grant of a person: its clock, key or subject
/// is a setting (RFC 7523).
fn cause(meaning: Meaning, words: &str) -> Meaning {
    table! {
        CAUSE:
        OAuthRequestRefused =>
            "invalid jwt" | "jwt signature" | "client assertion" | "iat and exp";
        ConsentRequired =>
            "aadsts65001" | "aadsts65004" | "not consented" | "consent";
        PasswordRefused =>
            "aadsts50126" | "invalid username or password";
        PasswordExpired =>
            "aadsts50055" | "password is expired" | "password has expired" | "password expired";
        SignInRequired =>
            "aadsts50076" | "aadsts50079" | "aadsts50072" | "aadsts50074" | "aadsts50078" | "aadsts50158" |
            "aadsts50097" | "aadsts50005" | "aadsts53003" | "invalid_rapt" | "rapt_required" |
            "multi-factor";
    }
    match meaning {
        Meaning::GrantRevoked => look_up(words, CAUSE).unwrap_or(meaning),
        _ => meaning,
    }
}

table! {
    /// Words of a reply without a (known) `error` field.
    ASIDE:
    OAuthSecretExpired =>
        "aadsts7000222";
    OAuthSecretRefused =>
        "aadsts7000215" | "client secret" | "client_secret";
    OAuthApplicationRefused =>
        "aadsts7000" | "aadsts90002" | "aadsts50011" | "aadsts50020" | "aadsts50194" | "aadsts500011" |
        "aadsts650" | "invalid_client" | "unauthorized_client" | "oauth client" |
        "application * not found" | "client * not found" | "redirect" | "unauthorized client";
    OAuthRequestRefused =>
        "aadsts900" | "aadsts70011" | "invalid_scope" | "unsupported_grant" | "parameter";
    GrantRevoked =>
        "invalid_grant" | "aadsts" | "token * revoked" | "token * expired" | "expired * token" |
        "invalid * token" | "token * invalid" | "refresh token";
}

fn by_words(reply: &Reply<'_>) -> Meaning {
    look_up(&reply.words, ASIDE)
        .or_else(|| network::meaning(reply))
        .unwrap_or_else(|| match reply.code.or_else(|| status_in(&reply.words)) {
            Some(429) => Meaning::TokenEndpointBusy,
            Some(401) => Meaning::OAuthApplicationRefused,
            Some(status) if (400..500).contains(&status) => Meaning::OAuthRequestRefused,
            _ => Meaning::TokenEndpointDown,
        })
}

/// An HTTP status among a library's words, such as `returned http error: 504`.
fn status_in(words: &str) -> Option<u16> {
    words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 3)
        .filter_map(|word| word.parse().ok())
        .find(|status| (400..600).contains(status))
}

/// What rules look at in a token endpoint's reply.
struct Body {
    /// The `error` field, lower case. Google and Yahoo nest an object there, whose `status`, `errorId` or
    /// `code` is taken.
    error: Option<String>,
}

impl Body {
    fn read(raw: &str) -> Self {
        let json: Option<Value> = raw
            .find('{')
            .zip(raw.rfind('}'))
            .filter(|(start, end)| start < end)
            .and_then(|(start, end)| serde_json::from_str(&raw[start..=end]).ok());
        let error = json
            .as_ref()
            .and_then(|json| json.get("error").or_else(|| json.get("errorCode")));
        let text = match error {
            Some(Value::Object(nested)) => ["status", "errorId", "error", "message"]
                .iter()
                .find_map(|key| nested.get(*key).and_then(Value::as_str)),
            Some(value) => value.as_str(),
            None => form_field(raw),
        };
        Self {
            error: text.map(str::to_lowercase),
        }
    }
}

/// `error=…` of a redirect (RFC 6749 section 4.1.2.1) or a form-encoded reply.
fn form_field(raw: &str) -> Option<&str> {
    let at = raw.find("error=")?;
    raw[at + "error=".len()..]
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .next()
        .filter(|error| !error.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, FailureClass, Stage, classify};

    fn meaning_of(code: u16, text: &str) -> Meaning {
        classify(&Failure {
            provider: None,
            stage: Stage::Token,
            code: Some(code),
            enhanced: None,
            text,
        })
        .meaning
    }

    #[test]
    fn each_error_of_rfc_6749_has_its_class() {
        for (error, class) in [
            ("invalid_request", FailureClass::Configuration),
            ("invalid_client", FailureClass::Configuration),
            ("invalid_grant", FailureClass::Reauthorize),
            ("unauthorized_client", FailureClass::Configuration),
            ("unsupported_grant_type", FailureClass::Configuration),
            ("invalid_scope", FailureClass::Configuration),
        ] {
            let text = format!(r#"{{"error":"{error}"}}"#);
            assert_eq!(meaning_of(400, &text).class(), class, "{error}");
        }
    }

    #[test]
    fn an_outage_is_not_an_expiry() {
        for status in [408, 429, 500, 502, 503, 504] {
            let meaning = meaning_of(status, r#"{"error":"invalid_grant"}"#);
            assert_eq!(meaning.class(), FailureClass::Temporary, "{status}");
        }
    }

    #[test]
    fn a_secret_that_expired_is_the_applications_matter() {
        let text = r#"{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys for app 'x' are expired."}"#;

        assert_eq!(meaning_of(401, text), Meaning::OAuthSecretExpired);
    }

    #[test]
    fn a_limit_is_recognized_behind_another_errors_name() {
        let text = r#"{"error":"Access Denied","error_description":"You have made too many requests continuously."}"#;

        assert_eq!(meaning_of(400, text), Meaning::TokenEndpointBusy);
    }

    #[test]
    fn an_error_object_is_read_too() {
        assert_eq!(
            meaning_of(400, r#"{"error":{"errorId":"INVALID_REFRESH_TOKEN"}}"#),
            Meaning::GrantRevoked
        );
    }

    #[test]
    fn a_page_in_the_place_of_json_is_a_fault() {
        assert_eq!(
            meaning_of(502, "<html>Bad Gateway</html>"),
            Meaning::TokenEndpointDown
        );
    }
}
