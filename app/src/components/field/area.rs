//! A field of several lines.

use leptos::{html, prelude::*};

use super::{FieldError, Hint, Span, described_by, follow};

/// A field of several lines.
#[component]
pub fn TextArea(
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// Its name in the form and its id.
    #[prop(into)]
    name: String,
    /// Another id, where a name stands on a page twice or is no plain word.
    #[prop(optional, into)]
    id: Option<String>,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// Follows what is typed and changes it; then `value` does not count.
    #[prop(optional, into)]
    bind: Option<RwSignal<String>>,
    /// How to fill it in. An empty text shows nothing.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong with it, and what to change.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// How many lines are seen.
    #[prop(default = 4)]
    rows: u8,
    /// How wide.
    #[prop(optional)]
    span: Span,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let described = described_by(&id, hint.clone(), error);
    let node = NodeRef::<html::Textarea>::new();
    let value = bind.map_or(value, |bind| bind.get_untracked());
    follow(
        bind,
        move || node.get().map(|node| node.value()),
        move |text| {
            if let Some(node) = node.get_untracked() {
                node.set_value(text);
            }
        },
    );
    view! {
        <div class=span.class()>
            <label for=id.clone()>{move || label.get()}</label>
            <textarea
                class="input"
                id=id.clone()
                name=name
                rows=rows.to_string()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                node_ref=node
                on:input=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event_target_value(&event));
                    }
                }
            >
                {value}
            </textarea>
            <Hint id=id.clone() text=hint />
            <FieldError id text=error />
        </div>
    }
    .into_any()
}
