//! Refusals of IMAP servers.
//!
//! The response code in brackets decides (RFC 5530 section 3; RFC 9051 section 7.1) unless the words name a
//! switch; servers without codes are read by their words.

use super::network;
use super::phrases::{look_up, says_any, table};
use super::smtp_auth::sasl_error;
use crate::failure::Meaning;
use crate::failure::reply::Reply;

pub(super) fn meaning(reply: &Reply<'_>) -> Meaning {
    let words = &reply.words;
    if says_any(words, &["accesstokenexpired"]) {
        return Meaning::AccessTokenExpired;
    }
    if let Some(meaning) = sasl_error(reply.raw) {
        return meaning;
    }
    if says_any(words, MANY_CAUSES) {
        return Meaning::PasswordRefused;
    }
    look_up(words, SETTING)
        .or_else(|| look_up(words, CODE))
        .or_else(|| look_up(words, PERSON))
        .or_else(|| look_up(words, PASSING))
        .or_else(|| network::meaning(reply))
        .unwrap_or_else(|| by_form(words))
}

const MANY_CAUSES: &[&str] = &["account is abnormal", "invalid credentials or imap is disabled"];

table! {
    /// A switch, a rule, or a sign-in of the wrong form.
    SETTING:
    ImapSwitchedOff =>
        "enable imap" | "not enabled for imap" | "imap is disabled" | "imap access is disabled" |
        "imap access * disabled" | "imap * not enabled" | "imap * switched off" | "imap service * not" |
        "imap4 * disabled" | "authenticated but not connected" | "user is disabled * imap" | "未开启" |
        "未开通" | "imap отключен" | "выключен" | "imap disabled" | "deaktiviert" | "aktivieren sie" |
        "service is not open" | "service not open" | "access rights to this service" | "not support imap" |
        "not allowed to use imap";
    EncryptionRequired =>
        "[privacyrequired]" | "plaintext authentication disallowed" | "logindisabled" |
        "login is disabled" | "login disabled" | "without ssl/tls" | "encryption is required" |
        "starttls first" | "use starttls" | "secure connection" | "non-secure";
    AuthorizationIdentityRefused =>
        "[authorizationfailed]";
    MechanismNotOffered =>
        "mechanism * not" | "unsupported authentication" | "authentication mechanism" |
        "basicauthblocked" | "basic authentication is disabled";
    CredentialMalformed =>
        "invalid sasl argument" | "could not parse" | "invalid base64" | "missing argument";
    SignInNotAllowed =>
        "unsafe login" | "not allowed by policy" | "conditional access" | "loginblocked";
    AccountSuspended =>
        "account * suspended" | "account * blocked" | "account * disabled" | "account is locked" |
        "account * locked" | "user * disabled" | "user * blocked" | "gesperrt" | "заблокирован" |
        "user suspended" | "user is suspended";
}

table! {
    /// RFC 5530 section 3, in so far as a sign-in can meet them.
    CODE:
    MailboxInUse =>
        "[inuse]";
    AuthenticationServiceDown =>
        "[unavailable]";
    ServerFault =>
        "[serverbug]" | "[corruption]";
    PasswordExpired =>
        "[expired]";
    SignInRequired =>
        "[webalert";
    TooManyConnections =>
        "[limit]";
    StorageFull =>
        "[overquota] * storage" | "[overquota] * space" | "[overquota] * full";
    TooManyConnections =>
        "[overquota] * bandwidth" | "[overquota] * command" | "[overquota] account exceeded";
    StorageFull =>
        "[overquota]";
    CommandNotSupported =>
        "[clientbug]" | "[cannot]" | "[nonexistent]" | "[alreadyexists]" | "[trycreate]" | "[badcharset" |
        "[unknown-cte]";
    SignInNotAllowed =>
        "[noperm]" | "[contactadmin]";
    AuthenticationServiceDown =>
        "[authenticationfailed] * temporar" | "[authenticationfailed] * try again later" |
        "[authenticationfailed] * internal";
}

table! {
    /// The credential, with the cause as far as it is told.
    PERSON:
    AppPasswordRequired =>
        "application-specific password" | "app-specific password" | "application password" |
        "app password" | "parol prilozheniya" | "пароль приложения" | "专用密码";
    AuthorizationCodeRefused =>
        "authorized code" | "authorization code" | "weixin token" | "授权码";
    SignInRequired =>
        "web browser" | "web login" | "log in via" | "verify your account";
    TooManyBadPasswords =>
        "too many * failed" | "too many * failures" | "too many bad" | "too many invalid login" |
        "too many invalid auth";
    PasswordRefused =>
        "[authenticationfailed]" | "invalid credential" | "incorrect" | "password" | "密码" | "парол";
    TooManyConnections =>
        "too many" | "rate limit" | "frequen" | "bandwidth" | "maximum number of connections" |
        "limit exceeded" | "throttl";
    AuthenticationServiceDown =>
        "temporary * fail" | "temporarily" | "unavailable" | "try again later" | "internal" |
        "server error" | "busy" | "timed out" | "timeout";
    TokenRefused =>
        "authenticate failed" | "token";
    PasswordRefused =>
        "login fail" | "login error" | "login denied" | "authentication fail" | "auth failed" |
        "credential" | "login invalid" | "logon failure";
}

table! {
    PASSING:
    TimedOut =>
        "inactivity" | "idle" | "autologout";
    ServerBusy =>
        "shutting down" | "server shutdown" | "maintenance" | "restart" | "unavailable";
    ConnectionLost =>
        "session invalidated" | "* bye" | "disconnect" | "closing";
}

/// `BAD` says that the command was not understood, `BYE` ends the session, `NO` to a sign-in refuses it
/// (RFC 9051 section 7.1).
fn by_form(words: &str) -> Meaning {
    let says = |word: &str| words.split_whitespace().take(2).any(|first| first == word);
    if says("bad") {
        Meaning::CommandNotSupported
    } else if says("bye") {
        Meaning::ConnectionLost
    } else if says("no") {
        Meaning::PasswordRefused
    } else {
        Meaning::ServerFault
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, Stage, classify};

    fn meaning_of(text: &str) -> Meaning {
        classify(&Failure {
            provider: None,
            stage: Stage::Imap,
            code: None,
            enhanced: None,
            text,
        })
        .meaning
    }

    #[test]
    fn each_response_code_of_rfc_5530_has_its_meaning() {
        for (code, meaning) in [
            ("UNAVAILABLE", Meaning::AuthenticationServiceDown),
            ("AUTHENTICATIONFAILED", Meaning::PasswordRefused),
            ("AUTHORIZATIONFAILED", Meaning::AuthorizationIdentityRefused),
            ("EXPIRED", Meaning::PasswordExpired),
            ("PRIVACYREQUIRED", Meaning::EncryptionRequired),
            ("CONTACTADMIN", Meaning::SignInNotAllowed),
            ("NOPERM", Meaning::SignInNotAllowed),
            ("INUSE", Meaning::MailboxInUse),
            ("SERVERBUG", Meaning::ServerFault),
            ("LIMIT", Meaning::TooManyConnections),
            ("OVERQUOTA", Meaning::StorageFull),
        ] {
            assert_eq!(meaning_of(&format!("a1 NO [{code}] Sorry")), meaning, "{code}");
        }
    }

    #[test]
    fn a_switched_off_service_wins_over_the_code() {
        let text = "a1 NO [ALERT] Your account is not enabled for IMAP use.";

        assert_eq!(meaning_of(text), Meaning::ImapSwitchedOff);
    }

    #[test]
    fn an_unknown_no_to_a_sign_in_is_a_refusal_but_bad_is_not() {
        assert_eq!(meaning_of("a1 NO Sorry"), Meaning::PasswordRefused);
        assert_eq!(meaning_of("a1 BAD Sorry"), Meaning::CommandNotSupported);
        assert_eq!(meaning_of("* BYE Sorry"), Meaning::ConnectionLost);
    }
}
