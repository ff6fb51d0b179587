//! Methods and Recipients: the pairs of a rule.

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::hooks::use_location;

use super::{
    form::{Form, PairForm},
    undeliverable::UndeliverableRecipients,
};
use crate::{
    api::rules::{DraftPair, parse},
    components::{
        button::{Button, IconButton, Press},
        chips_input::ChipsInput,
        field::{Field, FieldError, Span},
        icon::{Glyph, Icon},
        panel::Panel,
        select::{Choice, Select},
        sender_list::SenderList,
    },
    i18n::{t, tu_string, use_i18n},
};

#[component]
pub fn Pairs(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let add = move |event: MouseEvent| {
        event.prevent_default();
        form.add_pair(&DraftPair::default());
    };
    let actions = move || {
        view! {
            <Button press=Press::Submit glyph=Glyph::Plus on_press={add} {..} name="draft[do]" value="add-pair">
                {t!(i18n, rules.add_pair)}
            </Button>
        }
    };
    let empty = move || {
        form.pairs
            .with(Vec::is_empty)
            .then(|| view! { <p class="sub">{t!(i18n, rules.no_pair)}</p> })
    };
    view! {
        <Panel id="methods" title=tu_string!(i18n, rules.methods) actions>
            <div class="body stack">
                <For each=move || form.pairs.get() key=|pair| pair.key let(pair)>
                    <PairFields form pair />
                </For>
                {empty}
            </div>
        </Panel>
    }
    .into_any()
}

#[component]
fn PairFields(form: Form, pair: PairForm) -> impl IntoView {
    let i18n = use_i18n();
    let name = parse::pair(pair.key);
    let place = Memo::new(move |_| {
        let place = form
            .pairs
            .with(|pairs| pairs.iter().position(|known| known.key == pair.key));
        place.unwrap_or_default()
    });
    let fault = move |field: fn(usize) -> String| Signal::derive(move || form.fault_of(&field(place.get())));
    let formats = vec![
        Choice::new("html", tu_string!(i18n, rules.html)),
        Choice::new("plain", tu_string!(i18n, rules.plain)),
    ];
    // Prompts for a sender lead here: `/rules/7#pair-9`. Without a script the browser shows the pair; with one its
    // next step has the focus.
    let anchor = pair
        .id
        .with_value(|id| (!id.is_empty()).then(|| format!("pair-{id}")));
    focus_if_asked(anchor.clone(), format!("{name}[add]"));
    let heading = format!("{name}-title");
    let labelled_by = heading.clone();
    view! {
        <section class="pair" id=anchor tabindex="-1" aria-labelledby=labelled_by>
            <header>
                <Icon glyph=Glyph::Accounts />
                <h3 id=heading>{move || tu_string!(i18n, rules.pair, number = place.get() + 1)}</h3>
                <span class="push"></span>
                <PairButtons form pair place />
            </header>
            <div class="body">
                <input type="hidden" name=format!("{name}[id]") value=pair.id.get_value() />
                <div class="field">
                    <SenderList
                        name=name.clone()
                        senders=pair.senders
                        accounts=Signal::stored(form.accounts.get_value())
                    />
                    <FieldError id=format!("{name}[senders]") text=fault(parse::senders) />
                </div>
                <ChipsInput
                    label=tu_string!(i18n, rules.recipients)
                    name=format!("{name}[recipients]")
                    parts=pair.recipients
                    placeholder=tu_string!(i18n, rules.add_address)
                    error=fault(parse::recipients)
                />
                <UndeliverableRecipients form pair />
                <div class="fields">
                    <Select
                        label=tu_string!(i18n, rules.format)
                        name=format!("{name}[format]")
                        choices=Signal::stored(formats)
                        bind=pair.format
                        span=Span::Half
                    />
                    <Field
                        label=tu_string!(i18n, rules.prefix)
                        name=format!("{name}[subject_prefix]")
                        bind=pair.subject_prefix
                        placeholder="[nas]"
                        error=fault(parse::subject_prefix)
                        span=Span::Half
                    />
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Gives the focus to a field of the pair that the address names.
fn focus_if_asked(anchor: Option<String>, field: String) {
    use leptos::wasm_bindgen::JsCast;
    let hash = use_location().hash;
    Effect::new(move || {
        let asked = hash.get_untracked();
        if anchor
            .as_deref()
            .is_none_or(|anchor| asked.trim_start_matches('#') != anchor)
        {
            return;
        }
        let field = field.clone();
        request_animation_frame(move || {
            let field = document().get_element_by_id(&field);
            if let Some(field) = field.and_then(|field| field.dyn_into::<leptos::web_sys::HtmlElement>().ok())
            {
                // Focus may be refused; then it stays where it is.
                let _ = field.focus();
            }
        });
    });
}

#[component]
fn PairButtons(form: Form, pair: PairForm, place: Memo<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let copy = move |event: MouseEvent| {
        event.prevent_default();
        form.copy_pair(pair);
    };
    let remove = move |event: MouseEvent| {
        event.prevent_default();
        form.pairs
            .update(|pairs| pairs.retain(|known| known.key != pair.key));
    };
    view! {
        <IconButton
            glyph=Glyph::Copy
            label=move || tu_string!(i18n, rules.copy_pair, number = place.get() + 1)
            press=Press::Submit
            on_press={copy}
            {..}
            name="draft[do]"
            value=move || format!("copy-pair:{}", place.get())
        />
        <IconButton
            glyph=Glyph::Trash
            label=move || tu_string!(i18n, rules.remove_pair, number = place.get() + 1)
            press=Press::Submit
            on_press={remove}
            {..}
            name="draft[do]"
            value=move || format!("remove-pair:{}", place.get())
        />
    }
    .into_any()
}
