//! What waits no more: sent, failed, bounced, acknowledged. The filter is a GET form, so that what is found can
//! be linked to.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use tocsin_domain::notification::{Notification, State};

use super::{
    pager::{Pager, page_of},
    what::What,
};
use crate::{
    api::notifications::{self as api, list_history},
    components::{
        button::{Button, IconLink, LinkButton, Press},
        empty::Empty,
        field::{Field, Input, Span},
        get_form::GetForm,
        icon::Glyph,
        live::use_live,
        loaded::Loaded,
        mark::Shape,
        panel::Panel,
        select::{Choice, Select},
        status::Status,
        table::{Cell, CellText, Column, Density, Place, Row, Table},
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// What is looked for; empty means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filter {
    state: String,
    search: String,
    page: u32,
}

impl Filter {
    fn is_empty(&self) -> bool {
        self.state.is_empty() && self.search.is_empty()
    }

    /// The address of a page of what is found, up to the page's number.
    fn href(&self) -> String {
        let mut query = leptos_router::params::ParamsMap::new();
        query.insert("tab", "history".to_owned());
        query.insert("state", self.state.clone());
        query.insert("search", self.search.clone());
        format!("/notifications{}&page=", query.to_query_string())
    }
}

#[component]
pub fn History() -> impl IntoView {
    let live = use_live();
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|query| Filter {
            state: query.get("state").unwrap_or_default(),
            search: query.get("search").unwrap_or_default(),
            page: page_of(query.get_str("page")),
        })
    });
    let fetched = Resource::new(
        move || (filter.get(), live.version.get()),
        |(filter, _)| list_history(filter.state, filter.search, filter.page),
    );
    view! {
        <Panel id="history" title=tu_string!(use_i18n(), notifications.history)>
            <FilterForm filter=filter.get_untracked() />
            <Loaded resource=fetched view=move |found| shown(found, &filter.get_untracked()) />
        </Panel>
    }
    .into_any()
}

#[component]
fn FilterForm(filter: Filter) -> impl IntoView {
    let i18n = use_i18n();
    let states = State::ALL.into_iter().filter(|state| !state.waits());
    let all = Choice::new("", tu_string!(i18n, notifications.filter.all));
    let choices: Vec<_> = std::iter::once(all)
        .chain(states.map(|state| Choice::new(state.as_str(), words::notification::state(i18n, state))))
        .collect();
    view! {
        <GetForm page="/notifications">
            <div class="body fields">
                <input type="hidden" name="tab" value="history" />
                <Field
                    label=tu_string!(i18n, notifications.filter.search)
                    name="search"
                    input=Input::Search
                    value=filter.search
                    placeholder=tu_string!(i18n, notifications.filter.placeholder)
                    span=Span::Third
                />
                <Select
                    label=tu_string!(i18n, notifications.filter.state)
                    name="state"
                    choices=Signal::stored(choices)
                    value=filter.state
                    span=Span::Third
                />
                <div class="field w2 at-foot">
                    <Button press=Press::Submit glyph=Glyph::Search>
                        {t!(i18n, notifications.filter.apply)}
                    </Button>
                </div>
            </div>
        </GetForm>
    }
    .into_any()
}

fn shown(found: api::History, filter: &Filter) -> AnyView {
    let i18n = use_i18n();
    let api::History { notifications, total } = found;
    if notifications.is_empty() {
        return nothing(filter);
    }
    let columns = vec![
        Column::text(tu_string!(i18n, notifications.column.event)),
        Column::text(tu_string!(i18n, notifications.column.state)),
        Column::text(tu_string!(i18n, notifications.column.carried)),
        Column::text(tu_string!(i18n, notifications.column.time)),
        Column::hidden(tu_string!(i18n, common.actions)),
    ];
    view! {
        <p class="body sub">{tu_string!(i18n, notifications.found, count = total)}</p>
        <Table label=tu_string!(i18n, notifications.history) columns density=Density::Compact>
            {notifications.into_iter().map(row).collect_view()}
        </Table>
        <Pager page=filter.page total href=filter.href() />
    }
    .into_any()
}

fn nothing(filter: &Filter) -> AnyView {
    let i18n = use_i18n();
    if filter.is_empty() {
        return view! { <Empty fact=tu_string!(i18n, notifications.empty_history) /> }.into_any();
    }
    view! {
        <Empty glyph=Glyph::Search fact=tu_string!(i18n, notifications.empty_found)>
            <LinkButton href="/notifications?tab=history">{t!(i18n, notifications.show_all)}</LinkButton>
        </Empty>
    }
    .into_any()
}

fn row(notification: Notification) -> AnyView {
    let i18n = use_i18n();
    let Notification { id, state, since, .. } = notification;
    let detail = words::notification::why(i18n, &notification);
    let carried = notification.account.clone().map(|(_, address)| address);
    let label = notification.headline.clone();
    view! {
        <Row>
            <Cell place=Place::Half>
                <What notification />
            </Cell>
            <Cell label=tu_string!(i18n, notifications.column.state)>
                <Status shape=Shape::from(state) words=words::notification::state(i18n, state) detail />
            </Cell>
            <Cell label=tu_string!(i18n, notifications.column.carried)>
                {carried.unwrap_or_else(|| tu_string!(i18n, notifications.no_account).to_owned())}
            </Cell>
            <Cell label=tu_string!(i18n, notifications.column.time) text=CellText::Line>
                <Moment at=since />
            </Cell>
            <Cell place=Place::Corner>
                <IconLink glyph=Glyph::Right label href=format!("/notifications/{id}") />
            </Cell>
        </Row>
    }
    .into_any()
}
