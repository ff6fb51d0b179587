//! A rule's editor: conditions, Methods and Recipients, preview. Without an id, a new one.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// A rule's editor: conditions, Methods and Recipients, preview. Without an id, a new one.
#[component]
pub fn Rule() -> impl IntoView {
    let title = tu_string!(use_i18n(), rules.rule);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
