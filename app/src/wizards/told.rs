//! What was told of an account: when, of what, to whom, and what became of the mail.

use leptos::prelude::*;
use tocsin_domain::{id::AccountId, nas::Logged, told::Told as Line};

use crate::{
    api::told::told_of,
    base,
    components::{
        live::use_live,
        load_problem::LoadProblem,
        mark::Shape,
        status::Status,
        table::{Cell, CellText, Column, Density, Row, Table},
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The section of the window Edit SMTP Service Account.
#[component]
pub fn Told(
    /// The account.
    account: AccountId,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let told = Resource::new(move || live.version.get(), move |_| told_of(account));
    view! {
        <section class="stack" id="told" aria-labelledby="told-title">
            <h2 id="told-title">{t!(i18n, warnings.told.title)}</h2>
            <Transition>
                {move || Suspend::new(async move {
                    match told.await {
                        Ok(told) if told.is_empty() => {
                            view! { <p class="sub">{t!(i18n, warnings.told.nothing)}</p> }.into_any()
                        }
                        Ok(told) => view! { <Lines told /> }.into_any(),
                        Err(error) => view! { <LoadProblem error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
    .into_any()
}

#[component]
fn Lines(told: Vec<Line>) -> impl IntoView {
    let i18n = use_i18n();
    let columns = vec![
        Column::text(tu_string!(i18n, warnings.told.when)),
        Column::text(tu_string!(i18n, warnings.told.what)),
        Column::text(tu_string!(i18n, warnings.told.whom)),
        Column::text(tu_string!(i18n, warnings.told.state)),
    ];
    let rows = told.into_iter().map(line).collect_view();
    view! {
        <p class="sub">{t!(i18n, warnings.told.hint)}</p>
        <Table label=tu_string!(i18n, warnings.told.label) columns density=Density::Compact>
            {rows}
        </Table>
    }
    .into_any()
}

fn line(told: Line) -> AnyView {
    let i18n = use_i18n();
    let Line {
        at,
        kind,
        recipients,
        notification,
        nas_log,
    } = told;
    let recipients: Vec<_> = recipients.iter().map(ToString::to_string).collect();
    let whom = match nas_log {
        Some(_) => tu_string!(i18n, warnings.told.nas_log).to_owned(),
        None => recipients.join(", "),
    };
    let mail = match notification {
        _ if nas_log.is_some() => logged(nas_log).into_any(),
        Some((id, state)) => view! {
            <a href=base::at(format!("/notifications/{id}"))>
                <Status shape=Shape::from(state) words=words::notification::state(i18n, state) />
            </a>
        }
        .into_any(),
        None => view! { <span class="sub">{t!(i18n, warnings.told.gone)}</span> }.into_any(),
    };
    view! {
        <Row>
            <Cell text=CellText::Line>
                <Moment at />
            </Cell>
            <Cell label=tu_string!(i18n, warnings.told.what)>{words::told::kind(i18n, kind)}</Cell>
            <Cell label=tu_string!(i18n, warnings.told.whom)>{whom}</Cell>
            <Cell label=tu_string!(i18n, warnings.told.state)>{mail}</Cell>
        </Row>
    }
    .into_any()
}

/// Whether a line stands in the NAS's own log.
fn logged(logged: Option<Logged>) -> impl IntoView {
    let i18n = use_i18n();
    let (shape, words) = match logged? {
        Logged::Waiting => (Shape::Queued, tu_string!(i18n, warnings.told.logged.waiting)),
        Logged::Written => (Shape::Ok, tu_string!(i18n, warnings.told.logged.written)),
        Logged::Failed => (Shape::Failed, tu_string!(i18n, warnings.told.logged.failed)),
    };
    Some(view! { <Status shape words /> })
}
