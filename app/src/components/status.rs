//! A state in colour, shape and words; the words carry the meaning, the rest makes it quick to see.

use leptos::prelude::*;

use super::mark::{Mark, Shape, Tone};

/// A state: `<Status shape=Shape::Held words="7 held" />`.
#[component]
pub fn Status(
    /// What it is; may change while it is shown.
    #[prop(into)]
    shape: Signal<Shape>,
    /// The state in words.
    #[prop(into)]
    words: TextProp,
    /// A second, quieter line: since when, why, what next. An empty text shows nothing.
    #[prop(optional, into)]
    detail: Option<TextProp>,
    /// Another colour than the shape's own.
    #[prop(optional)]
    tone: Option<Tone>,
) -> impl IntoView {
    let class = move || format!("status {}", tone.unwrap_or_else(|| shape.get().tone()).class());
    let detail = move || {
        detail
            .as_ref()
            .map(TextProp::get)
            .filter(|detail| !detail.is_empty())
            .map(|detail| {
                view! { <span class="sub">{detail}</span> }
            })
    };
    view! {
        <span class=class>
            {match tone {
                Some(tone) => view! { <Mark shape tone /> }.into_any(),
                None => view! { <Mark shape /> }.into_any(),
            }} <span>{move || words.get()}</span> {detail}
        </span>
    }
}
