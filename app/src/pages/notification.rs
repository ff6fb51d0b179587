//! One notification with every attempt.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// One notification with every attempt.
#[component]
pub fn Notification() -> impl IntoView {
    let title = tu_string!(use_i18n(), notifications.one);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
