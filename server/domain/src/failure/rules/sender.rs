//! Refusals that a setting on the sending side mends: From address, relay permission, encryption, the
//! account's state, the network address.

use super::phrases::{look_up, says_any, table};
use crate::failure::Meaning;
use crate::failure::Stage;
use crate::failure::reply::Reply;

pub(super) fn meaning(reply: &Reply<'_>) -> Option<Meaning> {
    let words = &reply.words;
    // Yahoo's submission servers say so after the message, when the recipients have long been accepted.
    // What is left to be unavailable is the mailbox in From.
    if reply.stage == Stage::Data && says_any(words, &["request failed; mailbox unavailable"])
        || reply.stage == Stage::Mail && says_any(words, &["mailbox unavailable", "user unknown"])
    {
        return Some(Meaning::SenderNotAllowed);
    }
    look_up(words, SETTINGS)
}

table! {
    SETTINGS:
    EncryptionRequired =>
        "must issue a starttls" | "starttls command first" | "starttls first" | "tls required" |
        "tls is required" | "requires tls" | "tls/ssl for smtp" | "encryption required" |
        "encryption needed" | "without ssl/tls" | "without encryption" | "session encryption is required" |
        "secure connection" | "tls connection" | "requiretls";
    EncryptionNotOffered =>
        "tls not available" | "tls currently unavailable" | "starttls-not-supported" | "tls not supported" |
        "tls * not available";
    AuthenticationMissing =>
        "authentication required" | "authentication is required" | "requires authentication" |
        "require authentication" | "smtp authentication in your mail client" | "without authentication" |
        "authenticate first" | "auth first" | "not authenticated" | "unauthenticated senders" |
        "don't authenticate" | "must be authenticated" | "must authenticate" | "login first" |
        "log in first" | "auth required" | "need * authenticate" | "unauthenticated commands" |
        "check mail before sending" | "pop before smtp";
    SmtpAuthSwitchedOff =>
        "smtpclientauthentication is disabled" | "smtp account is not yet activated" |
        "user has no permission" | "not subscribed to ses";
    SenderNotVerified =>
        "not verified" | "verified sender" | "unregistered domain" | "sender identity" |
        "activate your * account" | "verify your * domain" | "domain is not configured" |
        "domain not configured" | "test purposes" | "authorized recipients" | "is not a registered" |
        "unverified domain" | "sender unverified" | "unverified email" | "sender you used" |
        "validate your sender";
    AccountSuspended =>
        "sending suspended" | "sending paused" | "sending is paused" | "account sending" |
        "your account * suspended" | "your account * blocked" | "your account * disabled" |
        "account is suspended" | "account suspended" | "sender * suspended" |
        "sending for this account is disabled" | "account is disabled. sending" | "mail sending denied" |
        "outboundspam" | "bad outbound sender" | "banned sender" | "spam abuse detected" |
        "is not allowed to send:" | "domain * disabled" | "user is locked" | "user locked" |
        "account not active" | "sender blocked" | "被冻结" | "用户被锁定" | "accountdisabled" |
        "compromised";
    SenderDomainUnknown =>
        "sender address rejected: domain not found" | "sender address rejected: malformed dns" |
        "domain of sender address" | "sender domain * not exist" | "sender domain not found" |
        "sender domain must exist" | "sender domain * resolve" | "unresolvable * from domain" |
        "unresolvable rfc.5321" | "from domain * not exist" | "from: domain is invalid" |
        "mail from domain * not" | "valid sender domain" | "sender verify failed" | "unroutable sender" |
        "unrouteable sender" | "sender domain has null" | "invalid dns mx" | "sender address has null mx";
    SenderAddressInvalid =>
        "sender address rejected: need fully-qualified" | "invalid mail from" | "invalid sender" |
        "sender address * not * valid" | "sender * not a valid" | "sender is unvalidated" |
        "mail from invalid" | "mail from command" | "bad sender" | "sender's mailbox address syntax" |
        "emetteur invalide";
    SenderNotAllowed =>
        "sendasdenied" | "send as this sender" | "send on behalf" | "not allowed to send as" |
        "permissions to send" | "not owned by" | "sender address rejected" |
        "sender address is not allowed" | "sender address not allowed" |
        "sender address is not authorized" | "from address is not" | "from address * not match" |
        "authorized user" | "authorization user" | "authenticated user" | "auth user" |
        "as authenticated" | "relaying disallowed as" | "incorrect sender header" | "header address" |
        "not authorised to send" | "not authorized to send from" | "not authorized to perform" |
        "not authorized to use" | "sender mismatch" | "sender not allowed" | "sender not authorized" |
        "sender is not allowed" | "sender * not permitted" | "sender refused" | "sender rejected" |
        "sender is rejected" | "sender denied" | "fake sender" | "null sender" | "local sender" |
        "identity changes" | "envelope sender * header" | "addresses are not authorized" |
        "cannot send as" | "can't send as" | "absenderadresse" | "发件人地址" | "отправител" |
        "unauthorized from" | "unauthorized sender";
    RelayDenied =>
        "relay access denied" | "relay denied" | "relay not permitted" | "relay not allowed" |
        "relaying denied" | "relaying disallowed" | "relaying not" | "relaying is not" |
        "not permitted to relay" | "not allowed to relay" | "not authorized to relay" | "unable to relay" |
        "no relaying" | "open relay" | "openrelay" | "as a relay" | "denies relay" | "denied relay" |
        "relay is denied" | "relay prohibited" | "credentials for relay" | "rcpthosts" |
        "send email directly to our servers" | "specified domain is not allowed" | "not a gateway" |
        "don't relay" | "we do not relay" | "external forwarding" | "not in whitelist for rcpt domain" |
        "tenantattribution" | "tenantinboundattribution";
    HelloRefused =>
        "helo command" | "helo/ehlo" | "helo / ehlo" | "ehlo/helo" | "helo argument" | "ehlo argument" |
        "bad helo" | "invalid helo" | "helo name" | "helo host" | "helohost" | "helo domain" |
        "helo * rejected" | "helo first" | "hello first" | "polite people say";
    // A sender's domain on a list is reputation; its network address on one is where the mail goes out.
    PoorReputation =>
        "domain is listed" | "domain * present in" | "domain listed" | "domain * blacklisted" |
        "spamhaus dbl" | "uribl" | "surbl";
    SendingAddressBlocked =>
        "spamhaus" | "spamcop" | "barracudacentral" | "dnsbl" | "rbl" | "blacklist" | "black list" |
        "black ip" | "blocklist" | "block list" | "blocked using" | "banned sending ip" |
        "traffic not accepted from this ip" | "ip address * blocked" | "ip * is blocked" | "ip blocked" |
        "ip is rejected" | "ip address * rejected" | "ip address * listed" | "ip address * denied" |
        "bad ip" | "poor reputation * ip" | "client host rejected" | "client host blocked" |
        "client host * blocked" | "connections not accepted from" | "not accepted from your ip" |
        "permanently deferred" | "dynamic ip" | "dynamic address" |
        "weren't sent. please contact your internet service provider" |
        "unusual rate of unsolicited mail originating from your ip" | "suspected spam ip" | "invalid ip" |
        "ip地址";
    CommandNotSupported =>
        "unrecognized command" | "unrecognised command" | "command not recognized" |
        "command unrecognized" | "command not implemented" | "unimplemented" | "bad sequence" |
        "sequence error" | "bad syntax" | "protocol violation" | "mail first" | "rcpt first" |
        "need mail command" | "need rcpt command" | "nested mail" | "no data after bdat" |
        "unknown command" | "synchronization error" | "out of sequence" |
        "configuration set does not exist" | "smtputf8 * not";
    MisconfiguredServer =>
        "mail loop" | "routing loop" | "too many hops" | "hop count" | "50 hops" | "loops back to myself" |
        "forwarding loop" | "looping" | "server is misconfigured" | "configuration error" |
        "incorrectly configured" | "local problem" | "loop detected";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, classify};

    fn meaning_of(stage: Stage, text: &str) -> Meaning {
        classify(&Failure {
            provider: None,
            stage,
            code: None,
            enhanced: None,
            text,
        })
        .meaning
    }

    #[test]
    fn a_from_address_of_somebody_else_is_a_setting() {
        for text in [
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user b@example.com",
            "501 Mail from address must be same as authorization user.",
        ] {
            assert_eq!(meaning_of(Stage::Mail, text), Meaning::SenderNotAllowed, "{text}");
        }
    }

    #[test]
    fn an_address_on_a_list_is_told_from_a_domain_on_one() {
        let address = "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus.";
        let domain = "550 5.7.1 Service unavailable, MailFrom domain is listed in Spamhaus.";

        assert_eq!(meaning_of(Stage::Rcpt, address), Meaning::SendingAddressBlocked);
        assert_eq!(meaning_of(Stage::Data, domain), Meaning::PoorReputation);
    }

    #[test]
    fn a_relay_refusal_stays_a_setting_under_a_passing_number() {
        assert_eq!(
            meaning_of(Stage::Rcpt, "454 4.7.1 <a@example.com>: Relay access denied"),
            Meaning::RelayDenied
        );
    }
}
