//! A notification's state and severity in words, and why it stands there.

use tocsin_domain::{
    address::EmailAddress,
    failure::Meaning,
    notification::{Notification, Reason, State},
    severity::Severity,
};

use super::{I18n, failure};
use crate::i18n::tu_string;

/// The state in a word.
pub fn state(i18n: I18n, state: State) -> &'static str {
    match state {
        State::Queued => tu_string!(i18n, notifications.state.queued),
        State::Sending => tu_string!(i18n, notifications.state.sending),
        State::Held => tu_string!(i18n, notifications.state.held),
        State::Sent => tu_string!(i18n, notifications.state.sent),
        State::Bounced => tu_string!(i18n, notifications.state.bounced),
        State::Acknowledged => tu_string!(i18n, notifications.state.acknowledged),
        State::Failed => tu_string!(i18n, notifications.state.failed),
    }
}

/// The severity in a word.
pub fn severity(i18n: I18n, severity: Severity) -> &'static str {
    match severity {
        Severity::Information => tu_string!(i18n, notifications.severity.information),
        Severity::Warning => tu_string!(i18n, notifications.severity.warning),
        Severity::Error => tu_string!(i18n, notifications.severity.error),
    }
}

/// Why it stands where it stands; empty where the state says it all.
pub fn why(i18n: I18n, notification: &Notification) -> String {
    match (&notification.reason, notification.state) {
        (Some(Reason::NoSender), _) | (None, State::Held) => {
            tu_string!(i18n, notifications.why.no_sender).to_owned()
        }
        (Some(Reason::SendersGone), _) => tu_string!(i18n, notifications.why.senders_gone).to_owned(),
        (Some(Reason::Temporary { meaning } | Reason::Refused { meaning }), _) => {
            failure::meaning(i18n, *meaning).to_owned()
        }
        (Some(Reason::PartlyRefused { recipients }), _) => {
            let names: Vec<_> = recipients.iter().map(ToString::to_string).collect();
            tu_string!(
                i18n,
                notifications.why.partly_refused,
                recipients = names.join(", ")
            )
        }
        (
            Some(Reason::Undelivered {
                recipients, meaning, ..
            }),
            _,
        ) => undelivered(i18n, recipients, *meaning),
        (Some(Reason::Replied { by, .. }), _) => {
            tu_string!(i18n, notifications.why.replied, by = by.to_string())
        }
        (Some(Reason::TooOld), _) => tu_string!(i18n, notifications.why.too_old).to_owned(),
        (Some(Reason::Over), _) => tu_string!(i18n, notifications.why.over).to_owned(),
        (Some(Reason::Cancelled), _) => tu_string!(i18n, notifications.why.cancelled).to_owned(),
        (None, State::Queued) => tu_string!(i18n, notifications.why.turn).to_owned(),
        (None, State::Sending) => tu_string!(i18n, notifications.why.under_way).to_owned(),
        (None, _) => String::new(),
    }
}

fn undelivered(i18n: I18n, recipients: &[EmailAddress], meaning: Meaning) -> String {
    let meaning = failure::meaning(i18n, meaning);
    if recipients.is_empty() {
        return tu_string!(i18n, notifications.why.undelivered_somebody, meaning = meaning);
    }
    let names: Vec<_> = recipients.iter().map(ToString::to_string).collect();
    tu_string!(
        i18n,
        notifications.why.undelivered,
        recipients = names.join(", "),
        meaning = meaning
    )
}
