//! A labelled input with hint and error, wired for screen readers. It works in a plain form by its `name`.

mod area;
mod parts;

use leptos::{html, prelude::*};

pub(super) use self::parts::{Hint, described_by, follow};
pub use self::{area::TextArea, parts::FieldError};

/// What is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// A line of text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A secret; not shown.
    Password,
    /// A code that is copied from elsewhere: shown, not spell-checked, not remembered.
    Code,
    /// A whole number.
    Number,
    /// What to search for.
    Search,
    /// A time of day.
    Time,
    /// A day.
    Day,
    /// An address on the web.
    Url,
}

impl Input {
    const fn html(self) -> &'static str {
        match self {
            // type=number changes by the mouse wheel and swallows what is not a number.
            Self::Text | Self::Code | Self::Number => "text",
            Self::Email => "email",
            Self::Password => "password",
            Self::Search => "search",
            Self::Time => "time",
            Self::Day => "date",
            Self::Url => "url",
        }
    }
}

/// A field's share of the six columns of `<div class="fields">`; alone it takes all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// A line of its own.
    #[default]
    Full,
    /// Half a line.
    Half,
    /// A third.
    Third,
    /// A sixth: a port.
    Sixth,
}

impl Span {
    pub(in crate::components) const fn class(self) -> &'static str {
        match self {
            Self::Full => "field",
            Self::Half => "field w3",
            Self::Third => "field w2",
            Self::Sixth => "field w1",
        }
    }
}

/// A field of one line.
#[component]
pub fn Field(
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// Its name in the form, and its id on the page unless `id` differs.
    #[prop(into)]
    name: String,
    /// Another id, where a name stands on a page twice.
    #[prop(optional, into)]
    id: Option<String>,
    /// What is typed.
    #[prop(optional)]
    input: Input,
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
    /// An example; never the only explanation.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What a browser may fill in: `username`, `current-password`, `new-password`, `one-time-code`, `off`.
    #[prop(optional, into)]
    autocomplete: Option<String>,
    /// The id of a `<datalist>` with suggestions.
    #[prop(optional, into)]
    list: Option<String>,
    /// Must be filled in.
    #[prop(optional)]
    required: bool,
    /// Can be copied, not changed.
    #[prop(optional)]
    readonly: bool,
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
    let node = NodeRef::<html::Input>::new();
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
            <label for=id.clone() class:vh=label_hidden>
                {move || label.get()}
            </label>
            <input
                class="input"
                id=id.clone()
                name=name
                type=input.html()
                value=value
                inputmode=(input == Input::Number).then_some("numeric")
                spellcheck=(input == Input::Code).then_some("false")
                placeholder=placeholder
                autocomplete=autocomplete.or_else(|| (input == Input::Code).then(|| "off".to_owned()))
                list=list
                required=required
                readonly=readonly
                disabled=move || disabled.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                node_ref=node
                on:input=move |event| {
                    if let Some(bind) = bind {
                        bind.set(event_target_value(&event));
                    }
                }
            />
            <Hint id=id.clone() text=hint />
            <FieldError id text=error />
        </div>
    }
    .into_any()
}
