//! Making a link: with a choice of how long it works, or straight from the account's row.

use leptos::prelude::*;
use tocsin_domain::id::AccountId;

use super::new::New;
use crate::{
    api::links::MakeLink,
    components::{
        action_form::ActionForm,
        button::{Button, IconButton, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        select::{Choice, Select},
    },
    i18n::{t, tu_string, use_i18n},
};

/// What is taken unless something else is chosen, in hours.
const USUAL: &str = "72";

/// The form, and with a script the link that it made.
#[component]
pub fn Make(
    /// The account.
    account: AccountId,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<MakeLink>::new();
    let problem = Problem::of(action);
    let lives = vec![
        Choice::new("1", tu_string!(i18n, links.hours_1)),
        Choice::new("24", tu_string!(i18n, links.hours_24)),
        Choice::new(USUAL, tu_string!(i18n, links.hours_72)),
        Choice::new("168", tu_string!(i18n, links.hours_168)),
        Choice::new("336", tu_string!(i18n, links.hours_336)),
    ];
    let made = move || action.value().get().and_then(Result::ok);
    view! {
        {move || made().map(|link| view! { <New link /> })}
        <FormProblem problem fields=&["hours"] />
        <ActionForm action>
            <input type="hidden" name="account" value=account.to_string() />
            <div class="join">
                <Select
                    label=tu_string!(i18n, links.life)
                    name="hours"
                    choices=Signal::stored(lives)
                    value=USUAL
                    error=problem.field("hours")
                />
                <Button press=Press::Submit glyph=Glyph::Link busy=action.pending()>
                    {t!(i18n, links.make)}
                </Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// The button in an account's row.
#[component]
pub fn MakeFromRow(
    /// The account.
    account: AccountId,
    /// Its address.
    address: String,
    /// What makes the link: one for all rows.
    action: ServerAction<MakeLink>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <ActionForm action>
            <input type="hidden" name="account" value=account.to_string() />
            <input type="hidden" name="hours" value=USUAL />
            <IconButton
                glyph=Glyph::Link
                label=tu_string!(i18n, links.make_one, address = address)
                press=Press::Submit
            />
        </ActionForm>
    }
    .into_any()
}
