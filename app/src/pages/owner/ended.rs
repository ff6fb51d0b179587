//! Thanks, and links that do not work: which it is and whom to ask, and no more.

use leptos::prelude::*;
use tocsin_domain::address::EmailAddress;
use tocsin_engine::links::{Ended, UsedBy};

use super::texts::{Locale, td_string};
use crate::components::{mark::Shape, note::Note};

/// A page on which there is nothing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The link does not work any more; used by this browser, it has done its work.
    Ended {
        /// Why.
        ended: Ended,
        /// Who can make another one.
        ask: Option<EmailAddress>,
    },
    /// No link has this token.
    NotValid,
    /// Too many wrong tokens.
    Wait(u64),
    /// A sign-in that came back cannot be told from anybody's.
    Over,
    /// Tocsin failed.
    Failed,
}

/// The heading.
pub(super) fn title(locale: Locale, closed: &Closed) -> &'static str {
    match closed {
        Closed::Ended { ended, .. } => match ended {
            Ended::Used(UsedBy::ThisBrowser) => td_string!(locale, owner.head.thanks),
            Ended::Used(UsedBy::Another) => td_string!(locale, owner.head.used),
            Ended::Revoked => td_string!(locale, owner.head.revoked),
            Ended::Expired => td_string!(locale, owner.head.expired_link),
            Ended::TriedTooOften => td_string!(locale, owner.head.tried_too_often),
        },
        Closed::NotValid => td_string!(locale, owner.head.not_valid),
        Closed::Wait(_) => td_string!(locale, owner.head.wait),
        Closed::Over | Closed::Failed => td_string!(locale, owner.head.failed),
    }
}

/// The page.
pub(super) fn view(locale: Locale, closed: Closed) -> AnyView {
    let title = title(locale, &closed);
    let body = match closed {
        Closed::Ended {
            ended: Ended::Used(UsedBy::ThisBrowser),
            ..
        } => {
            let sent = td_string!(locale, owner.thanks.sent);
            view! {
                <Note shape=Shape::Ok title=sent />
                <p>{td_string!(locale, owner.thanks.close)}</p>
            }
            .into_any()
        }
        Closed::Ended { ended, ask } => {
            let once = matches!(ended, Ended::Used(_)).then(|| td_string!(locale, owner.ended.once));
            let ask = ask.map_or_else(
                || td_string!(locale, owner.ended.ask_sender).to_owned(),
                |ask| td_string!(locale, owner.ended.ask, ask = ask.to_string()),
            );
            view! { <p class="anywhere">{once} " " {ask}</p> }.into_any()
        }
        Closed::NotValid => view! { <p>{td_string!(locale, owner.ended.not_valid)}</p> }.into_any(),
        Closed::Wait(seconds) => {
            view! { <p>{td_string!(locale, owner.ended.wait, seconds = seconds)}</p> }.into_any()
        }
        Closed::Over => view! { <p>{td_string!(locale, owner.problem.over)}</p> }.into_any(),
        Closed::Failed => view! { <p>{td_string!(locale, owner.ended.failed)}</p> }.into_any(),
    };
    view! {
        <h1>{title}</h1>
        {body}
    }
    .into_any()
}
