//! What remains when no phrase is known: the enhanced status, the reply code, the stage.

use super::phrases::table;
use crate::failure::reply::Reply;
use crate::failure::{EnhancedCode, Meaning, Stage};

/// The enhanced status alone (RFC 3463 section 3; registry of RFC 5248; numbers from 7.50 on: Microsoft's
/// list of non-delivery reports for Exchange Online). General statuses (x.0, 7.1) say nothing here.
#[expect(clippy::match_same_arms, reason = "the numbers stand in the registry's order")]
pub(super) fn by_enhanced(reply: &Reply<'_>) -> Option<Meaning> {
    let code = reply.enhanced?;
    if let Some(meaning) = by_providers_own(reply.provider, code) {
        return Some(meaning);
    }
    let meaning = match (code.subject, code.detail) {
        (1, 1 | 4 | 10) => Meaning::MailboxUnknown,
        (1, 2) => Meaning::RecipientDomainUnknown,
        (1, 3 | 5) => Meaning::RecipientAddressInvalid,
        (1, 6) => Meaning::RecipientMoved,
        (1, 7) => Meaning::SenderAddressInvalid,
        (1, 8) => Meaning::SenderDomainUnknown,
        (1, 90) => Meaning::DailyLimit,
        (2, 1) if reply.stage != Stage::Mail => Meaning::MailboxDisabled,
        (2, 1) => Meaning::AccountSuspended,
        (2, 2) => Meaning::MailboxFull,
        (2, 3) | (3, 4) => Meaning::MessageTooLarge,
        (2, 4) | (7, 2) => Meaning::RecipientRefuses,
        (2, 121 | 122) => Meaning::RecipientLimit,
        (2, 252) => Meaning::SenderNotAllowed,
        (3, 1) => Meaning::ServerFull,
        (3, 2) | (4, 5) => Meaning::ServerBusy,
        (3, 3) | (5, 0..=2 | 4 | 5) => Meaning::CommandNotSupported,
        (3, 5) | (4, 6) => Meaning::MisconfiguredServer,
        (4, 1 | 4 | 7 | 310 | 312 | 316) if !reply.is_transient() => Meaning::RecipientDomainUnknown,
        (5, 3) => Meaning::TooManyRecipients,
        (5, 6) => Meaning::CredentialMalformed,
        (6, _) => Meaning::HeadersRefused,
        (7, 4) => Meaning::MechanismNotOffered,
        (7, 7) => Meaning::PolicyRefused,
        (7, 9) if reply.stage == Stage::Auth => Meaning::MechanismNotOffered,
        (7, 10 | 11 | 30) => Meaning::EncryptionRequired,
        (7, 12) if reply.stage == Stage::Auth => Meaning::PasswordExpired,
        (7, 13) if matches!(reply.stage, Stage::Auth | Stage::Mail) => Meaning::AccountSuspended,
        (7, 14) if reply.stage == Stage::Auth => Meaning::SignInRequired,
        (7, 13) => Meaning::MailboxDisabled,
        (7, 17..=19) => Meaning::RecipientRefuses,
        (7, 20..=24 | 26 | 27 | 29 | 32) => Meaning::SenderNotAuthenticated,
        (7, 25) => Meaning::ReverseNameMissing,
        (7, 28) => Meaning::PoorReputation,
        (7, 54 | 64) => Meaning::RelayDenied,
        (7, 57) => Meaning::AuthenticationMissing,
        (7, 60) => Meaning::SenderNotAllowed,
        (7, 120..=137 | 504 | 505 | 507) => Meaning::RecipientRefuses,
        (7, 233) => Meaning::DailyLimit,
        (7, 321..=325) => Meaning::MisconfiguredServer,
        (7, 501..=503) => Meaning::AccountSuspended,
        (7, 508 | 700..=749) => Meaning::SendingHeld,
        (7, 509 | 515) => Meaning::SenderNotAuthenticated,
        (7, 511 | 600..=649) => Meaning::SendingAddressBlocked,
        (7, 750) => Meaning::SenderNotVerified,
        _ => return None,
    };
    Some(meaning)
}

/// Numbers that a provider uses in another sense than the registry: Google's list of SMTP errors
/// (`support.google.com/a/answer/3726730`), Exchange Online's "bad outbound sender", Zoho's blocked outgoing
/// mail.
fn by_providers_own(provider: Option<&str>, code: EnhancedCode) -> Option<Meaning> {
    match (provider?, code.class, code.subject, code.detail) {
        ("gmail", 5, 4, 5) => Some(Meaning::DailyLimit),
        ("gmail", _, 7, 30) => Some(Meaning::SenderNotAuthenticated),
        ("gmail", _, 7, 29) => Some(Meaning::EncryptionRequired),
        ("outlook" | "exchange", 5, 1, 8) => Some(Meaning::AccountSuspended),
        ("zoho", 5, 1, 8) | ("zoho", 5, 4, 6) => Some(Meaning::SendingHeld),
        _ => None,
    }
}

/// A refused sign-in whose words are not known.
pub(super) fn of_sign_in(reply: &Reply<'_>) -> Option<Meaning> {
    by_enhanced(reply)
        .filter(|meaning| *meaning != Meaning::MailboxDisabled)
        .or(match reply.code? {
            534 | 535 => Some(Meaning::PasswordRefused),
            432 => Some(Meaning::PasswordExpired),
            530 => Some(Meaning::AuthenticationMissing),
            523 | 538 => Some(Meaning::EncryptionRequired),
            500..=504 => Some(Meaning::MechanismNotOffered),
            525 => Some(Meaning::SignInNotAllowed),
            _ => None,
        })
}

/// The reply code and the stage (RFC 5321 section 4.2.3 and 4.3.2, RFC 4954 section 6, RFC 7504).
#[expect(
    clippy::match_same_arms,
    reason = "the first arm that fits decides, from the special to the general"
)]
pub(super) fn by_code(reply: &Reply<'_>) -> Meaning {
    let Some(code) = reply.code else {
        return Meaning::Unexplained;
    };
    match (code, reply.stage) {
        (534 | 535, _) => Meaning::PasswordRefused,
        (530, _) => Meaning::AuthenticationMissing,
        (523 | 538, _) => Meaning::EncryptionRequired,
        (525, _) => Meaning::SignInNotAllowed,
        // Another number than 53z is no statement about the credential (RFC 4954 section 6).
        (_, Stage::Auth) => Meaning::SignInNotAllowed,
        (_, Stage::Imap) => Meaning::PasswordRefused,
        (_, Stage::Token) => Meaning::OAuthRequestRefused,
        (_, Stage::Tls) => Meaning::EncryptionNotOffered,
        (521, _) | (_, Stage::Connect) => Meaning::SendingAddressBlocked,
        (501, Stage::Rcpt) => Meaning::RecipientAddressInvalid,
        (500..=504 | 555, _) => Meaning::CommandNotSupported,
        (_, Stage::Mail) => Meaning::SenderNotAllowed,
        (541, _) => Meaning::PolicyRefused,
        (556, _) => Meaning::RecipientDomainUnknown,
        (551, _) => Meaning::RecipientMoved,
        (552, Stage::Rcpt) => Meaning::MailboxFull,
        (553, Stage::Rcpt) => Meaning::RecipientAddressInvalid,
        (550, Stage::Rcpt) => Meaning::MailboxUnknown,
        (_, Stage::Rcpt) => Meaning::RecipientRefuses,
        (552, Stage::Data) => Meaning::MessageTooLarge,
        (553, Stage::Data) => Meaning::SenderNotAllowed,
        (_, Stage::Data) => Meaning::PolicyRefused,
    }
}

table! {
    /// Short codes inside the words, from providers' own lists: `NetEase`
    /// (`mail.163.com/help/help_spam_16.htm`), Yahoo (`senders.yahooinc.com/smtp-error-codes`), Microsoft's
    /// Outlook.com postmaster page.
    pub(super) PROVIDER_CODES:
    DailyLimit =>
        "mi:stc";
    RateLimit =>
        "mi:sfq" | "rp:qrc" | "rp:trc";
    TooManyRecipients =>
        "rp:rcl";
    TooManyConnections =>
        "hl:icc";
    TooFast =>
        "hl:ifc" | "mi:cel" | "mi:ccl" | "mi:dmc" | "rp:cel" | "rp:ccl" | "rp:drc";
    SenderNotAllowed =>
        "dt:sum" | "mi:spb" | "wm:blu";
    SendingAddressBlocked =>
        "hl:rep" | "hl:mep" | "hl:ihu" | "hl:ipb" | "dt:rbl" | "wm:bli" | "tss09" | "tss11" | "[bl" |
        "(con:b" | "(rly:b" | "(dyn:";
    RelayDenied =>
        "rp:frl";
    SpamSuspected =>
        "dt:spm" | "[ph01]";
    ReputationDeferred =>
        "[tss";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, FailureClass, classify};

    fn class_of(stage: Stage, text: &str) -> FailureClass {
        classify(&Failure {
            provider: None,
            stage,
            code: None,
            enhanced: None,
            text,
        })
        .class
    }

    #[test]
    fn an_unknown_refusal_is_the_matter_of_what_was_given_last() {
        assert_eq!(class_of(Stage::Mail, "550 No."), FailureClass::Configuration);
        assert_eq!(class_of(Stage::Rcpt, "550 No."), FailureClass::Recipient);
        assert_eq!(class_of(Stage::Data, "554 No."), FailureClass::Message);
        assert_eq!(class_of(Stage::Auth, "535 No."), FailureClass::Reauthorize);
        assert_eq!(class_of(Stage::Connect, "554 No."), FailureClass::Configuration);
    }

    #[test]
    fn an_unknown_passing_refusal_passes_at_every_stage() {
        for stage in [
            Stage::Connect,
            Stage::Tls,
            Stage::Auth,
            Stage::Mail,
            Stage::Rcpt,
            Stage::Data,
        ] {
            assert_eq!(class_of(stage, "451 No."), FailureClass::Temporary, "{stage}");
        }
    }

    #[test]
    fn words_without_a_code_that_nobody_knows_blame_nobody() {
        for stage in [Stage::Auth, Stage::Mail, Stage::Rcpt, Stage::Data] {
            assert_eq!(class_of(stage, "No."), FailureClass::Temporary, "{stage}");
        }
    }

    #[test]
    fn a_provider_may_use_a_number_in_its_own_sense() {
        let of = |provider| {
            let text = "550 5.4.5 No.";
            classify(&Failure {
                provider,
                stage: Stage::Data,
                code: None,
                enhanced: None,
                text,
            })
            .meaning
        };

        assert_eq!(of(Some("gmail")), Meaning::DailyLimit);
        assert_ne!(of(None), Meaning::DailyLimit);
    }

    #[test]
    fn a_status_of_the_registry_decides_where_words_do_not() {
        assert_eq!(class_of(Stage::Data, "550 5.1.1 No."), FailureClass::Recipient);
        assert_eq!(class_of(Stage::Rcpt, "550 5.7.23 No."), FailureClass::Message);
        assert_eq!(
            class_of(Stage::Data, "550 5.7.750 No."),
            FailureClass::Configuration
        );
    }
}
