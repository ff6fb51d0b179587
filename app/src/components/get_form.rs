//! A form that leads to a page of this site, such as a search. `Form` of `leptos_router` 0.8.17 (`src/form.rs`) reads where
//! to from the document and adds the base path to it once more.

use leptos::{ev::SubmitEvent, form::form_data_from_event, prelude::*, web_sys::UrlSearchParams};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::base::at;

/// The form.
#[component]
pub fn GetForm(
    /// The page.
    page: &'static str,
    children: Children,
) -> impl IntoView {
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        let fields = form_data_from_event(&event)
            .ok()
            .and_then(|fields| UrlSearchParams::new_with_str_sequence_sequence(&fields).ok());
        if let Some(fields) = fields {
            event.prevent_default();
            let query = String::from(fields.to_string());
            navigate(&format!("{page}?{query}"), NavigateOptions::default());
        }
    };
    view! {
        <form method="get" action=at(page) on:submit=submit>
            {children()}
        </form>
    }
}
