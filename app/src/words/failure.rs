//! What each failure means and what mends it, in the reader's language. A meaning without its text is a build
//! error.

use tocsin_domain::failure::{FailureClass, Meaning, NextStep, Stage};

use super::I18n;
use crate::{components::mark::Shape, i18n::tu_string};

/// The mark of an attempt that failed with a class: red where somebody must act.
pub fn shape(class: FailureClass) -> Shape {
    match class {
        FailureClass::Reauthorize => Shape::Expired,
        FailureClass::Configuration => Shape::Configuration,
        FailureClass::Temporary => Shape::Queued,
        FailureClass::Quota => Shape::Held,
        FailureClass::Recipient | FailureClass::Message => Shape::Failed,
    }
}

/// The step of the conversation that failed.
pub fn stage(i18n: I18n, stage: Stage) -> &'static str {
    match stage {
        Stage::Connect => tu_string!(i18n, failure.stage.connect),
        Stage::Tls => tu_string!(i18n, failure.stage.tls),
        Stage::Auth => tu_string!(i18n, failure.stage.auth),
        Stage::Mail => tu_string!(i18n, failure.stage.mail),
        Stage::Rcpt => tu_string!(i18n, failure.stage.rcpt),
        Stage::Data => tu_string!(i18n, failure.stage.data),
        Stage::Token => tu_string!(i18n, failure.stage.token),
        Stage::Imap => tu_string!(i18n, failure.stage.imap),
    }
}

/// A failure's class in a word or two.
pub fn class(i18n: I18n, class: FailureClass) -> &'static str {
    match class {
        FailureClass::Reauthorize => tu_string!(i18n, failure.class.reauthorize),
        FailureClass::Configuration => tu_string!(i18n, failure.class.configuration),
        FailureClass::Temporary => tu_string!(i18n, failure.class.temporary),
        FailureClass::Quota => tu_string!(i18n, failure.class.quota),
        FailureClass::Recipient => tu_string!(i18n, failure.class.recipient),
        FailureClass::Message => tu_string!(i18n, failure.class.message),
    }
}

/// What happened, in a sentence.
pub fn meaning(i18n: I18n, meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::GrantRevoked => tu_string!(i18n, failure.meaning.grant_revoked),
        Meaning::ConsentRequired => tu_string!(i18n, failure.meaning.consent_required),
        Meaning::SignInRequired => tu_string!(i18n, failure.meaning.sign_in_required),
        Meaning::TokenRefused => tu_string!(i18n, failure.meaning.token_refused),
        Meaning::PasswordRefused => tu_string!(i18n, failure.meaning.password_refused),
        Meaning::PasswordExpired => tu_string!(i18n, failure.meaning.password_expired),
        Meaning::AppPasswordRequired => tu_string!(i18n, failure.meaning.app_password_required),
        Meaning::AuthorizationCodeRefused => tu_string!(i18n, failure.meaning.authorization_code_refused),
        Meaning::TooManyBadPasswords => tu_string!(i18n, failure.meaning.too_many_bad_passwords),
        Meaning::OAuthApplicationRefused => tu_string!(i18n, failure.meaning.oauth_application_refused),
        Meaning::OAuthSecretRefused => tu_string!(i18n, failure.meaning.oauth_secret_refused),
        Meaning::OAuthSecretExpired => tu_string!(i18n, failure.meaning.oauth_secret_expired),
        Meaning::OAuthRequestRefused => tu_string!(i18n, failure.meaning.oauth_request_refused),
        Meaning::SmtpAuthSwitchedOff => tu_string!(i18n, failure.meaning.smtp_auth_switched_off),
        Meaning::ImapSwitchedOff => tu_string!(i18n, failure.meaning.imap_switched_off),
        Meaning::SignInNotAllowed => tu_string!(i18n, failure.meaning.sign_in_not_allowed),
        Meaning::AccountSuspended => tu_string!(i18n, failure.meaning.account_suspended),
        Meaning::MechanismNotOffered => tu_string!(i18n, failure.meaning.mechanism_not_offered),
        Meaning::CredentialMalformed => tu_string!(i18n, failure.meaning.credential_malformed),
        Meaning::AuthorizationIdentityRefused => {
            tu_string!(i18n, failure.meaning.authorization_identity_refused)
        }
        Meaning::AuthenticationMissing => tu_string!(i18n, failure.meaning.authentication_missing),
        Meaning::EncryptionRequired => tu_string!(i18n, failure.meaning.encryption_required),
        Meaning::EncryptionNotOffered => tu_string!(i18n, failure.meaning.encryption_not_offered),
        Meaning::EncryptionMismatch => tu_string!(i18n, failure.meaning.encryption_mismatch),
        Meaning::CertificateNotTrusted => tu_string!(i18n, failure.meaning.certificate_not_trusted),
        Meaning::CertificateExpired => tu_string!(i18n, failure.meaning.certificate_expired),
        Meaning::CertificateNameMismatch => tu_string!(i18n, failure.meaning.certificate_name_mismatch),
        Meaning::CertificateRefused => tu_string!(i18n, failure.meaning.certificate_refused),
        Meaning::NameNotFound => tu_string!(i18n, failure.meaning.name_not_found),
        Meaning::NothingListens => tu_string!(i18n, failure.meaning.nothing_listens),
        Meaning::WrongServer => tu_string!(i18n, failure.meaning.wrong_server),
        Meaning::HelloRefused => tu_string!(i18n, failure.meaning.hello_refused),
        Meaning::CommandNotSupported => tu_string!(i18n, failure.meaning.command_not_supported),
        Meaning::SenderNotAllowed => tu_string!(i18n, failure.meaning.sender_not_allowed),
        Meaning::SenderNotVerified => tu_string!(i18n, failure.meaning.sender_not_verified),
        Meaning::SenderDomainUnknown => tu_string!(i18n, failure.meaning.sender_domain_unknown),
        Meaning::SenderAddressInvalid => tu_string!(i18n, failure.meaning.sender_address_invalid),
        Meaning::RelayDenied => tu_string!(i18n, failure.meaning.relay_denied),
        Meaning::SendingAddressBlocked => tu_string!(i18n, failure.meaning.sending_address_blocked),
        Meaning::MisconfiguredServer => tu_string!(i18n, failure.meaning.misconfigured_server),
        Meaning::TooManyLogins => tu_string!(i18n, failure.meaning.too_many_logins),
        Meaning::TooManyConnections => tu_string!(i18n, failure.meaning.too_many_connections),
        Meaning::TooFast => tu_string!(i18n, failure.meaning.too_fast),
        Meaning::AuthenticationServiceDown => tu_string!(i18n, failure.meaning.authentication_service_down),
        Meaning::AccessTokenExpired => tu_string!(i18n, failure.meaning.access_token_expired),
        Meaning::TokenEndpointBusy => tu_string!(i18n, failure.meaning.token_endpoint_busy),
        Meaning::TokenEndpointDown => tu_string!(i18n, failure.meaning.token_endpoint_down),
        Meaning::AuthorizationPending => tu_string!(i18n, failure.meaning.authorization_pending),
        Meaning::NameLookupFailed => tu_string!(i18n, failure.meaning.name_lookup_failed),
        Meaning::NetworkUnreachable => tu_string!(i18n, failure.meaning.network_unreachable),
        Meaning::ConnectionRefused => tu_string!(i18n, failure.meaning.connection_refused),
        Meaning::ConnectionLost => tu_string!(i18n, failure.meaning.connection_lost),
        Meaning::TimedOut => tu_string!(i18n, failure.meaning.timed_out),
        Meaning::ServerBusy => tu_string!(i18n, failure.meaning.server_busy),
        Meaning::ServerFault => tu_string!(i18n, failure.meaning.server_fault),
        Meaning::ServerFull => tu_string!(i18n, failure.meaning.server_full),
        Meaning::MailboxInUse => tu_string!(i18n, failure.meaning.mailbox_in_use),
        Meaning::Greylisted => tu_string!(i18n, failure.meaning.greylisted),
        Meaning::ReputationDeferred => tu_string!(i18n, failure.meaning.reputation_deferred),
        Meaning::RecipientBusy => tu_string!(i18n, failure.meaning.recipient_busy),
        Meaning::RecipientCheckPending => tu_string!(i18n, failure.meaning.recipient_check_pending),
        Meaning::Unexplained => tu_string!(i18n, failure.meaning.unexplained),
        Meaning::Deferred => tu_string!(i18n, failure.meaning.deferred),
        Meaning::DailyLimit => tu_string!(i18n, failure.meaning.daily_limit),
        Meaning::RateLimit => tu_string!(i18n, failure.meaning.rate_limit),
        Meaning::TooManyRecipients => tu_string!(i18n, failure.meaning.too_many_recipients),
        Meaning::CreditsUsedUp => tu_string!(i18n, failure.meaning.credits_used_up),
        Meaning::SendingHeld => tu_string!(i18n, failure.meaning.sending_held),
        Meaning::StorageFull => tu_string!(i18n, failure.meaning.storage_full),
        Meaning::MailboxUnknown => tu_string!(i18n, failure.meaning.mailbox_unknown),
        Meaning::MailboxDisabled => tu_string!(i18n, failure.meaning.mailbox_disabled),
        Meaning::MailboxFull => tu_string!(i18n, failure.meaning.mailbox_full),
        Meaning::RecipientDomainUnknown => tu_string!(i18n, failure.meaning.recipient_domain_unknown),
        Meaning::RecipientAddressInvalid => tu_string!(i18n, failure.meaning.recipient_address_invalid),
        Meaning::RecipientMoved => tu_string!(i18n, failure.meaning.recipient_moved),
        Meaning::RecipientLimit => tu_string!(i18n, failure.meaning.recipient_limit),
        Meaning::RecipientRefuses => tu_string!(i18n, failure.meaning.recipient_refuses),
        Meaning::SpamSuspected => tu_string!(i18n, failure.meaning.spam_suspected),
        Meaning::VirusFound => tu_string!(i18n, failure.meaning.virus_found),
        Meaning::MessageTooLarge => tu_string!(i18n, failure.meaning.message_too_large),
        Meaning::AttachmentRefused => tu_string!(i18n, failure.meaning.attachment_refused),
        Meaning::HeadersRefused => tu_string!(i18n, failure.meaning.headers_refused),
        Meaning::SenderNotAuthenticated => tu_string!(i18n, failure.meaning.sender_not_authenticated),
        Meaning::ReverseNameMissing => tu_string!(i18n, failure.meaning.reverse_name_missing),
        Meaning::PoorReputation => tu_string!(i18n, failure.meaning.poor_reputation),
        Meaning::PolicyRefused => tu_string!(i18n, failure.meaning.policy_refused),
    }
}

/// What mends it, in a sentence.
pub fn next_step(i18n: I18n, step: NextStep) -> &'static str {
    match step {
        NextStep::Reauthorize => tu_string!(i18n, failure.next_step.reauthorize),
        NextStep::EnterNewPassword => tu_string!(i18n, failure.next_step.enter_new_password),
        NextStep::CreateAppPassword => tu_string!(i18n, failure.next_step.create_app_password),
        NextStep::CheckOAuthApplication => tu_string!(i18n, failure.next_step.check_oauth_application),
        NextStep::RenewOAuthSecret => tu_string!(i18n, failure.next_step.renew_oauth_secret),
        NextStep::SwitchOnAtProvider => tu_string!(i18n, failure.next_step.switch_on_at_provider),
        NextStep::AskAdministrator => tu_string!(i18n, failure.next_step.ask_administrator),
        NextStep::UnblockAccount => tu_string!(i18n, failure.next_step.unblock_account),
        NextStep::CheckSignInMethod => tu_string!(i18n, failure.next_step.check_sign_in_method),
        NextStep::CheckHostAndPort => tu_string!(i18n, failure.next_step.check_host_and_port),
        NextStep::CheckTlsMode => tu_string!(i18n, failure.next_step.check_tls_mode),
        NextStep::AddCertificate => tu_string!(i18n, failure.next_step.add_certificate),
        NextStep::CheckCertificate => tu_string!(i18n, failure.next_step.check_certificate),
        NextStep::CheckHelloName => tu_string!(i18n, failure.next_step.check_hello_name),
        NextStep::UseOwnAddress => tu_string!(i18n, failure.next_step.use_own_address),
        NextStep::VerifySender => tu_string!(i18n, failure.next_step.verify_sender),
        NextStep::CheckRelayPermission => tu_string!(i18n, failure.next_step.check_relay_permission),
        NextStep::CheckSendingAddress => tu_string!(i18n, failure.next_step.check_sending_address),
        NextStep::WaitAndRetry => tu_string!(i18n, failure.next_step.wait_and_retry),
        NextStep::CheckNetwork => tu_string!(i18n, failure.next_step.check_network),
        NextStep::WaitForQuota => tu_string!(i18n, failure.next_step.wait_for_quota),
        NextStep::UpgradePlan => tu_string!(i18n, failure.next_step.upgrade_plan),
        NextStep::FreeStorage => tu_string!(i18n, failure.next_step.free_storage),
        NextStep::CheckRecipient => tu_string!(i18n, failure.next_step.check_recipient),
        NextStep::TellRecipient => tu_string!(i18n, failure.next_step.tell_recipient),
        NextStep::ChangeMessage => tu_string!(i18n, failure.next_step.change_message),
        NextStep::AuthenticateDomain => tu_string!(i18n, failure.next_step.authenticate_domain),
        NextStep::ImproveReputation => tu_string!(i18n, failure.next_step.improve_reputation),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::Value;

    use super::*;

    fn text(group: &str, key: &str) -> String {
        let texts: Value = serde_json::from_str(include_str!("../../locales/en/failure.json")).unwrap();
        let text = &texts[group][key.replace('-', "_")];
        text.as_str()
            .unwrap_or_else(|| panic!("{group}: {key}"))
            .to_owned()
    }

    #[test]
    fn every_meaning_and_next_step_has_the_domains_sentence_in_english() {
        for meaning in Meaning::ALL {
            assert_eq!(text("meaning", meaning.key()), meaning.to_string());
        }
        for step in NextStep::ALL {
            assert_eq!(text("next_step", step.key()), step.to_string());
        }
    }
}
