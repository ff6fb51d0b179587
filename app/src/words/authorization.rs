//! An account's authorization in words.

use jiff::{Timestamp, tz::TimeZone};
use tocsin_domain::authorization::{Authorization, Ending};

use super::{I18n, failure};
use crate::{components::time::day, i18n::tu_string};

/// The state in a word or two: `Expired`, `Unreachable`.
pub fn short(i18n: I18n, authorization: &Authorization) -> String {
    let word = match authorization {
        Authorization::Expiring { ends, .. } => {
            return format!(
                "{} {}",
                tu_string!(i18n, accounts.state.expiring),
                day_of(i18n, *ends)
            );
        }
        Authorization::Unverified => tu_string!(i18n, accounts.state.unverified),
        Authorization::Authorized => tu_string!(i18n, accounts.state.authorized),
        Authorization::Unreachable { .. } => tu_string!(i18n, accounts.state.unreachable),
        Authorization::NeedsConfiguration(_) => tu_string!(i18n, accounts.state.needs_configuration),
        Authorization::NeedsReauthorization(_) => tu_string!(i18n, common.authorization.expired),
    };
    word.to_owned()
}

/// The state in a sentence that says why, and what to do where something is to be done.
pub fn sentence(i18n: I18n, authorization: &Authorization) -> String {
    let sentence = match authorization {
        Authorization::NeedsReauthorization(_) => tu_string!(i18n, accounts.state.expired),
        Authorization::NeedsConfiguration(_) if authorization.application_fault().is_some() => {
            tu_string!(i18n, warnings.application.row)
        }
        Authorization::NeedsConfiguration(refusal) => failure::meaning(i18n, refusal.meaning),
        Authorization::Expiring { why, .. } => match why {
            Ending::GrantLifetime => tu_string!(i18n, accounts.state.ends_grant),
            Ending::ApplicationSecret => tu_string!(i18n, accounts.state.ends_secret),
            Ending::PasswordSignIn => tu_string!(i18n, accounts.state.ends_password),
        },
        Authorization::Unreachable { .. } => tu_string!(i18n, common.authorization.outage),
        Authorization::Authorized | Authorization::Unverified => return short(i18n, authorization),
    };
    sentence.to_owned()
}

/// The day in UTC, so that server and browser say the same.
fn day_of(i18n: I18n, at: Timestamp) -> String {
    let date = at.to_zoned(TimeZone::UTC).date();
    day(date, tu_string!(i18n, common.time.months))
}
