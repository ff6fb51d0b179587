//! The same mailbox was deleted and can be restored: said in the form that was about to add it, with both ways on.

use leptos::prelude::*;

use crate::{
    components::{
        button::{Kind, LinkButton},
        form::Problem,
        icon::Glyph,
        mark::Shape,
        note::Note,
        toggle::Toggle,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The offer; nothing where the answer was another.
#[component]
pub fn DeletedOffer(
    /// Of the form.
    problem: Problem,
) -> impl IntoView {
    let i18n = use_i18n();
    let said = problem.field("deleted");
    let note = move || {
        said.get()?;
        let href = format!("/accounts/{}/restore", problem.typed("deleted", ""));
        Some(view! {
            <Note shape=Shape::Expiring title=tu_string!(i18n, deleting.offer)>
                <div class="stack">
                    <p>{t!(i18n, deleting.offer_text)}</p>
                    <div class="row">
                        <LinkButton kind=Kind::Main glyph=Glyph::Undo href>
                            {t!(i18n, deleting.restore)}
                        </LinkButton>
                        <Toggle name="form[anyway]">{t!(i18n, deleting.offer_anyway)}</Toggle>
                    </div>
                </div>
            </Note>
        })
    };
    view! { <div role="alert">{note}</div> }.into_any()
}
