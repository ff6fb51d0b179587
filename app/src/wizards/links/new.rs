//! A link that was made just now, with its address to copy.

use leptos::prelude::*;

use crate::{
    api::links::NewLink,
    components::shown_once::ShownOnce,
    i18n::{t, tu_string, use_i18n},
};

/// The address, shown this once.
#[component]
pub fn New(
    /// The link.
    link: NewLink,
) -> impl IntoView {
    let i18n = use_i18n();
    let NewLink { address, url } = link;
    view! {
        <div role="status">
            <ShownOnce
                title=tu_string!(i18n, links.made, address = address)
                hint=tu_string!(i18n, links.made_hint)
                label=tu_string!(i18n, links.url)
                secret=url
            >
                {t!(i18n, links.copy)}
            </ShownOnce>
        </div>
    }
    .into_any()
}
