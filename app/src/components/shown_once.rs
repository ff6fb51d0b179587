//! A secret that was made just now, or an address that holds one. It stands in a field, so that it can be copied without
//! a script too.

use leptos::prelude::*;

use super::{copy_button::CopyButton, mark::Shape, note::Note};

/// The secret, shown this once; the children are the words of the button that copies it.
#[component]
pub fn ShownOnce(
    /// What was made.
    #[prop(into)]
    title: String,
    /// That it is shown once, and what to do with it.
    #[prop(into)]
    hint: String,
    /// What the field holds, for who cannot see it.
    #[prop(into)]
    label: String,
    /// The field's id.
    #[prop(optional)]
    id: Option<&'static str>,
    /// How many characters of the field are seen; as the page has it where it is left out.
    #[prop(optional)]
    size: Option<u8>,
    /// The secret itself.
    secret: String,
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <Note shape=Shape::Ok title>
            <p class="sub">{hint}</p>
            <div class="join">
                <input
                    class="input"
                    id=id
                    readonly=true
                    size=size.map(|size| size.to_string())
                    aria-label=label
                    value=secret.clone()
                />
                <CopyButton text=Signal::stored(secret)>{children()}</CopyButton>
            </div>
        </Note>
    }
    .into_any()
}
