//! A table that becomes a card a row below 640 px. Roles are written out, since `display` drops them there.

use leptos::prelude::*;

use super::mark::{Mark, Shape};

/// A column's head.
#[derive(Clone, Debug)]
pub struct Column {
    label: TextProp,
    kind: ColumnKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnKind {
    Text,
    Number,
    Hidden,
}

impl Column {
    /// Text, from the left.
    pub fn text(label: impl Into<TextProp>) -> Self {
        Self {
            label: label.into(),
            kind: ColumnKind::Text,
        }
    }

    /// Numbers and times, from the right.
    pub fn number(label: impl Into<TextProp>) -> Self {
        Self {
            label: label.into(),
            kind: ColumnKind::Number,
        }
    }

    /// A head that only screen readers say: `Actions`.
    pub fn hidden(label: impl Into<TextProp>) -> Self {
        Self {
            label: label.into(),
            kind: ColumnKind::Hidden,
        }
    }
}

/// How high its rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// 12 px around a row.
    #[default]
    Normal,
    /// 8 px: many rows.
    Compact,
}

/// The table; its children are rows.
#[component]
pub fn Table(
    /// What it is a table of.
    #[prop(into)]
    label: TextProp,
    /// The heads, in order.
    columns: Vec<Column>,
    /// How high its rows are.
    #[prop(optional)]
    density: Density,
    children: Children,
) -> impl IntoView {
    let class = match density {
        Density::Normal => "table cards",
        Density::Compact => "table cards compact",
    };
    let heads = columns
        .into_iter()
        .map(|Column { label, kind }| {
            view! {
                <th role="columnheader" scope="col" class:num=kind == ColumnKind::Number>
                    <span class:vh=kind == ColumnKind::Hidden>{move || label.get()}</span>
                </th>
            }
        })
        .collect_view();
    view! {
        <table class=class role="table" aria-label=move || label.get()>
            <thead role="rowgroup">
                <tr role="row">{heads}</tr>
            </thead>
            <tbody role="rowgroup">{children()}</tbody>
        </table>
    }
    .into_any()
}

/// Whether a row calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Urgency {
    /// Like the others.
    #[default]
    None,
    /// Somebody must act now: a red ground.
    Now,
}

/// A row; its children are cells.
#[component]
pub fn Row(
    /// Whether it calls; may change while it is shown.
    #[prop(optional, into)]
    urgency: Signal<Urgency>,
    children: Children,
) -> impl IntoView {
    view! {
        <tr role="row" class:is-now=move || urgency.get() == Urgency::Now>
            {children()}
        </tr>
    }
    .into_any()
}

/// Where a cell stands on a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// A line of its own.
    #[default]
    Whole,
    /// Shares a line with its neighbour.
    Half,
    /// Top right: the row's small buttons.
    Corner,
}

/// How a cell's text stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellText {
    /// From the left, over several lines.
    #[default]
    Flow,
    /// From the left, on one line: a time.
    Line,
    /// From the right, on one line: a number.
    Number,
}

/// A cell.
#[component]
pub fn Cell(
    /// The column's name, shown beside the cell on a card. Without one the cell explains itself.
    #[prop(optional, into)]
    label: Option<String>,
    /// Where it stands on a card.
    #[prop(optional)]
    place: Place,
    /// How its text stands.
    #[prop(optional)]
    text: CellText,
    children: Children,
) -> impl IntoView {
    view! {
        <td
            role="cell"
            data-label=label
            class:half=place == Place::Half
            class:act=place == Place::Corner
            class:nowrap=text != CellText::Flow
            class:num=text == CellText::Number
        >
            <div>{children()}</div>
        </td>
    }
    .into_any()
}

/// A row that heads those below it: why they wait. Its children are buttons.
#[component]
pub fn GroupRow(
    /// How many columns the table has.
    columns: u8,
    /// What the group is; a blue shape makes a calm ground, any other an amber one.
    #[prop(into)]
    shape: Signal<Shape>,
    /// Why they wait.
    #[prop(into)]
    words: TextProp,
    /// What happens next. An empty text shows nothing.
    #[prop(optional, into)]
    detail: TextProp,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    use super::mark::Tone;
    view! {
        <tr role="row" class="group" class:calm=move || shape.get().tone() == Tone::Blue>
            <th role="rowheader" scope="rowgroup" colspan=columns.to_string()>
                <div class="row">
                    <span class="who">
                        <Mark shape />
                        <span>
                            <b>{move || words.get()}</b>
                            " "
                            {move || detail.get()}
                        </span>
                    </span>
                    <span class="row push">{children.map(|children| children())}</span>
                </div>
            </th>
        </tr>
    }
    .into_any()
}

/// What belongs to the row above and was opened by it.
#[component]
pub fn DetailRow(
    /// How many columns the table has.
    columns: u8,
    /// The id that the opening button names in `aria-controls`.
    #[prop(into)]
    id: String,
    children: Children,
) -> impl IntoView {
    view! {
        <tr role="row" class="detail" id=id>
            <td role="cell" colspan=columns.to_string()>
                <div>{children()}</div>
            </td>
        </tr>
    }
    .into_any()
}
