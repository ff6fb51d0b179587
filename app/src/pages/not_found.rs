//! The answer to a path that no page has; its status is 404.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{button::LinkButton, layout::Public},
    i18n::{t, tu_string, use_i18n},
};

/// Says that the page does not exist, and the way on.
#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=tu_string!(i18n, common.not_found.title) />
        <Public>
            <div class="stack">
                <h1>{t!(i18n, common.not_found.title)}</h1>
                <p>{t!(i18n, common.not_found.text)}</p>
            </div>
            <div>
                <LinkButton href="/">{t!(i18n, common.not_found.back)}</LinkButton>
            </div>
        </Public>
    }
    .into_any()
}
