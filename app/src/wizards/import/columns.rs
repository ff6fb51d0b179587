//! The second step: which column holds what. Names that are known are found; everything can be changed.

use leptos::prelude::*;
use tocsin_domain::import::ImportField;

use super::Steps;
use crate::{
    api::import::{CancelImport, Columns, Detail, StartImport},
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        form::{FormProblem, Problem},
        select::{Choice, Select},
        table::{Cell, Column, Density, Row, Table},
        toggle::Toggle,
        window::{Width, Window},
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// How many of the first rows stand beside a column.
const EXAMPLES: usize = 3;

/// The window.
#[component]
pub fn MapColumns(
    /// The import.
    detail: Detail,
) -> impl IntoView {
    let i18n = use_i18n();
    let start = ServerAction::<StartImport>::new();
    let cancel = ServerAction::<CancelImport>::new();
    let Detail { import, columns, .. } = detail;
    let (id, of_start) = (import.id.to_string(), import.id.to_string());
    let intro = tu_string!(
        i18n,
        import.map_intro,
        file = import.file_name,
        count = import.rows
    )
    .to_string();
    view! {
        <Window title=tu_string!(i18n, import.map) back="/accounts" width=Width::Wide>
            <div class="body">
                <div class="stack">
                    <Steps current=1 />
                    <p>{intro}</p>
                    <FormProblem problem=Problem::of(start) />
                    <FormProblem problem=Problem::of(cancel) />
                    <ActionForm action=start attr:id="start">
                        <input type="hidden" name="id" value=of_start />
                        <div class="stack">
                            {columns.map(|columns| view! { <Choices columns /> })}
                            <div class="field">
                                <Toggle name="form[update]">{t!(i18n, import.update)}</Toggle>
                                <p class="sub">{t!(i18n, import.update_hint)}</p>
                            </div>
                        </div>
                    </ActionForm>
                </div>
            </div>
            <footer>
                <ActionForm action=cancel>
                    <input type="hidden" name="id" value=id />
                    <Button press=Press::Submit busy=cancel.pending()>
                        {t!(i18n, import.discard)}
                    </Button>
                </ActionForm>
                <span class="push"></span>
                <Button kind=Kind::Main press=Press::Submit busy=start.pending() attr:form="start">
                    {t!(i18n, import.start)}
                </Button>
            </footer>
        </Window>
    }
    .into_any()
}

#[component]
fn Choices(columns: Columns) -> impl IntoView {
    let i18n = use_i18n();
    let heads = vec![
        Column::text(tu_string!(i18n, import.column_heading)),
        Column::text(tu_string!(i18n, import.column_holds)),
        Column::text(tu_string!(i18n, import.preview)),
    ];
    let unused = Choice::new("", tu_string!(i18n, import.unused));
    let fields = ImportField::ALL
        .iter()
        .map(|field| Choice::new(field.key(), words::import::field(i18n, *field)));
    let choices: Vec<_> = std::iter::once(unused).chain(fields).collect();
    let Columns {
        header,
        mapping,
        rows,
    } = columns;
    let lines = header
        .into_iter()
        .zip(mapping)
        .enumerate()
        .map(|(index, (name, held))| {
            let name = if name.is_empty() {
                tu_string!(i18n, import.column, number = index + 1).to_string()
            } else {
                name
            };
            let examples = rows
                .iter()
                .take(EXAMPLES)
                .map(|row| row.get(index).cloned().unwrap_or_default());
            let examples = examples
                .filter(|cell| !cell.is_empty())
                .collect::<Vec<_>>()
                .join(" · ");
            let label = tu_string!(i18n, import.column_named, name = name.clone()).to_string();
            let choices = Signal::stored(choices.clone());
            view! {
                <Row>
                    <Cell>
                        <b>{name}</b>
                    </Cell>
                    <Cell>
                        <Select
                            label
                            name=format!("form[columns][{index}]")
                            id=format!("column-{index}")
                            choices
                            value=held.map_or("", ImportField::key)
                            label_hidden=true
                        />
                    </Cell>
                    <Cell label=tu_string!(i18n, import.preview)>
                        <span class="sub">{examples}</span>
                    </Cell>
                </Row>
            }
        })
        .collect_view();
    view! {
        <Table label=tu_string!(i18n, import.map) columns=heads density=Density::Compact>
            {lines}
        </Table>
    }
    .into_any()
}
