//! Something that opens: native `<details>`.

use leptos::prelude::*;

use super::icon::{Glyph, Icon, Size};

/// A line that opens what is below it.
#[component]
pub fn Disclosure(
    /// The line.
    #[prop(into)]
    summary: TextProp,
    /// A quiet remark at the right of the line. An empty text shows nothing.
    #[prop(optional, into)]
    note: TextProp,
    /// Open at first.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    let note = move || {
        let note = note.get();
        (!note.is_empty()).then(|| view! { <span class="sub push">{note}</span> })
    };
    view! {
        <details open=open>
            <summary>
                <Icon glyph=Glyph::Right size=Size::Small />
                <span class="link">{move || summary.get()}</span>
                {note}
            </summary>
            {children()}
        </details>
    }
    .into_any()
}
