//! Copies a text. It appears once the page is live: without a script nothing can copy.

use leptos::prelude::*;

use super::{button::Button, icon::Glyph, mounted::mounted};
use crate::i18n::{t, tu_string, use_i18n};

/// The button; its children are its words: `Copy link`.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let mounted = mounted();
    let copied = RwSignal::new(false);
    let copy = Callback::new(move |_| {
        #[cfg(feature = "hydrate")]
        browser::copy(text.get_untracked(), copied);
        #[cfg(not(feature = "hydrate"))]
        let _ = (text, copied);
    });
    let words = StoredValue::new(children);
    view! {
        <Show when=move || mounted.get()>
            <Button glyph=Glyph::Copy on_press=copy>
                {move || {
                    if copied.get() {
                        t!(i18n, common.copied).into_any()
                    } else {
                        words.with_value(|words| words())
                    }
                }}
            </Button>
            <span class="vh" role="status">
                {move || copied.get().then_some(tu_string!(i18n, common.copied))}
            </span>
        </Show>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::{prelude::*, task::spawn_local};
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{HtmlDocument, HtmlTextAreaElement};

    /// How long the button says that it was copied.
    const SAYS_SO: Duration = Duration::from_secs(2);

    pub(super) fn copy(text: String, copied: RwSignal<bool>) {
        spawn_local(async move {
            // The clipboard exists in secure contexts only, and a NAS in its own network is often plain HTTP.
            let done = if window().is_secure_context() {
                JsFuture::from(window().navigator().clipboard().write_text(&text))
                    .await
                    .is_ok()
            } else {
                by_selection(&text).unwrap_or(false)
            };
            if done {
                copied.set(true);
                set_timeout(move || copied.set(false), SAYS_SO);
            }
        });
    }

    /// Selects the text in an invisible field and copies the selection.
    fn by_selection(text: &str) -> Option<bool> {
        let document: HtmlDocument = document().dyn_into().ok()?;
        let before = document.active_element();
        let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
        field.set_class_name("vh");
        field.set_value(text);
        // Beside the button: what is outside of an open dialog cannot be selected.
        let beside = before.as_ref().and_then(|element| element.parent_element());
        beside
            .unwrap_or(document.document_element()?)
            .append_child(&field)
            .ok()?;
        field.select();
        let done = document.exec_command("copy").ok();
        field.remove();
        if let Some(before) = before.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus may be refused; then it stays where it is.
            let _ = before.focus();
        }
        done
    }
}
