//! What was told, and what the webhook answered, in words.

use tocsin_domain::{told::Kind, webhook::Answer};

use super::I18n;
use crate::i18n::tu_string;

/// Of what somebody was told.
pub fn kind(i18n: I18n, kind: Kind) -> &'static str {
    match kind {
        Kind::Expired => tu_string!(i18n, warnings.told.expired),
        Kind::SettingRefused => tu_string!(i18n, warnings.told.setting_refused),
        Kind::Unreachable => tu_string!(i18n, warnings.told.unreachable),
        Kind::GrantEnds => tu_string!(i18n, warnings.told.grant_ends),
        Kind::ApplicationRefused => tu_string!(i18n, warnings.told.application_refused),
        Kind::SecretEnds => tu_string!(i18n, warnings.told.secret_ends),
        Kind::WorksAgain => tu_string!(i18n, warnings.told.works_again),
        Kind::LinkSent => tu_string!(i18n, warnings.told.link_sent),
        Kind::LinkUsed => tu_string!(i18n, warnings.told.link_used),
        Kind::ImportReport => tu_string!(i18n, warnings.told.import_report),
    }
}

/// What the webhook answered.
pub fn answer(i18n: I18n, answer: Answer) -> String {
    let said = match answer {
        Answer::Accepted { status } => return tu_string!(i18n, warnings.webhook.accepted, status = status),
        Answer::Redirected { status } => {
            return tu_string!(i18n, warnings.webhook.redirected, status = status);
        }
        Answer::NotAuthorized { status } => {
            return tu_string!(i18n, warnings.webhook.not_authorized, status = status);
        }
        Answer::NotFound { status } => return tu_string!(i18n, warnings.webhook.not_found, status = status),
        Answer::Refused { status } => return tu_string!(i18n, warnings.webhook.refused, status = status),
        Answer::Failing { status } => return tu_string!(i18n, warnings.webhook.failing, status = status),
        Answer::NameUnknown => tu_string!(i18n, warnings.webhook.name_unknown),
        Answer::NotConnected => tu_string!(i18n, warnings.webhook.not_connected),
        Answer::NotTrusted => tu_string!(i18n, warnings.webhook.not_trusted),
        Answer::TimedOut => tu_string!(i18n, warnings.webhook.timed_out),
        Answer::BrokeOff => tu_string!(i18n, warnings.webhook.broke_off),
    };
    said.to_owned()
}

/// What to do about it; empty where there is nothing to do.
pub fn next_step(i18n: I18n, answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted { .. } => "",
        Answer::Redirected { .. } => tu_string!(i18n, warnings.webhook.redirected_next),
        Answer::NotAuthorized { .. } => tu_string!(i18n, warnings.webhook.not_authorized_next),
        Answer::NotFound { .. } => tu_string!(i18n, warnings.webhook.not_found_next),
        Answer::Refused { .. } => tu_string!(i18n, warnings.webhook.refused_next),
        Answer::Failing { .. } => tu_string!(i18n, warnings.webhook.failing_next),
        Answer::NameUnknown => tu_string!(i18n, warnings.webhook.name_unknown_next),
        Answer::NotConnected => tu_string!(i18n, warnings.webhook.not_connected_next),
        Answer::NotTrusted => tu_string!(i18n, warnings.webhook.not_trusted_next),
        Answer::TimedOut => tu_string!(i18n, warnings.webhook.timed_out_next),
        Answer::BrokeOff => tu_string!(i18n, warnings.webhook.broke_off_next),
    }
}
