//! The window Edit SMTP Service Account: Re-authorization, Sending and Receiving Settings.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::window::Window,
    i18n::{tu_string, use_i18n},
};

/// The window Edit SMTP Service Account: Re-authorization, Sending and Receiving Settings.
#[component]
pub fn EditAccount() -> impl IntoView {
    let title = tu_string!(use_i18n(), accounts.edit.title);
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <div class="body"></div>
        </Window>
    }
    .into_any()
}
