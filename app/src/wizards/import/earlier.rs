//! The imports before: their reports are kept.

use leptos::prelude::*;
use tocsin_domain::import::ImportState;

use crate::{
    api::import::{Import, import_list},
    components::{
        button::IconLink,
        icon::Glyph,
        live::use_live,
        loaded::Loaded,
        mark::Shape,
        panel::Panel,
        status::Status,
        table::{Cell, CellText, Column, Density, Place, Row, Table},
        time::Moment,
    },
    i18n::{tu_string, use_i18n},
};

/// The panel; nothing where there were none.
#[component]
pub fn Earlier(
    /// The address above those of the imports.
    begin: &'static str,
) -> impl IntoView {
    let live = use_live();
    let list = Resource::new(move || live.version.get(), |_| import_list());
    view! { <Loaded resource=list view=move |imports| shown(imports, begin) /> }.into_any()
}

fn shown(imports: Vec<Import>, begin: &'static str) -> AnyView {
    let i18n = use_i18n();
    if imports.is_empty() {
        return ().into_any();
    }
    let columns = vec![
        Column::text(tu_string!(i18n, import.earlier.file)),
        Column::text(tu_string!(i18n, import.earlier.result)),
        Column::text(tu_string!(i18n, import.earlier.when)),
        Column::hidden(tu_string!(i18n, common.actions)),
    ];
    let rows = imports
        .into_iter()
        .map(|import| line(import, begin))
        .collect_view();
    view! {
        <Panel id="earlier" title=tu_string!(i18n, import.earlier.title)>
            <Table label=tu_string!(i18n, import.earlier.title) columns density=Density::Compact>
                {rows}
            </Table>
        </Panel>
    }
    .into_any()
}

fn line(import: Import, begin: &'static str) -> AnyView {
    let i18n = use_i18n();
    let (shape, words) = match import.state {
        ImportState::Reading | ImportState::Mapping => (
            Shape::Unverified,
            tu_string!(i18n, import.earlier.mapping).to_owned(),
        ),
        ImportState::Running => (
            Shape::Sending,
            tu_string!(
                i18n,
                import.progress,
                done = import.counts.done(),
                total = import.rows
            )
            .to_string(),
        ),
        ImportState::Done | ImportState::Cancelled if import.counts.failed > 0 => {
            (Shape::Failed, import.counts.to_string())
        }
        ImportState::Done => (Shape::Ok, import.counts.to_string()),
        ImportState::Cancelled => (Shape::Held, import.counts.to_string()),
    };
    let label = tu_string!(i18n, import.earlier.open, file = import.file_name.clone()).to_string();
    view! {
        <Row>
            <Cell>
                <div>
                    <b>{import.file_name}</b>
                    <div class="sub">{import.who}</div>
                </div>
            </Cell>
            <Cell label=tu_string!(i18n, import.earlier.result)>
                <Status shape words />
            </Cell>
            <Cell label=tu_string!(i18n, import.earlier.when) text=CellText::Line>
                <Moment at=import.created_at />
            </Cell>
            <Cell place=Place::Corner>
                <IconLink glyph=Glyph::Right label href=format!("{begin}/{}", import.id) />
            </Cell>
        </Row>
    }
    .into_any()
}
