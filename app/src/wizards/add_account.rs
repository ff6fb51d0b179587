//! The window Add SMTP Service: provider, sign-in, test, use in rules.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::window::Window,
    i18n::{tu_string, use_i18n},
};

/// The window Add SMTP Service: provider, sign-in, test, use in rules.
#[component]
pub fn AddAccount() -> impl IntoView {
    let title = tu_string!(use_i18n(), accounts.add.title);
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <div class="body"></div>
        </Window>
    }
    .into_any()
}
