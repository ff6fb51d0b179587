//! The first start: the set-up code and the first administrator.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::Public,
    i18n::{tu_string, use_i18n},
};

/// The first start: the set-up code and the first administrator.
#[component]
pub fn Setup() -> impl IntoView {
    let title = tu_string!(use_i18n(), sign_in.setup);
    view! {
        <Title text=title />
        <Public>
            <h1>{title}</h1>
        </Public>
    }
    .into_any()
}
