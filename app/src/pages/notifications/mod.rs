//! Notification Queue and History: what waits and why, and what was sent. One tab each, by the address's `tab`,
//! so that a tab can be linked to and opened without a script.

mod history;
mod pager;
mod queue;
mod what;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{history::History, queue::Queue};
use crate::{
    base::at,
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// Notification Queue and History.
#[component]
pub fn Notifications() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, notifications.title);
    let query = use_query_map();
    let is_history = Memo::new(move |_| query.with(|query| query.get_str("tab") == Some("history")));
    let tab = move |href: &'static str, words: &'static str, history: bool| {
        let current = move || (is_history.get() == history).then_some("page");
        view! {
            <li>
                <a href=at(href) aria-current=current>
                    {words}
                </a>
            </li>
        }
    };
    view! {
        <Title text=title />
        <PageHead title />
        <nav class="tabs" aria-label=tu_string!(i18n, notifications.tabs)>
            <ul>
                {tab("/notifications", tu_string!(i18n, notifications.queue), false)}
                {tab("/notifications?tab=history", tu_string!(i18n, notifications.history), true)}
            </ul>
        </nav>
        {move || if is_history.get() { view! { <History /> }.into_any() } else { view! { <Queue /> }.into_any() }}
    }
    .into_any()
}
