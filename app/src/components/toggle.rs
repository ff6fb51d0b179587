//! A check box or a radio button with its word, in one frame that can be pressed.

use leptos::prelude::*;

/// How many of a group can be on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    /// Each for itself: a check box.
    #[default]
    Any,
    /// One of those with the same name: a radio button.
    One,
    /// On or off, with effect at once or on save: a check box that says it is a switch.
    Switch,
}

/// The control; its children are the words, and a mark before them where there is one.
/// Several belong into a `<fieldset>` with a `<legend>`.
#[component]
pub fn Toggle(
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// What the form sends when it is on.
    #[prop(default = "on".to_owned(), into)]
    value: String,
    /// How many of a group can be on.
    #[prop(optional)]
    pick: Pick,
    /// On at first.
    #[prop(optional)]
    checked: bool,
    /// Follows a press: whether it is on now.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
    children: Children,
) -> impl IntoView {
    let kind = match pick {
        Pick::Any | Pick::Switch => "checkbox",
        Pick::One => "radio",
    };
    view! {
        <label class="toggle">
            <input
                type=kind
                role=(pick == Pick::Switch).then_some("switch")
                name=name
                value=value
                checked=checked
                on:change=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event_target_checked(&event));
                    }
                }
            />
            {children()}
        </label>
    }
    .into_any()
}
