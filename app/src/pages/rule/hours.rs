//! The hours and days in which a rule listens. Without a script they can always be filled in.

use leptos::prelude::*;
use tocsin_domain::hours::Day;

use super::form::{Form, set_word};
use crate::{
    api::rules::parse,
    components::{
        field::{Field, FieldError, Input, Span},
        mounted::mounted,
        select::{Choice, Select},
        toggle::Toggle,
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

#[component]
pub fn HoursFields(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let live = mounted();
    let is_all_day = Signal::derive(move || live.get() && form.when.with(|when| when == "all-day"));
    let choices = vec![
        Choice::new("all-day", tu_string!(i18n, rules.all_day)),
        Choice::new("only", tu_string!(i18n, rules.only)),
        Choice::new("except", tu_string!(i18n, rules.except)),
    ];
    let days = move || {
        (!is_all_day.get()).then(|| {
            view! {
                <fieldset>
                    <legend>{t!(i18n, rules.days)}</legend>
                    <div class="row">{Day::ALL.into_iter().enumerate().map(|(place, day)| toggle(form, place, day)).collect_view()}</div>
                    <FieldError id=parse::DAYS text=form.fault(parse::DAYS) />
                </fieldset>
            }
        })
    };
    view! {
        <div class="fields">
            <Select
                label=tu_string!(i18n, rules.hours)
                name="draft[when]"
                choices=Signal::stored(choices)
                bind=form.when
                span=Span::Third
            />
            <Field
                label=tu_string!(i18n, rules.from)
                name=parse::FROM
                input=Input::Time
                bind=form.from
                disabled=is_all_day
                error=form.fault(parse::FROM)
                span=Span::Third
            />
            <Field
                label=tu_string!(i18n, rules.until)
                name=parse::UNTIL
                input=Input::Time
                bind=form.until
                disabled=is_all_day
                hint=move || {
                    if is_all_day.get() { "" } else { tu_string!(i18n, rules.until_hint) }
                }
                error=form.fault(parse::UNTIL)
                span=Span::Third
            />
        </div>
        {days}
    }
    .into_any()
}

fn toggle(form: Form, place: usize, day: Day) -> AnyView {
    let word = words::rule::day_word(day);
    let is_on = form
        .days
        .with_untracked(|days| days.iter().any(|known| known == word));
    view! {
        <Toggle
            name=format!("draft[days][{place}]")
            value=word
            checked=is_on
            on_change=move |is_on| set_word(form.days, word, is_on)
        >
            {words::rule::day(use_i18n(), day)}
        </Toggle>
    }
    .into_any()
}
