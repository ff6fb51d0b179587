//! What a notification tells, in a table's cell.

use leptos::prelude::*;
use tocsin_domain::notification::Notification;

use crate::{
    base::at,
    components::mark::{Mark, Shape},
    i18n::{tu_string, use_i18n},
    words,
};

/// Severity, headline with a link to all of it, and a quiet line: application and recipients.
#[component]
pub fn What(
    /// The notification.
    notification: Notification,
) -> impl IntoView {
    let i18n = use_i18n();
    let recipients: Vec<_> = notification.recipients.iter().map(ToString::to_string).collect();
    let line = tu_string!(
        i18n,
        notifications.line,
        severity = words::notification::severity(i18n, notification.severity),
        application = notification.application,
        recipients = recipients.join(", ")
    );
    view! {
        <div class="who">
            <Mark shape=Shape::from(notification.severity) />
            <div>
                <a href=at(format!("/notifications/{}", notification.id))>{notification.headline}</a>
                <div class="sub">{line}</div>
            </div>
        </div>
    }
    .into_any()
}
