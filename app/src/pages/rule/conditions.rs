//! Which events a rule catches.

use leptos::prelude::*;
use tocsin_domain::severity::Severity;

use super::{
    form::{Form, set_word},
    hours::HoursFields,
    sources::Sources,
};
use crate::{
    api::rules::{DraftKind, Seen, parse},
    components::{
        chips_input::ChipsInput,
        field::FieldError,
        mark::{Mark, Shape},
        panel::Panel,
        toggle::Toggle,
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

#[component]
pub fn ConditionsPanel(form: Form, seen: Vec<Seen>) -> impl IntoView {
    let i18n = use_i18n();
    let fields = match form.kind {
        DraftKind::Event => view! { <Sources form seen /> }.into_any(),
        DraftKind::Alert => view! { <AlertConditions form /> }.into_any(),
    };
    view! {
        <Panel id="conditions" title=tu_string!(i18n, rules.conditions)>
            <div class="body stack">{fields} <FieldError id="conditions" text=form.fault(parse::CONDITIONS) /></div>
        </Panel>
    }
    .into_any()
}

#[component]
fn AlertConditions(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let severities = Severity::ALL.into_iter().enumerate().map(|(place, severity)| {
        let word = severity.as_str();
        view! {
            <Toggle
                name=format!("draft[severities][{place}]")
                value=word
                checked=form.catches(severity)
                on_change=move |is_on| set_word(form.severities, word, is_on)
            >
                <Mark shape=Shape::from(severity) />
                {words::notification::severity(i18n, severity)}
            </Toggle>
        }
    });
    view! {
        <fieldset>
            <legend>{t!(i18n, rules.severity)}</legend>
            <div class="row">{severities.collect_view()}</div>
        </fieldset>
        <ChipsInput
            label=tu_string!(i18n, rules.include)
            name=parse::INCLUDE
            parts=form.include
            placeholder=tu_string!(i18n, rules.add_word)
            hint=tu_string!(i18n, rules.include_hint)
            error=form.fault(parse::INCLUDE)
        />
        <ChipsInput
            label=tu_string!(i18n, rules.exclude)
            name=parse::EXCLUDE
            parts=form.exclude
            placeholder=tu_string!(i18n, rules.add_word)
            error=form.fault(parse::EXCLUDE)
        />
        <HoursFields form />
    }
    .into_any()
}
