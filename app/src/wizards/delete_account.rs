//! Deletes an account after showing which rules and pairs use it, and asks who takes its place: one account for all,
//! pair by pair, or nobody. One form; without a script all its parts are there, and the style sheet shows those that
//! go with what is chosen.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tocsin_domain::{account::IsDefault, id::AccountId};

use crate::{
    api::{
        accounts::{Detail, Use, UseShare},
        deleting::{
            Ability, DeleteAccount as Delete, DeleteForm, Deleting, FORM, Other, before_deleting, chosen,
        },
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        load_problem::LoadProblem,
        mark::Shape,
        note::Note,
        select::{Choice, Select},
        status::Status,
        table::{Cell, Column, Row, Table},
        toggle::{Pick, Toggle},
        window::{Width, Window},
    },
    i18n::{t, tu_string, use_i18n},
};

/// The window.
#[component]
pub fn DeleteAccount() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, deleting.title);
    let parameters = use_params_map();
    let id = move || parameters.with(|parameters| parameters.get("id")?.parse::<AccountId>().ok());
    // Not fetched anew while it is shown: choices that were made stay.
    let asked = Resource::new(id, |id| before_deleting(id.unwrap_or(AccountId::new(0))));
    let action = ServerAction::<Delete>::new();
    view! {
        <Title text=title />
        <Window title back="/accounts" width=Width::Wide>
            <Transition>
                {move || Suspend::new(async move {
                    match asked.await {
                        Ok(asked) => view! { <Question asked action /> }.into_any(),
                        Err(error) => {
                            view! {
                                <div class="body">
                                    <LoadProblem error />
                                </div>
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </Window>
    }
    .into_any()
}

#[component]
fn Question(asked: Deleting, action: ServerAction<Delete>) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(action);
    let Deleting {
        detail: Detail { row, uses, .. },
        under_way,
        others,
    } = asked;
    let typed = serde_json::from_str::<DeleteForm>(&problem.typed(FORM, "")).ok();
    let address = row.account.settings.address.to_string();
    let id = row.account.id;
    let is_last = others.is_empty();
    let places = (!uses.is_empty()).then(|| {
        view! { <Places uses address=address.clone() others=others.clone() typed=typed.clone() problem /> }
    });
    let unused = places.is_none().then(|| {
        view! {
            <p>{t!(i18n, deleting.unused)}</p>
            <input type="hidden" name="form[how]" value="leave" />
        }
    });
    let default = (row.account.default == IsDefault::Yes && !is_last)
        .then(|| view! { <DefaultAccount others typed /> });
    let last = is_last.then(|| {
        view! {
            <Note shape=Shape::Expired title=tu_string!(i18n, deleting.last_title)>
                <p>{t!(i18n, deleting.last)}</p>
            </Note>
        }
    });
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack deleting">
                    <FormProblem problem fields=FIELDS />
                    <h2>{tu_string!(i18n, deleting.heading, address = address)}</h2>
                    {unused}
                    {places}
                    {default}
                    {last}
                    <Waiting under_way held=row.held />
                    <input type="hidden" name="id" value=id.to_string() />
                </div>
            </div>
            <footer>
                <span class="sub">{t!(i18n, deleting.kept)}</span>
                <span class="push"></span>
                <LinkButton href="/accounts">{t!(i18n, deleting.cancel)}</LinkButton>
                <Button kind=Kind::Danger press=Press::Submit glyph=Glyph::Trash busy=action.pending()>
                    {t!(i18n, deleting.confirm)}
                </Button>
            </footer>
        </ActionForm>
    }
    .into_any()
}

const FIELDS: &[&str] = &["all"];

/// What uses the account, and who takes its place there.
#[component]
fn Places(
    uses: Vec<Use>,
    address: String,
    others: Vec<Other>,
    typed: Option<DeleteForm>,
    problem: Problem,
) -> impl IntoView {
    let i18n = use_i18n();
    let count = uses.len();
    let rules = uses.iter().map(|used| used.rule).collect::<BTreeSet<_>>().len();
    let rules = tu_string!(i18n, deleting.rules, count = rules);
    let alone = uses
        .iter()
        .filter(|used| used.share == UseShare::OnlySender)
        .count();
    let alone = (alone > 0).then(|| format!(" {}", tu_string!(i18n, deleting.alone, count = alone)));
    let has_lists = uses.iter().any(|used| used.share != UseShare::Default);
    let how = (has_lists && !others.is_empty())
        .then(|| view! { <How others=others.clone() typed=typed.clone() problem /> })
        .map_or_else(
            || view! { <input type="hidden" name="form[how]" value="leave" /> }.into_any(),
            IntoAny::into_any,
        );
    let columns = vec![
        Column::text(tu_string!(i18n, deleting.column_pair)),
        Column::text(tu_string!(i18n, deleting.column_then)),
        Column::text(tu_string!(i18n, deleting.column_to)),
    ];
    let rows: Vec<_> = uses
        .into_iter()
        .enumerate()
        .map(|(place, used)| line(place, used, &others, typed.as_ref()))
        .collect();
    view! {
        <p>
            <b>{tu_string!(i18n, deleting.used, count = count, rules = rules)}</b>
            {alone}
        </p>
        {how}
        <div class="panel">
            <Table label=tu_string!(i18n, deleting.table, address = address) columns>
                {rows}
            </Table>
        </div>
    }
    .into_any()
}

#[component]
fn How(others: Vec<Other>, typed: Option<DeleteForm>, problem: Problem) -> impl IntoView {
    let i18n = use_i18n();
    let how = typed
        .as_ref()
        .map_or("each", |typed| typed.how.as_str())
        .to_owned();
    let ways = [
        ("all", tu_string!(i18n, deleting.all)),
        ("each", tu_string!(i18n, deleting.each)),
        ("leave", tu_string!(i18n, deleting.leave)),
    ];
    let ways = ways.map(|(value, words)| {
        view! {
            <Toggle name="form[how]" value pick=Pick::One checked=how == value>
                {words}
            </Toggle>
        }
    });
    let mut choices = vec![Choice::new("", tu_string!(i18n, deleting.choose))];
    choices.extend(others.iter().map(choice));
    let chosen = typed.map_or_else(|| suggested(&others), |typed| typed.all);
    view! {
        <fieldset>
            <legend>{t!(i18n, deleting.legend)}</legend>
            <div class="row">{ways}</div>
        </fieldset>
        <div class="for-all">
            <Select
                label=tu_string!(i18n, deleting.all_label)
                name="form[all]"
                choices=Signal::stored(choices)
                value=chosen
                hint=tu_string!(i18n, deleting.all_hint)
                error=problem.field("all")
            />
        </div>
    }
    .into_any()
}

/// A pair, what it is left with, and the choice of who takes the place.
fn line(place: usize, used: Use, others: &[Other], typed: Option<&DeleteForm>) -> AnyView {
    let i18n = use_i18n();
    let Use {
        name,
        pair,
        id,
        recipients,
        share,
        ..
    } = used;
    let recipients = recipients.join(", ");
    let pair_words = tu_string!(i18n, deleting.pair, number = pair, recipients = recipients);
    let then = match &share {
        UseShare::OnlySender => {
            view! { <Status shape=Shape::Expiring words=tu_string!(i18n, deleting.only) /> }.into_any()
        }
        UseShare::Beside(beside) => {
            let then = tu_string!(i18n, deleting.then, others = beside.join(", "));
            view! { <span class="sub">{then}</span> }.into_any()
        }
        UseShare::Default => view! { <span class="sub">{t!(i18n, deleting.by_default)}</span> }.into_any(),
    };
    let choosable = share != UseShare::Default && !others.is_empty();
    let choose = choosable.then(|| {
        let mut choices = vec![Choice::new("", tu_string!(i18n, deleting.leave_out))];
        choices.extend(others.iter().map(choice));
        let chosen = typed.and_then(|typed| chosen(typed, id)).map_or_else(
            || match share {
                UseShare::OnlySender => suggested(others),
                _ => String::new(),
            },
            ToOwned::to_owned,
        );
        let label = tu_string!(i18n, deleting.replacement, name = name.clone(), number = pair);
        view! {
            <input type="hidden" name=format!("form[pairs][{place}][id]") value=id.to_string() />
            <Select
                label
                label_hidden=true
                name=format!("form[pairs][{place}][to]")
                choices=Signal::stored(choices)
                value=chosen
            />
        }
    });
    view! {
        <Row>
            <Cell>
                <b>{name}</b>
                <div class="sub">{pair_words}</div>
            </Cell>
            <Cell label=tu_string!(i18n, deleting.column_then)>{then}</Cell>
            <Cell label=tu_string!(i18n, deleting.column_to)>{choose}</Cell>
        </Row>
    }
    .into_any()
}

/// Who sends for rules that have no sender from now on.
#[component]
fn DefaultAccount(others: Vec<Other>, typed: Option<DeleteForm>) -> impl IntoView {
    let i18n = use_i18n();
    let mut choices: Vec<_> = others.iter().map(choice).collect();
    choices.push(Choice::new("", tu_string!(i18n, deleting.no_default)));
    let chosen = typed.map_or_else(|| suggested(&others), |typed| typed.default);
    view! {
        <Note shape=Shape::Expiring title=tu_string!(i18n, deleting.default_title)>
            <div class="stack">
                <p>{t!(i18n, deleting.default_hint)}</p>
                <Select
                    label=tu_string!(i18n, deleting.default_label)
                    name="form[default]"
                    choices=Signal::stored(choices)
                    value=chosen
                />
            </div>
        </Note>
    }
    .into_any()
}

/// What waits for the account, and where it goes.
#[component]
fn Waiting(under_way: u64, held: u64) -> impl IntoView {
    let i18n = use_i18n();
    let title = match (under_way, held) {
        (0, 0) => return ().into_any(),
        (0, held) => tu_string!(i18n, deleting.held, count = held),
        (under_way, 0) => tu_string!(i18n, deleting.under_way, count = under_way),
        (under_way, held) => format!(
            "{} {}",
            tu_string!(i18n, deleting.under_way, count = under_way),
            tu_string!(i18n, deleting.held, count = held)
        ),
    };
    view! {
        <Note shape=Shape::Queued title>
            <p>{t!(i18n, deleting.they)}</p>
        </Note>
    }
    .into_any()
}

fn choice(other: &Other) -> Choice {
    let i18n = use_i18n();
    let words = match other.ability {
        Ability::Able => other.address.clone(),
        Ability::Stuck => tu_string!(i18n, deleting.stuck, address = other.address.clone()),
    };
    Choice::new(other.id.to_string(), words)
}

/// Who is suggested: the first that can send.
fn suggested(others: &[Other]) -> String {
    let able = others.iter().find(|other| other.ability == Ability::Able);
    able.map(|other| other.id.to_string()).unwrap_or_default()
}
