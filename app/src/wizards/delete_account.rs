//! Deletes an account after showing which rules use it, and puts another in its place.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::window::Window,
    i18n::{tu_string, use_i18n},
};

/// Deletes an account after showing which rules use it, and puts another in its place.
#[component]
pub fn DeleteAccount() -> impl IntoView {
    let title = tu_string!(use_i18n(), accounts.delete.title);
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <div class="body"></div>
        </Window>
    }
    .into_any()
}
