//! The applications and categories of an event notification rule. Empty rows count as none.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::form::{Form, SourceForm};
use crate::{
    api::rules::{DraftSource, Seen},
    components::{
        button::{Button, IconButton, Kind, Press},
        field::{Field, Span},
        icon::Glyph,
        mounted::mounted,
    },
    i18n::{t, tu_string, use_i18n},
};

#[component]
pub fn Sources(form: Form, seen: Vec<Seen>) -> impl IntoView {
    let i18n = use_i18n();
    let names = |pick: fn(&Seen) -> &str| {
        let names: BTreeSet<String> = seen
            .iter()
            .map(pick)
            .filter(|name| !name.is_empty())
            .map(Into::into)
            .collect();
        names
            .into_iter()
            .map(|name| view! { <option value=name></option> })
            .collect_view()
    };
    let add = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        form.add_source(&DraftSource::default());
    };
    view! {
        <fieldset class="stack">
            <legend>{t!(i18n, rules.applications)}</legend>
            <p class="sub">{t!(i18n, rules.applications_hint)}</p>
            <For each=move || form.sources.get() key=|row| row.key let(row)>
                <SourceRow form row />
            </For>
            <datalist id="applications">{names(|seen| seen.report.application.as_str())}</datalist>
            <datalist id="categories">{names(|seen| seen.report.category.as_str())}</datalist>
            <div>
                <Button
                    kind=Kind::Plain
                    press=Press::Submit
                    glyph=Glyph::Plus
                    on_press={add}
                    {..}
                    name="draft[do]"
                    value="add-source"
                >
                    {t!(i18n, rules.add_application)}
                </Button>
            </div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn SourceRow(form: Form, row: SourceForm) -> impl IntoView {
    let i18n = use_i18n();
    let live = mounted();
    let name = format!("draft[sources][{}]", row.key);
    let place = move || {
        form.sources
            .with(|rows| rows.iter().position(|known| known.key == row.key))
            .unwrap_or_default()
    };
    let fault = move |field: &'static str| {
        Signal::derive(move || form.fault_of(&format!("draft[sources][{}][{field}]", place())))
    };
    let remove = move |_| {
        form.sources
            .update(|rows| rows.retain(|known| known.key != row.key));
    };
    // Without a script an emptied row is a removed one.
    let remove_button = move || {
        live.get().then(|| {
            let name = row.application.get();
            view! {
                <IconButton glyph=Glyph::Close label=tu_string!(i18n, common.remove, name = name) on_press=remove />
            }
        })
    };
    view! {
        <div class="source">
            <div class="fields">
                <Field
                    label=tu_string!(i18n, rules.application)
                    name=format!("{name}[application]")
                    bind=row.application
                    list="applications"
                    autocomplete="off"
                    error=fault("application")
                    span=Span::Half
                />
                <Field
                    label=tu_string!(i18n, rules.category)
                    name=format!("{name}[category]")
                    bind=row.category
                    list="categories"
                    autocomplete="off"
                    placeholder=tu_string!(i18n, rules.any_category)
                    error=fault("category")
                    span=Span::Half
                />
            </div>
            {remove_button}
        </div>
    }
    .into_any()
}
