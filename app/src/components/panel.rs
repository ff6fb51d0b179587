//! A panel: a surface with a head. Its children are `<div class="body">`, a table or a list.

use leptos::prelude::*;

/// The panel.
#[component]
pub fn Panel(
    /// Its id; the heading's is `ID-title`.
    #[prop(into)]
    id: String,
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// A quiet line beside the heading: how many. An empty text shows nothing.
    #[prop(optional, into)]
    note: TextProp,
    /// Buttons, a key or a link at the right of the head.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let note = move || {
        let note = note.get();
        (!note.is_empty()).then(|| view! { <span class="sub">{note}</span> })
    };
    view! {
        <section class="panel" id=id aria-labelledby=heading>
            <header>
                <h2 id=heading.clone()>{move || title.get()}</h2>
                {note}
                {actions.map(|actions| view! { <div class="row push">{actions.run()}</div> })}
            </header>
            {children()}
        </section>
    }
    .into_any()
}
