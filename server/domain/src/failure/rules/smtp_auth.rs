//! Refusals of SMTP AUTH (RFC 4954).
//!
//! A 5yz reply is a refused credential unless its words name a switch, a rule or a mechanism; a 4yz reply
//! never is (RFC 4954 section 6), except 432 `4.7.12`, which asks for a sign-in by password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::phrases::{look_up, says_any, table};
use super::{delivery, limits, status};
use crate::failure::Meaning;
use crate::failure::reply::Reply;

pub(super) fn meaning(reply: &Reply<'_>) -> Meaning {
    if let Some(meaning) = sasl_error(reply.raw) {
        return meaning;
    }
    let words = &reply.words;
    if reply.is_transient() {
        return look_up(words, EVEN_TRANSIENT)
            .or_else(|| limits::meaning(reply))
            .or_else(|| status::by_enhanced(reply).filter(|meaning| *meaning == Meaning::PasswordExpired))
            .unwrap_or_else(|| look_up(words, PASSING).unwrap_or(Meaning::AuthenticationServiceDown));
    }
    if says_any(words, MANY_CAUSES) {
        return Meaning::PasswordRefused;
    }
    look_up(words, OUTAGE)
        .or_else(|| look_up(words, BAD_PASSWORDS))
        .or_else(|| look_up(words, SETTING))
        .or_else(|| limits::meaning(reply))
        .or_else(|| look_up(words, PERSON))
        .or_else(|| status::of_sign_in(reply))
        .unwrap_or_else(|| delivery::meaning(reply))
}

/// The JSON of a SASL error in base64 (XOAUTH2 of Google and Microsoft; OAUTHBEARER, RFC 7628 section
/// 3.2.2), sent as `334 …` or `+ …` before the refusal.
pub(super) fn sasl_error(raw: &str) -> Option<Meaning> {
    let json: serde_json::Value = raw
        .split_whitespace()
        .filter(|word| word.starts_with("eyJ"))
        .find_map(|word| serde_json::from_slice(&STANDARD.decode(word).ok()?).ok())?;
    let status = json.get("status")?;
    let status = status
        .as_str()
        .map_or_else(|| status.to_string(), ToOwned::to_owned);
    Some(match status.as_str() {
        "insufficient_scope" | "403" => Meaning::OAuthRequestRefused,
        _ if status.starts_with('5') || status == "429" => Meaning::AuthenticationServiceDown,
        _ => Meaning::TokenRefused,
    })
}

/// QQ and Exmail put all the causes they know into one reply; the credential is the likeliest.
const MANY_CAUSES: &[&str] = &["account is abnormal"];

table! {
    /// What stays so, though the server's number says that it passes.
    EVEN_TRANSIENT:
    CreditsUsedUp =>
        "credits exceeded" | "maximum credits";
    EncryptionRequired =>
        "starttls * first" | "tls required" | "encryption required";
    PasswordExpired =>
        "password transition";
    SignInNotAllowed =>
        "not allowed to * connect from" | "unauthorized ip";
    SmtpAuthSwitchedOff =>
        "smtpclientauthentication is disabled";
}

table! {
    PASSING:
    TooManyLogins =>
        "too many" | "too much" | "login attempts" | "rate limit" | "ratelimit" | "frequen" |
        "limit exceeded";
    TooManyConnections =>
        "concurrent" | "connections";
}

table! {
    /// The server cannot check the credential, whatever its number.
    OUTAGE:
    AuthenticationServiceDown =>
        "connection lost to authentication server" | "temporary auth" | "temporary system problem" |
        "temporarily unavailable" | "temporary failure" | "temporary error" |
        "internal authentication error" | "internal error" | "server error" | "system busy" |
        "service unavailable" | "service not available" | "unable to authenticate at this time" |
        "backend * unavailable" | "系统繁忙";
    TooManyLogins =>
        "too many * connections" | "too many login" | "login frequency" | "logins from";
}

table! {
    /// Refused so often that the account is locked for a while: the password is what must change.
    BAD_PASSWORDS:
    TooManyBadPasswords =>
        "auth005" | "too many bad auth" | "too many failed" | "too many * failures" | "too many wrong";
}

table! {
    /// A switch, a rule or a mechanism, not the credential.
    SETTING:
    SmtpAuthSwitchedOff =>
        "smtpclientauthentication is disabled" | "smtp auth * disabled" |
        "smtp authentication is disabled" | "basic authentication is disabled" |
        "basic authentication is not" | "basic auth * disabled" |
        "does not have access rights to this service" | "user has no permission" | "not enabled for smtp" |
        "smtp * not enabled" | "smtp * is disabled" | "smtp access * disabled" | "smtp is not allowed" |
        "service is not open" | "service not open" | "not subscribed" | "enable smtp" | "activate * smtp" |
        "smtp account is not yet activated" | "pop3/smtp" | "imap/smtp * aktivier" | "未开启" | "没有开启" |
        "服务未开通" | "нет прав доступа" | "нет доступа к" | "deaktiviert" | "aktivieren sie";
    SignInNotAllowed =>
        "did not meet the criteria" | "security defaults" | "conditional access" |
        "organization's * polic" | "not allowed by policy" | "blocked by * policy" | "unauthorized ip" |
        "ip address * not allowed" | "ip * not authorized" | "not authorized to use" |
        "access restricted" | "country";
    AccountSuspended =>
        "suspended" | "account * disabled" | "account * blocked" | "account * banned" |
        "account * frozen" | "account * locked" | "account has been locked" | "user is locked" |
        "user is blocked" | "user blocked" | "user is disabled" | "user disabled" | "mailbox is disabled" |
        "mailbox is blocked" | "mailbox * blocked" | "sending is disabled" | "deactivated" |
        "not yet activated" | "account inactive" | "账号被锁定" | "帐号被锁定" | "用户被锁定" | "被冻结" | "заблокирован" |
        "gesperrt";
    EncryptionRequired =>
        "must issue a starttls" | "starttls * first" | "encryption required" | "requires encryption" |
        "without ssl/tls" | "requires tls" | "tls required" | "requires * ssl" | "secure connection" |
        "encrypted connection" | "non-secure" | "not allowed on insecure" |
        "plaintext authentication disallowed" | "over tls";
    MechanismNotOffered =>
        "unrecognized authentication" | "unrecognised authentication" | "mechanism" |
        "authentication type" | "auth type" | "not advertised" | "auth not available" |
        "auth not supported" | "auth command is not" | "authentication not enabled" |
        "authentication is not enabled" | "authentication not supported" |
        "authentication is not supported" | "no longer supported" | "not implemented" |
        "unrecognized command" | "command not recognized" | "command unrecognized" | "unknown command" |
        "auth not enabled";
    CredentialMalformed =>
        "invalid format" | "decode" | "malformed" | "bad base64" | "invalid base64" |
        "optional argument not permitted" | "invalid sasl argument" | "bad protocol" | "empty username" |
        "empty password" | "no username" | "line too long" | "syntax error" | "domain * missing" |
        "full email";
    AuthorizationIdentityRefused =>
        "authorization id" | "authzid" | "not allowed to proxy";
}

table! {
    /// The credential, with the cause as far as it is told.
    PERSON:
    AppPasswordRequired =>
        "application-specific password" | "app-specific password" | "app specific password" |
        "application specific password" | "application password" | "app password" | "parol prilozheniya" |
        "пароль приложения" | "пароль для внешн" | "anwendungsspezifisch" | "专用密码";
    AuthorizationCodeRefused =>
        "authorization code" | "authorized code" | "auth code" | "weixin token" | "授权码" | "客户端专用密码";
    PasswordExpired =>
        "password * expired" | "password expired" | "expired password" | "change your password" |
        "password must be changed" | "password change";
    SignInRequired =>
        "web browser" | "via your browser" | "web login required" | "sign in via" | "verify your account" |
        "verify your identity" | "log in to * web" | "login to * web" | "captcha" | "unusual sign-in" |
        "suspicious login";
    GrantRevoked =>
        "authorization grant is invalid" | "revoked" | "token * expired";
    TokenRefused =>
        "oauth" | "bearer" | "token";
    PasswordRefused =>
        "credential" | "authentication fail" | "authentication unsuccessful" | "authentication data" |
        "invalid login" | "login fail" | "auth failed" | "密码" | "登录失败" | "认证失败" | "неверный" | "парол" |
        "passwor" | "kennwort";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, FailureClass, Stage, classify};

    fn meaning_of(text: &str) -> Meaning {
        classify(&Failure {
            provider: None,
            stage: Stage::Auth,
            code: None,
            enhanced: None,
            text,
        })
        .meaning
    }

    #[test]
    fn a_refused_password_is_told_from_one_that_needs_another_kind() {
        assert_eq!(
            meaning_of("535 5.7.8 Username and Password not accepted"),
            Meaning::PasswordRefused
        );
        assert_eq!(
            meaning_of("534-5.7.9 Application-specific password required."),
            Meaning::AppPasswordRequired
        );
        assert_eq!(
            meaning_of("535 Login Fail. Please enter your authorization code to login."),
            Meaning::AuthorizationCodeRefused
        );
    }

    #[test]
    fn a_switch_at_the_provider_is_a_setting() {
        let text =
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.";

        assert_eq!(meaning_of(text), Meaning::SmtpAuthSwitchedOff);
    }

    #[test]
    fn a_password_database_out_of_reach_is_an_outage_under_any_number() {
        for text in [
            "535 5.7.8 Error: authentication failed: Connection lost to authentication server",
            "454 4.7.0 Temporary authentication failure",
            "421 4.7.0 Try again later",
        ] {
            assert_eq!(meaning_of(text).class(), FailureClass::Temporary, "{text}");
        }
    }

    #[test]
    fn a_sasl_error_in_base64_is_read() {
        let of = |json: &str| meaning_of(&format!("334 {}", STANDARD.encode(json)));

        assert_eq!(
            of(r#"{"status":"401","schemes":"Bearer","scope":"x"}"#),
            Meaning::TokenRefused
        );
        assert_eq!(of(r#"{"status":"503"}"#), Meaning::AuthenticationServiceDown);
    }

    #[test]
    fn a_mechanism_is_a_setting() {
        assert_eq!(
            meaning_of("504 5.7.4 Unrecognized authentication type"),
            Meaning::MechanismNotOffered
        );
        assert_eq!(
            meaning_of("534 5.7.9 Authentication mechanism is too weak"),
            Meaning::MechanismNotOffered
        );
    }
}
