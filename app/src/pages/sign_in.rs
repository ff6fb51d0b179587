//! The administrators' sign-in.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::Public,
    i18n::{tu_string, use_i18n},
};

/// The administrators' sign-in.
#[component]
pub fn SignIn() -> impl IntoView {
    let title = tu_string!(use_i18n(), sign_in.title);
    view! {
        <Title text=title />
        <Public>
            <h1>{title}</h1>
        </Public>
    }
    .into_any()
}
