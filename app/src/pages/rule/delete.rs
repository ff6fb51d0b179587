//! Deleting a rule: a line that opens, then a button, so that one press is never enough.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use tocsin_domain::id::RuleId;

use crate::{
    api::rules,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        disclosure::Disclosure,
        form::{FormProblem, Problem},
        icon::Glyph,
    },
    i18n::{t, tu_string, use_i18n},
};

#[component]
pub fn DeleteRule(id: RuleId) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<rules::DeleteRule>::new();
    let is_open = use_query_map().with_untracked(|query| query.get("delete").is_some());
    view! {
        <section class="panel" id="delete">
            <header>
                <Disclosure summary=tu_string!(i18n, rules.delete) open=is_open>
                    <ActionForm action>
                        <div class="stack">
                            <p>{t!(i18n, rules.delete_hint)}</p>
                            <FormProblem problem=Problem::of(action) />
                            <input type="hidden" name="id" value=id.to_string() />
                            <div>
                                <Button
                                    kind=Kind::Danger
                                    press=Press::Submit
                                    glyph=Glyph::Trash
                                    busy=action.pending()
                                >
                                    {t!(i18n, rules.delete_now)}
                                </Button>
                            </div>
                        </div>
                    </ActionForm>
                </Disclosure>
            </header>
        </section>
    }
    .into_any()
}
