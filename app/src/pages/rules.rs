//! System Notification Rules: event and alert notifications.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// System Notification Rules: event and alert notifications.
#[component]
pub fn Rules() -> impl IntoView {
    let title = tu_string!(use_i18n(), rules.title);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
