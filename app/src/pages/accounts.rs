//! Service Account and Device Pairing: a row an account.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// Service Account and Device Pairing: a row an account.
#[component]
pub fn Accounts() -> impl IntoView {
    let title = tu_string!(use_i18n(), accounts.title);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
