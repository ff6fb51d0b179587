//! General, OAuth applications, administrators, machine tokens.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// General, OAuth applications, administrators, machine tokens.
#[component]
pub fn Settings() -> impl IntoView {
    let title = tu_string!(use_i18n(), settings.title);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
