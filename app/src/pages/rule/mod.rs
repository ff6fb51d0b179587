//! A rule's editor: conditions, methods and recipients, and beside them what the rule would have caught.
//!
//! One form. With a script its buttons act at once; without one they send the form and the server gives it back
//! changed, in the answer's [`typed`](crate::api::error::ApiError::typed).

mod conditions;
mod delete;
mod form;
mod hours;
mod pair;
mod preview;
mod sources;
mod undeliverable;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use tocsin_domain::id::RuleId;

use self::{conditions::ConditionsPanel, delete::DeleteRule, form::Form, pair::Pairs, preview::Preview};
use crate::{
    api::{
        error::ApiError,
        rules::{Draft, DraftKind, Editor, SaveRule, open_editor, parse},
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        field::Field,
        form::{FormProblem, Problem},
        loaded::Loaded,
        panel::Panel,
        toggle::{Pick, Toggle},
    },
    i18n::{t, tu_string, use_i18n},
};

/// A rule's editor.
#[component]
pub fn Rule() -> impl IntoView {
    let i18n = use_i18n();
    let params = use_params_map();
    let query = use_query_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")));
    let fetched = Resource::new(move || id.get(), fetch);
    let kind = query.with_untracked(|query| match query.get_str("kind") {
        Some("event") => DraftKind::Event,
        _ => DraftKind::Alert,
    });
    view! {
        <Title text=tu_string!(i18n, rules.rule) />
        <Loaded resource=fetched title=tu_string!(i18n, rules.rule) view=move |editor| shown(editor, kind) />
    }
    .into_any()
}

/// What the editor needs; the address of a new rule has no id.
async fn fetch(id: Option<String>) -> Result<Editor, ApiError> {
    let id = match id.map(|id| id.parse::<RuleId>()) {
        None => None,
        Some(Ok(id)) => Some(id),
        Some(Err(_)) => return Err(ApiError::gone("there is no such rule")),
    };
    open_editor(id).await
}

fn shown(editor: Editor, kind: DraftKind) -> AnyView {
    let i18n = use_i18n();
    let action = ServerAction::<SaveRule>::new();
    let problem = Problem::of(action);
    let Editor {
        rule,
        senders,
        gone,
        seen,
        undeliverable,
    } = editor;
    let id = rule.as_ref().map(|rule| rule.id);
    // What was typed before the form was sent without a script comes first.
    let typed = serde_json::from_str(&problem.typed(parse::DRAFT, ""));
    let draft: Draft = typed.unwrap_or_else(|_| match &rule {
        Some(rule) => Draft::from(&rule.definition),
        None => Draft::new(kind),
    });
    let answer = action.value();
    let fault = Signal::derive(move || answer.get().and_then(Result::err));
    let form = Form::new(i18n, &draft, &senders, &gone, undeliverable, fault);
    let title = rule.map_or_else(
        || tu_string!(i18n, rules.new).to_owned(),
        |rule| rule.definition.name.to_string(),
    );
    let kind_words = match draft.kind {
        DraftKind::Event => tu_string!(i18n, rules.event_kind),
        DraftKind::Alert => tu_string!(i18n, rules.alert_kind),
    };
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id.map(|id| id.to_string()).unwrap_or_default() />
            <input type="hidden" name="draft[kind]" value=draft.kind.as_str() />
            <div class="page-head">
                <h1>{title}</h1>
                <span class="chip">{kind_words}</span>
                <Toggle
                    name="draft[on]"
                    pick=Pick::Switch
                    checked=form.on.get_untracked()
                    on_change=move |on| form.on.set(on)
                >
                    {t!(i18n, rules.on)}
                </Toggle>
                <div class="row push">
                    // The first submitting button is the one that Enter presses.
                    <LinkButton href="/rules">{t!(i18n, rules.cancel)}</LinkButton>
                    <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                        {move || {
                            if action.pending().get() {
                                tu_string!(i18n, rules.saving)
                            } else {
                                tu_string!(i18n, rules.save)
                            }
                        }}
                    </Button>
                </div>
            </div>
            <FormProblem problem fields=FIELDS />
            <div class="split">
                <div>
                    <Panel id="rule" title=tu_string!(i18n, rules.rule)>
                        <div class="body">
                            <Field
                                label=tu_string!(i18n, rules.name)
                                name=parse::NAME
                                bind=form.name
                                placeholder=tu_string!(i18n, rules.name_placeholder)
                                error=form.fault(parse::NAME)
                            />
                        </div>
                    </Panel>
                    <ConditionsPanel form seen=seen.clone() />
                    <Pairs form />
                </div>
                <Preview form seen />
            </div>
        </ActionForm>
        {id.map(|id| view! { <DeleteRule id /> })}
    }
    .into_any()
}

/// The fields beside which an answer stands; those of rows and pairs begin like one of these.
const FIELDS: &[&str] = &[
    parse::DRAFT,
    parse::NAME,
    parse::CONDITIONS,
    parse::INCLUDE,
    parse::EXCLUDE,
    parse::FROM,
    parse::UNTIL,
    parse::DAYS,
];
