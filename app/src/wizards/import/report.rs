//! The fourth step: what became of each row, and why; filtered by outcome, and as a file.

use leptos::prelude::*;
use tocsin_domain::{
    id::ImportId,
    import::{Counts, Outcome, Remark, ServerKind},
};

use super::{BEGIN, Filter};
use crate::{
    api::import::{Detail, PAGE, Row as ReportRow},
    base::at,
    components::{
        button::LinkButton,
        empty::Empty,
        icon::Glyph,
        mark::Shape,
        panel::Panel,
        reply::{About, Above, Reply},
        status::Status,
        table::{Cell, Column, Density, Row, Table},
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The panel.
#[component]
pub fn Report(
    /// The import; changes live.
    detail: Signal<Option<Detail>>,
    /// What is shown of it.
    filter: Memo<Filter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let import = Memo::new(move |_| {
        detail.with(|detail| {
            detail
                .as_ref()
                .map(|detail| (detail.import.id, detail.import.counts))
        })
    });
    let page = Memo::new(move |_| {
        detail.with(|detail| {
            detail
                .as_ref()
                .map(|detail| (detail.report.clone(), detail.total))
        })
    });
    let id = import.get_untracked().map(|(id, _)| id);
    view! {
        <Panel
            id="report"
            title=tu_string!(i18n, import.report)
            actions=move || {
                id.map(|id| {
                    // A file, not a page.
                    view! {
                        <LinkButton
                            glyph=Glyph::Export
                            href=format!("{BEGIN}/{id}/report.csv")
                            attr:download="import-report.csv"
                        >
                            {t!(i18n, import.download)}
                        </LinkButton>
                    }
                })
            }
        >
            {move || import.get().map(|(id, counts)| tabs(id, &counts, &filter.get().0))}
            {move || page.get().zip(id).map(|((rows, total), id)| shown(rows, total, id, &filter.get()))}
        </Panel>
    }
    .into_any()
}

fn tabs(id: ImportId, counts: &Counts, chosen: &str) -> AnyView {
    let i18n = use_i18n();
    let all = (
        String::new(),
        tu_string!(i18n, import.all, count = counts.done()).to_string(),
    );
    let outcomes = Outcome::ALL.iter().map(|outcome| {
        let words = words::import::outcome(i18n, *outcome);
        (outcome.to_string(), format!("{words} ({})", counts.of(*outcome)))
    });
    let links = std::iter::once(all)
        .chain(outcomes)
        .map(|(outcome, words)| {
            let current = (outcome == chosen).then_some("page");
            let href = format!("{BEGIN}/{id}?outcome={outcome}");
            view! {
                <li>
                    <a href=at(href) aria-current=current>
                        {words}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs outcomes" aria-label=tu_string!(i18n, import.filter)>
            <ul>{links}</ul>
        </nav>
    }
    .into_any()
}

fn shown(rows: Vec<ReportRow>, total: u64, id: ImportId, filter: &Filter) -> AnyView {
    let i18n = use_i18n();
    if rows.is_empty() {
        return view! { <Empty glyph=Glyph::Search fact=tu_string!(i18n, import.none_shown) /> }.into_any();
    }
    let columns = vec![
        Column::text(tu_string!(i18n, import.column_row)),
        Column::text(tu_string!(i18n, import.column_outcome)),
        Column::text(tu_string!(i18n, import.column_reason)),
    ];
    let lines = rows.into_iter().map(line).collect_view();
    view! {
        <Table label=tu_string!(i18n, import.report_table) columns density=Density::Compact>
            {lines}
        </Table>
        {pager(id, filter, total)}
    }
    .into_any()
}

fn line(row: ReportRow) -> AnyView {
    let i18n = use_i18n();
    let ReportRow {
        line,
        outcome,
        address,
        account,
        remark,
    } = row;
    let address = if address.is_empty() {
        tu_string!(i18n, import.no_address).to_owned()
    } else {
        address
    };
    let address = match account {
        Some(account) => view! { <a href=at(format!("/accounts/{account}"))>{address}</a> }.into_any(),
        None => address.into_any(),
    };
    let shape = match (outcome, &remark) {
        (_, Some(Remark::AwaitsOwner)) => Shape::Expiring,
        (Outcome::Created | Outcome::Updated | Outcome::Unchanged, _) => Shape::Ok,
        (Outcome::Skipped, _) => Shape::Unverified,
        (Outcome::Failed, _) => Shape::Failed,
    };
    let about = account
        .map_or_else(About::default, About::account_by_id)
        .tried_by_person();
    let reason = match remark {
        Some(remark) => view! {
            <Cell label=tu_string!(i18n, import.column_reason)>{why(&remark, about)}</Cell>
        }
        .into_any(),
        None => view! { <Cell>""</Cell> }.into_any(),
    };
    view! {
        <Row>
            <Cell>
                <div>
                    <b>{address}</b>
                    <div class="sub">{tu_string!(i18n, import.on_line, line = line)}</div>
                </div>
            </Cell>
            <Cell label=tu_string!(i18n, import.column_outcome)>
                <Status shape words=words::import::outcome(i18n, outcome) />
            </Cell>
            {reason}
        </Row>
    }
    .into_any()
}

fn why(remark: &Remark, about: About) -> AnyView {
    let i18n = use_i18n();
    match remark {
        Remark::Refused {
            server,
            stage,
            meaning,
            words,
        } => {
            let receiving = (*server == ServerKind::Receiving)
                .then(|| view! { <p class="sub">{t!(i18n, import.remark.receiving)}</p> });
            view! {
                {receiving}
                <Reply stage=*stage meaning=*meaning words=words.clone() about above=Above::Nothing />
            }
            .into_any()
        }
        remark => words::import::remark(i18n, remark).into_any(),
    }
}

/// Links to the pages before and behind; nothing where one page holds everything.
fn pager(id: ImportId, (outcome, page): &Filter, total: u64) -> AnyView {
    let i18n = use_i18n();
    let pages = total.div_ceil(u64::from(PAGE)).max(1);
    if pages == 1 {
        return ().into_any();
    }
    let href = |page: u32| format!("{BEGIN}/{id}?outcome={outcome}&page={page}");
    let before = (*page > 1).then(|| {
        view! {
            <LinkButton href=href(page - 1) glyph=Glyph::Left>
                {t!(i18n, import.before)}
            </LinkButton>
        }
    });
    let behind = (u64::from(*page) < pages).then(|| {
        view! {
            <LinkButton href=href(page + 1) glyph=Glyph::Right>
                {t!(i18n, import.behind)}
            </LinkButton>
        }
    });
    view! {
        <nav class="body row" aria-label=tu_string!(i18n, import.pages)>
            {before}
            <span class="sub">{tu_string!(i18n, import.page, page = *page, pages = pages)}</span>
            {behind}
        </nav>
    }
    .into_any()
}
