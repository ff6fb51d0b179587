//! What a page fetches: shown when it is there, and the reason where it cannot be.

use leptos::prelude::*;

use super::{layout::PageHead, load_problem::LoadProblem};
use crate::{
    api::error::ApiError,
    i18n::{t, use_i18n},
};

/// Shows a resource. While it is fetched again, what was there stays.
#[component]
pub fn Loaded<T, V, F>(
    /// What is fetched.
    resource: Resource<Result<T, ApiError>>,
    /// The page's heading where what is shown brings its own: it stands over the reason.
    #[prop(optional)]
    title: Option<&'static str>,
    /// How it is shown.
    view: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
{
    let i18n = use_i18n();
    let view = StoredValue::new(view);
    let shown = move || {
        resource.get().map(|answer| match answer {
            Ok(value) => view.with_value(|view| view(value).into_any()),
            Err(error) => view! {
                {title.map(|title| view! { <PageHead title /> })}
                <LoadProblem error />
            }
            .into_any(),
        })
    };
    view! {
        <Transition fallback=move || {
            view! { <p class="sub">{t!(i18n, common.loading)}</p> }
        }>{shown}</Transition>
    }
    .into_any()
}
