//! Nothing here: one icon, one fact, one way on.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// The empty state; its children are the way on.
#[component]
pub fn Empty(
    /// The icon.
    #[prop(default = Glyph::Inbox)]
    glyph: Glyph,
    /// The fact.
    #[prop(into)]
    fact: TextProp,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph />
            <p>
                <b>{move || fact.get()}</b>
            </p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
