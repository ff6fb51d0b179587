//! *Type an email address*, the other word for the way to a provider's sign-in page, which asks for the address.

use leptos::prelude::*;

use crate::{
    components::button::{Button, Press},
    i18n::{t, use_i18n},
};

/// The button and what it does, in a form that begins a sign-in.
#[component]
pub fn TypeAddress() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="row">
            <Button press=Press::Submit>{t!(i18n, adding.another)}</Button>
            <span class="sub">{t!(i18n, adding.another_hint)}</span>
        </div>
    }
    .into_any()
}
