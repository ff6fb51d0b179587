//! A link that was made just now. Its address stands in a field, so that it can be copied without a script too.

use leptos::prelude::*;

use crate::{
    api::links::NewLink,
    components::{copy_button::CopyButton, mark::Shape, note::Note},
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
            <Note shape=Shape::Ok title=tu_string!(i18n, links.made, address = address)>
                <p class="sub">{t!(i18n, links.made_hint)}</p>
                <div class="join">
                    <input
                        class="input"
                        readonly=true
                        aria-label=tu_string!(i18n, links.url)
                        value=url.clone()
                    />
                    <CopyButton text=Signal::stored(url)>{t!(i18n, links.copy)}</CopyButton>
                </div>
            </Note>
        </div>
    }
    .into_any()
}
