//! What needs somebody now, the last 30 days, the accounts' health, recent events.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// What needs somebody now, the last 30 days, the accounts' health, recent events.
#[component]
pub fn Overview() -> impl IntoView {
    let title = tu_string!(use_i18n(), overview.title);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
