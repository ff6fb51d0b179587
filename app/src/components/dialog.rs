//! A question that interrupts, on the native `<dialog>`: focus stays inside, Escape closes, focus returns.
//!
//! It needs a script. What must work without one is a route in a [`Window`](super::window::Window).

use leptos::{ev, html, prelude::*};

use super::{button::IconButton, icon::Glyph};
use crate::i18n::{tu_string, use_i18n};

/// The dialog. Its children are `<div class="body">` and `<footer>`; the first field, or Cancel where something
/// is destroyed, carries `autofocus`.
#[component]
pub fn Dialog(
    /// Its id; the heading's is `ID-title`.
    #[prop(into)]
    id: String,
    /// Whether it is open; closing by Escape or the cross sets it.
    open: RwSignal<bool>,
    /// The heading.
    #[prop(into)]
    title: TextProp,
    /// What it asked for runs: Escape and the cross do nothing.
    #[prop(optional, into)]
    busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let heading = format!("{id}-title");
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // It fails on a dialog that is already shown; this one is not.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let cancel = move |event: ev::Event| {
        if busy.get_untracked() {
            event.prevent_default();
        }
    };
    view! {
        <dialog
            class="dialog"
            id=id
            aria-labelledby=heading
            node_ref=node
            on:cancel=cancel
            on:close=move |_| open.set(false)
        >
            <header>
                <h2 id=heading.clone()>{move || title.get()}</h2>
                <IconButton
                    glyph=Glyph::Close
                    label=tu_string!(i18n, common.close)
                    disabled=busy
                    on_press=move |_| open.set(false)
                />
            </header>
            {children()}
        </dialog>
    }
    .into_any()
}
