//! Where one is in a wizard. Not a navigation: steps ahead cannot be chosen.

use leptos::prelude::*;

use crate::i18n::{tu_string, use_i18n};

/// The steps of a wizard.
#[component]
pub fn Stepper(
    /// Their names, in order.
    steps: Vec<String>,
    /// Which one it is now, from 0.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let steps = steps
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            view! {
                <li
                    class:done=move || index < current.get()
                    aria-current=move || (index == current.get()).then_some("step")
                >
                    {name}
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="stepper" aria-label=tu_string!(i18n, common.steps)>
            {steps}
        </ol>
    }
    .into_any()
}
