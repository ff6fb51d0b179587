//! The native select, with our chevron.

use leptos::{html, prelude::*};

use super::{
    field::{FieldError, Hint, Span, described_by, follow},
    icon::{Glyph, Icon, Size},
};

/// One of the options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What one reads.
    pub label: String,
}

impl Choice {
    /// An option.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A labelled select.
#[component]
pub fn Select(
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// Its name in the form, and its id on the page unless `id` differs.
    #[prop(into)]
    name: String,
    /// Another id, where a name stands on a page twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// What there is to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value that is chosen at first; else the first option is.
    #[prop(optional, into)]
    value: String,
    /// Follows the choice and changes it; then `value` does not count.
    #[prop(optional, into)]
    bind: Option<RwSignal<String>>,
    /// How to choose. An empty text shows nothing.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong with it, and what to change.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Has no meaning now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The label is for screen readers only: a table's column says it already.
    #[prop(optional)]
    label_hidden: bool,
    /// How wide.
    #[prop(optional)]
    span: Span,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let described = described_by(&id, hint.clone(), error);
    let node = NodeRef::<html::Select>::new();
    let chosen = bind.map_or(value, |bind| bind.get_untracked());
    follow(
        bind,
        move || node.get().map(|node| node.value()),
        move |text| {
            if let Some(node) = node.get_untracked() {
                node.set_value(text);
            }
        },
    );
    let options = move || {
        choices
            .get()
            .into_iter()
            .map(|Choice { value, label }| {
                let selected = value == chosen;
                view! {
                    <option value=value selected=selected>
                        {label}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <div class=span.class()>
            <label for=id.clone() class:vh=label_hidden>
                {move || label.get()}
            </label>
            <span class="select">
                <select
                    class="input"
                    id=id.clone()
                    name=name
                    disabled=move || disabled.get()
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described
                    node_ref=node
                    on:change=move |event| {
                        if let Some(bind) = bind {
                            bind.set(event_target_value(&event));
                        }
                    }
                >
                    {options}
                </select>
                <Icon glyph=Glyph::Chevron size=Size::Small />
            </span>
            <Hint id=id.clone() text=hint />
            <FieldError id text=error />
        </div>
    }
    .into_any()
}
