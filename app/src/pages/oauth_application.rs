//! A provider's OAuth application: id, secret, the redirect URI to register.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::layout::PageHead,
    i18n::{tu_string, use_i18n},
};

/// A provider's OAuth application: id, secret, the redirect URI to register.
#[component]
pub fn OauthApplication() -> impl IntoView {
    let title = tu_string!(use_i18n(), settings.oauth);
    view! {
        <Title text=title />
        <PageHead title />
    }
    .into_any()
}
