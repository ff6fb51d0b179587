//! Several words or addresses in one field. Without a script a line with commas; once the page is live, chips:
//! Enter or a comma adds, Backspace in the empty field removes the last.
//!
//! The form sends one value either way, separated by commas: [`parts`] reads it.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{
    field::{FieldError, Hint, described_by},
    icon::{Glyph, Icon, Size},
    mounted::mounted,
};
use crate::i18n::{tu_string, use_i18n};

/// The parts of a line with commas: trimmed, without empty ones, each once.
pub fn parts(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in line
        .split([',', ';', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        if !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

/// The field.
#[component]
pub fn ChipsInput(
    /// What is asked for.
    #[prop(into)]
    label: TextProp,
    /// Its name in the form and its id.
    #[prop(into)]
    name: String,
    /// The parts; follow what is added and removed.
    parts: RwSignal<Vec<String>>,
    /// The word in the empty field: `Add an address`.
    #[prop(into)]
    placeholder: TextProp,
    /// How to fill it in. Without a script the commas are explained after it.
    #[prop(optional, into)]
    hint: TextProp,
    /// What is wrong with it, and what to change.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = mounted();
    let hint = TextProp::from(move || {
        let hint = hint.get();
        if live.get() {
            hint.to_string()
        } else {
            format!("{hint} {}", tu_string!(i18n, common.separate_by_commas))
                .trim()
                .to_owned()
        }
    });
    let described = described_by(&name, hint.clone(), error);
    let plain = NodeRef::<html::Input>::new();
    // What somebody typed before the page was live.
    Effect::new(move |before: Option<()>| {
        if before.is_none()
            && let Some(plain) = plain.get_untracked()
        {
            let typed = self::parts(&plain.value());
            if typed != parts.get_untracked() {
                parts.set(typed);
            }
        }
    });
    let control = {
        let name = name.clone();
        move || {
            let (name, described) = (name.clone(), described.clone());
            let invalid = move || error.with(Option::is_some).then_some("true");
            if live.get() {
                view! { <Chips name parts placeholder=placeholder.clone() described=Signal::derive(described) error /> }
                    .into_any()
            } else {
                view! {
                    <input
                        class="input"
                        id=name.clone()
                        name=name
                        value=parts.get_untracked().join(", ")
                        aria-invalid=invalid
                        aria-describedby=described
                        node_ref=plain
                    />
                }
                .into_any()
            }
        }
    };
    view! {
        <div class="field">
            <label for=name.clone()>{move || label.get()}</label>
            {control}
            <Hint id=name.clone() text=hint />
            <FieldError id=name text=error />
        </div>
    }
    .into_any()
}

#[component]
fn Chips(
    name: String,
    parts: RwSignal<Vec<String>>,
    placeholder: TextProp,
    described: Signal<Option<String>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let node = NodeRef::<html::Input>::new();
    let add = move || {
        let Some(input) = node.get_untracked() else { return };
        let added = self::parts(&input.value());
        input.set_value("");
        parts.update(|parts| {
            for part in added {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        });
    };
    let key = move |event: KeyboardEvent| {
        let empty = node.get_untracked().is_none_or(|input| input.value().is_empty());
        match event.key().as_str() {
            // Enter in the empty field sends the form, as in any other.
            "Enter" | "," | ";" if !empty => {
                event.prevent_default();
                add();
            }
            "Backspace" if empty => parts.update(|parts| drop(parts.pop())),
            _ => {}
        }
    };
    let remove = move |part: String| {
        parts.update(|parts| parts.retain(|known| *known != part));
        if let Some(input) = node.get_untracked() {
            // Focus may be refused; then it stays where it is.
            let _ = input.focus();
        }
    };
    view! {
        <div class="chips input" aria-invalid=move || error.with(Option::is_some).then_some("true")>
            <For each=move || parts.get() key=Clone::clone let(part)>
                <span class="chip">
                    {part.clone()}
                    <button
                        type="button"
                        aria-label=tu_string!(i18n, common.remove, name = part.clone())
                        on:click=move |_| remove(part.clone())
                    >
                        <Icon glyph=Glyph::Close size=Size::Small />
                    </button>
                </span>
            </For>
            <input type="hidden" name=name.clone() value=move || parts.get().join(",") />
            <input
                id=name
                placeholder=move || placeholder.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || described.get()
                node_ref=node
                on:keydown=key
                on:blur=move |_| add()
            />
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_line_is_split_at_commas_and_semicolons() {
        assert_eq!(parts(" disk, raid;pool ,,"), ["disk", "raid", "pool"]);
    }

    #[test]
    fn a_part_that_stands_twice_counts_once() {
        assert_eq!(parts("disk, disk"), ["disk"]);
    }
}
