//! A boxed remark; its ground says whether somebody must act.

use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    mark::{Mark, Shape, Tone},
};

/// A remark that goes with a state: `<Note shape=Shape::Expired title="Authorization has expired.">…`.
/// A red shape makes a red ground, an amber one an amber ground, any other none.
#[component]
pub fn Note(
    /// The mark before it; may change while it is shown.
    #[prop(into)]
    shape: Signal<Shape>,
    /// What happened, in bold.
    #[prop(into)]
    title: TextProp,
    /// Why, and what to do.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let tone = move || shape.get().tone();
    view! {
        <div
            class="note"
            class:is-now=move || tone() == Tone::Red
            class:is-soon=move || tone() == Tone::Amber
        >
            <Mark shape />
            <div>
                <b>{move || title.get()}</b>
                {children.map(|children| children())}
            </div>
        </div>
    }
    .into_any()
}

/// Guidance: an icon instead of a mark, a heading, and what to do.
#[component]
pub fn Guidance(
    /// The icon before it.
    glyph: Glyph,
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// A quiet line below it: why. An empty text shows nothing.
    #[prop(optional, into)]
    intro: TextProp,
    children: Children,
) -> impl IntoView {
    let intro = move || {
        let intro = intro.get();
        (!intro.is_empty()).then(|| view! { <p class="sub">{intro}</p> })
    };
    view! {
        <section class="note">
            <Icon glyph />
            <div class="stack">
                <div>
                    <h2>{move || title.get()}</h2>
                    {intro}
                </div>
                {children()}
            </div>
        </section>
    }
    .into_any()
}
