//! What needs somebody, with its button beside it. Items stand in `<ul class="attention">`, worst first.

use leptos::prelude::*;

use super::{
    mark::{Mark, MarkSize, Shape},
    table::Urgency,
};

/// One thing that needs somebody.
#[component]
pub fn AttentionItem(
    /// What it is.
    shape: Shape,
    /// Whether it is the one to do now: a red ground.
    #[prop(optional)]
    urgency: Urgency,
    /// `nas@example.com cannot send`
    #[prop(into)]
    title: TextProp,
    /// The state's own words, in its colour. An empty text shows nothing.
    #[prop(optional, into)]
    words: TextProp,
    /// Provider, since when, what is held.
    #[prop(optional, into)]
    facts: Option<ViewFnOnce>,
    /// The buttons: the way out first.
    #[prop(into)]
    actions: ViewFnOnce,
    /// Why, what is lost (nothing), what happens next.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let tone = shape.tone().class();
    let words = move || {
        let words = words.get();
        (!words.is_empty()).then(|| {
            view! {
                <p>
                    <b class=tone>{words}</b>
                </p>
            }
        })
    };
    view! {
        <li class:is-now=urgency == Urgency::Now>
            <Mark shape size=MarkSize::Large />
            <div>
                <h3>{move || title.get()}</h3>
                {words}
                {facts.map(|facts| view! { <p class="sub">{facts.run()}</p> })}
            </div>
            <div class="actions">{actions.run()}</div>
            {children.map(|children| view! { <div class="why">{children()}</div> })}
        </li>
    }
    .into_any()
}
