//! What was just done, after a form led to the next page: `?done=saved`. The URL holds a known word and no text,
//! so that no link can put words into the page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{mark::Shape, note::Note};

/// The remark; nothing where the URL says nothing that is known.
#[component]
pub fn Done(
    /// The words for what the URL says was done.
    words: fn(&str) -> Option<&'static str>,
) -> impl IntoView {
    let query = use_query_map();
    let done = move || {
        query
            .with(|query| query.get("done"))
            .and_then(|done| words(&done))
    };
    view! {
        <div role="status">{move || done().map(|words| view! { <Note shape=Shape::Ok title=words /> })}</div>
    }
    .into_any()
}
