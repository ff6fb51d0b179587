//! What every labelled control shares: hint, error, and how a signal follows it.

use leptos::prelude::*;

use crate::components::mark::{Mark, Shape};

/// The hint below a control with this id; nothing where the text is empty.
#[component]
pub(in crate::components) fn Hint(id: String, text: TextProp) -> impl IntoView {
    let id = format!("{id}-hint");
    move || {
        let text = text.get();
        (!text.is_empty()).then(|| {
            view! {
                <p class="sub" id=id.clone()>
                    {text}
                </p>
            }
        })
    }
}

/// What is wrong with the control with this id; nothing where nothing is.
#[component]
pub fn FieldError(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// What is wrong.
    #[prop(into)]
    text: Signal<Option<String>>,
) -> impl IntoView {
    let id = format!("{id}-error");
    move || {
        text.get().map(|text| {
            view! {
                <p class="error" id=id.clone()>
                    <Mark shape=Shape::Expired />
                    <span>{text}</span>
                </p>
            }
        })
    }
}

/// The ids of hint and error, as far as they are shown.
pub(in crate::components) fn described_by(
    id: &str,
    hint: TextProp,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Clone + use<> {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    move || {
        let hint = (!hint.get().is_empty()).then_some(hint_id.as_str());
        let error = error.with(Option::is_some).then_some(error_id.as_str());
        match (hint, error) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
        }
    }
}

/// Keeps a signal and a control the same. What somebody typed before the page was live wins over the signal:
/// binding the property would wipe it out.
pub(in crate::components) fn follow(
    bind: Option<RwSignal<String>>,
    read: impl Fn() -> Option<String> + 'static,
    write: impl Fn(&str) + 'static,
) {
    let Some(bind) = bind else { return };
    Effect::new(move |before: Option<bool>| {
        let Some(typed) = read() else { return false };
        let text = bind.get();
        if typed != text {
            if before == Some(true) {
                write(&text);
            } else {
                bind.set(typed);
            }
        }
        true
    });
}
