//! A certificate authority's file, read into the field that its text is pasted into. Only a script can do that;
//! without one the field is all there is.

use leptos::prelude::*;

use crate::{
    components::mounted::mounted,
    i18n::{t, use_i18n},
};

/// The choice of a file.
#[component]
pub fn AuthorityFile(
    /// Takes its text.
    into: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_live = mounted();
    let choice = move || {
        is_live.get().then(|| {
            view! {
                <div class="field">
                    <label for="ca-file">{t!(i18n, adding.ca_file)}</label>
                    <input
                        class="input"
                        id="ca-file"
                        type="file"
                        accept=".pem,.crt,.cer,.txt"
                        on:change=move |event| read(&event, into)
                    />
                </div>
            }
        })
    };
    view! { {choice} }.into_any()
}

#[cfg(not(feature = "hydrate"))]
fn read(_event: &leptos::ev::Event, _into: RwSignal<String>) {}

#[cfg(feature = "hydrate")]
fn read(event: &leptos::ev::Event, into: RwSignal<String>) {
    use leptos::task::spawn_local;
    use wasm_bindgen::JsCast as _;
    use wasm_bindgen_futures::JsFuture;

    /// The most bytes that a field takes: hundreds of certificates.
    const LARGEST: f64 = 1024.0 * 1024.0;

    fn part(of: &wasm_bindgen::JsValue, name: &str) -> Option<wasm_bindgen::JsValue> {
        js_sys::Reflect::get(of, &name.into())
            .ok()
            .filter(|part| !part.is_undefined() && !part.is_null())
    }

    let text = || {
        let file = part(&part(&part(event.as_ref(), "target")?, "files")?, "0")?;
        let size = part(&file, "size")?.as_f64()?;
        let read: js_sys::Function = part(&file, "text")?.dyn_into().ok()?;
        (size <= LARGEST).then_some(())?;
        read.call0(&file).ok()?.dyn_into::<js_sys::Promise>().ok()
    };
    let Some(text) = text() else { return };
    spawn_local(async move {
        if let Ok(text) = JsFuture::from(text).await
            && let Some(text) = text.as_string()
        {
            into.set(text);
        }
    });
}
