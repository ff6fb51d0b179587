//! The attempts of a notification: the server's words verbatim in a box, our meaning below.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{
    mark::{Mark, Shape},
    time::{Moment, Precision},
};
use crate::i18n::{tu_string, use_i18n};

/// The list; its children are [`AttemptItem`]s, oldest first.
#[component]
pub fn Timeline(children: Children) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <ol class="timeline" aria-label=tu_string!(i18n, common.attempts)>
            {children()}
        </ol>
    }
    .into_any()
}

/// One attempt.
#[component]
pub fn AttemptItem(
    /// How it ended.
    shape: Shape,
    /// When it began.
    at: Timestamp,
    /// The account that tried.
    #[prop(into)]
    account: String,
    /// The failure's class, or `sent`.
    #[prop(into)]
    class: String,
    /// Server and duration: `smtp.gmail.com:465, 0.8 s`.
    #[prop(into)]
    server: String,
    /// What it means.
    children: Children,
) -> impl IntoView {
    view! {
        <li>
            <Mark shape />
            <Moment at precision=Precision::Second />
            <div>
                <b>{account}</b>
                " "
                <span class="chip">{class}</span>
                " "
                <span class="sub">{server}</span>
                {children()}
            </div>
        </li>
    }
    .into_any()
}
