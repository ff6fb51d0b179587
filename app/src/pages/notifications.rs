//! Notification Queue and History.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// Notification Queue and History.
#[component]
pub fn Notifications() -> impl IntoView {
    let title = tu_string!(use_i18n(), notifications.title);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
