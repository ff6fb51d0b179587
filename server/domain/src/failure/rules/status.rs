//! What remains when no phrase is known: the enhanced status, the reply code, the stage.

use super::phrases::Table;
use crate::failure::Meaning::{self, *};
use crate::failure::Stage;
use crate::failure::reply::Reply;

/// The enhanced status alone (RFC 3463 section 3; registry of RFC 5248; numbers from 7.50 on: Microsoft's
/// list of non-delivery reports for Exchange Online). General statuses (x.0, 7.1) say nothing here.
pub(super) fn by_enhanced(reply: &Reply<'_>) -> Option<Meaning> {
    let code = reply.enhanced?;
    let meaning = match (code.subject, code.detail) {
        (1, 1 | 4 | 10) => MailboxUnknown,
        (1, 2) => RecipientDomainUnknown,
        (1, 3 | 5) => RecipientAddressInvalid,
        (1, 6) => RecipientMoved,
        (1, 7) => SenderAddressInvalid,
        (1, 8) => SenderDomainUnknown,
        (1, 90) => DailyLimit,
        (2, 1) if reply.stage != Stage::Mail => MailboxDisabled,
        (2, 1) => AccountSuspended,
        (2, 2) => MailboxFull,
        (2, 3) | (3, 4) => MessageTooLarge,
        (2, 4) | (7, 2) => RecipientRefuses,
        (2, 121 | 122) => RecipientLimit,
        (2, 252) => SenderNotAllowed,
        (3, 1) => ServerFull,
        (3, 2) | (4, 5) => ServerBusy,
        (3, 3) | (5, 0..=2 | 4 | 5) => CommandNotSupported,
        (3, 5) | (4, 6) => MisconfiguredServer,
        (4, 1 | 4 | 7 | 310 | 312 | 316) if !reply.is_transient() => RecipientDomainUnknown,
        (5, 3) => TooManyRecipients,
        (5, 6) => CredentialMalformed,
        (6, _) => HeadersRefused,
        (7, 4) => MechanismNotOffered,
        (7, 7) => PolicyRefused,
        (7, 9) if reply.stage == Stage::Auth => MechanismNotOffered,
        (7, 10 | 11 | 30) => EncryptionRequired,
        (7, 12) if reply.stage == Stage::Auth => PasswordExpired,
        (7, 13) if matches!(reply.stage, Stage::Auth | Stage::Mail) => AccountSuspended,
        (7, 14) if reply.stage == Stage::Auth => SignInRequired,
        (7, 13) => MailboxDisabled,
        (7, 17 | 18 | 19) => RecipientRefuses,
        (7, 20..=24 | 26 | 27 | 29 | 32) => SenderNotAuthenticated,
        (7, 25) => ReverseNameMissing,
        (7, 28) => PoorReputation,
        (7, 54 | 64) => RelayDenied,
        (7, 57) => AuthenticationMissing,
        (7, 60) => SenderNotAllowed,
        (7, 120..=137 | 504 | 505 | 507) => RecipientRefuses,
        (7, 233) => DailyLimit,
        (7, 321..=325) => MisconfiguredServer,
        (7, 501..=503) => AccountSuspended,
        (7, 508) | (7, 700..=749) => SendingHeld,
        (7, 509 | 515) => SenderNotAuthenticated,
        (7, 511) | (7, 600..=649) => SendingAddressBlocked,
        (7, 750) => SenderNotVerified,
        _ => return None,
    };
    Some(meaning)
}

/// A refused sign-in whose words are not known.
pub(super) fn of_sign_in(reply: &Reply<'_>) -> Option<Meaning> {
    by_enhanced(reply)
        .filter(|meaning| *meaning != MailboxDisabled)
        .or(match reply.code? {
            534 | 535 => Some(PasswordRefused),
            432 => Some(PasswordExpired),
            530 => Some(AuthenticationMissing),
            523 | 538 => Some(EncryptionRequired),
            500..=504 => Some(MechanismNotOffered),
            525 => Some(SignInNotAllowed),
            _ => None,
        })
}

/// The reply code and the stage (RFC 5321 section 4.2.3 and 4.3.2, RFC 4954 section 6, RFC 7504).
pub(super) fn by_code(reply: &Reply<'_>) -> Meaning {
    match (reply.code.unwrap_or_default(), reply.stage) {
        (534 | 535, _) => PasswordRefused,
        (530, _) => AuthenticationMissing,
        (523 | 538, _) => EncryptionRequired,
        (525, _) => SignInNotAllowed,
        // Another number than 53z is no statement about the credential (RFC 4954 section 6).
        (_, Stage::Auth) => SignInNotAllowed,
        (_, Stage::Imap) => PasswordRefused,
        (_, Stage::Token) => OAuthRequestRefused,
        (_, Stage::Tls) => EncryptionNotOffered,
        (521, _) | (_, Stage::Connect) if reply.code.is_some() => SendingAddressBlocked,
        (_, Stage::Connect) => ConnectionLost,
        (501, Stage::Rcpt) => RecipientAddressInvalid,
        (500..=504 | 555, _) => CommandNotSupported,
        (_, Stage::Mail) => SenderNotAllowed,
        (541, _) => PolicyRefused,
        (556, _) => RecipientDomainUnknown,
        (551, _) => RecipientMoved,
        (552, Stage::Rcpt) => MailboxFull,
        (553, Stage::Rcpt) => RecipientAddressInvalid,
        (550, Stage::Rcpt) => MailboxUnknown,
        (_, Stage::Rcpt) => RecipientRefuses,
        (552, Stage::Data) => MessageTooLarge,
        (553, Stage::Data) => SenderNotAllowed,
        (500.., Stage::Data) => PolicyRefused,
        (_, Stage::Data) => ConnectionLost,
    }
}

/// Short codes inside the words, from providers' own lists: NetEase
/// (`mail.163.com/help/help_spam_16.htm`), Yahoo (`senders.yahooinc.com/smtp-error-codes`), Microsoft's
/// Outlook.com postmaster page.
pub(super) const PROVIDER_CODES: Table = &[
    (DailyLimit, &["mi:stc"]),
    (RateLimit, &["mi:sfq", "rp:qrc", "rp:trc"]),
    (TooManyRecipients, &["rp:rcl"]),
    (TooManyConnections, &["hl:icc"]),
    (
        TooFast,
        &[
            "hl:ifc", "mi:cel", "mi:ccl", "mi:dmc", "rp:cel", "rp:ccl", "rp:drc",
        ],
    ),
    (SenderNotAllowed, &["dt:sum", "mi:spb", "wm:blu"]),
    (
        SendingAddressBlocked,
        &[
            "hl:rep", "hl:mep", "hl:ihu", "hl:ipb", "dt:rbl", "wm:bli", "tss09", "tss11", "[bl",
        ],
    ),
    (RelayDenied, &["rp:frl"]),
    (SpamSuspected, &["dt:spm", "[ph01]"]),
    (ReputationDeferred, &["[tss"]),
];

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
    fn a_status_of_the_registry_decides_where_words_do_not() {
        assert_eq!(class_of(Stage::Data, "550 5.1.1 No."), FailureClass::Recipient);
        assert_eq!(class_of(Stage::Rcpt, "550 5.7.23 No."), FailureClass::Message);
        assert_eq!(
            class_of(Stage::Data, "550 5.7.750 No."),
            FailureClass::Configuration
        );
    }
}
