//! Add in Bulk: the file, what its columns hold, the sign-ins, the report. Each step is a page of its own and works
//! without a script; which of the last three an address shows is the import's own state.

mod columns;
mod earlier;
mod file;
mod links;
mod progress;
mod report;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use tocsin_domain::import::ImportState;

pub use self::file::ImportFile;
use self::{columns::MapColumns, links::Links, progress::Progress, report::Report};
use crate::{
    api::{
        error::ApiError,
        import::{Detail, import_detail},
    },
    components::{done::Done, live::use_live, load_problem::LoadProblem, stepper::Stepper},
    i18n::{t, tu_string, use_i18n},
};

/// Where it begins.
const BEGIN: &str = "/accounts/import";

/// What the report shows: an outcome's word, or nothing for all; and the page, from 1.
type Filter = (String, u32);

/// One import, as far as it is.
#[component]
pub fn Import() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let params = use_params_map();
    let query = use_query_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    let filter: Memo<Filter> = Memo::new(move |_| {
        query.with(|query| {
            let page = query.get("page").and_then(|page| page.parse().ok());
            (query.get("outcome").unwrap_or_default(), page.unwrap_or(1).max(1))
        })
    });
    let fetched = Resource::new(
        move || (id.get(), filter.get(), live.version.get()),
        |(id, (outcome, page), _)| async move {
            let id = id
                .parse()
                .map_err(|_| ApiError::gone("this import does not exist any more"))?;
            import_detail(id, outcome, page).await
        },
    );
    view! {
        <Title text=tu_string!(i18n, import.title) />
        <Done words=done />
        <Transition fallback=move || {
            view! { <p class="sub">{t!(i18n, common.loading)}</p> }
        }>
            <Shown fetched filter />
        </Transition>
    }
    .into_any()
}

fn done(done: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    match done {
        "links" => Some(tu_string!(i18n, import.links.made)),
        "mailed" => Some(tu_string!(i18n, import.links.mailed)),
        _ => None,
    }
}

#[component]
fn Shown(fetched: Resource<Result<Detail, ApiError>>, filter: Memo<Filter>) -> impl IntoView {
    // While Tocsin does not answer, what was known stays; links are given out once and stay as long as the page.
    let detail = Memo::new(move |before: Option<&Option<Detail>>| {
        let before = before.cloned().flatten();
        match fetched.get() {
            Some(Ok(now)) => {
                let links = now.links.clone().or(before.and_then(|before| before.links));
                Some(Detail { links, ..now })
            }
            _ => before,
        }
    });
    let error = Memo::new(move |_| {
        let error = fetched.get().and_then(Result::err)?;
        detail.with(Option::is_none).then_some(error)
    });
    // The form for the columns stays as it was filled in, whatever else changes.
    let state = Memo::new(move |_| detail.with(|detail| detail.as_ref().map(|detail| detail.import.state)));
    move || match (error.get(), state.get()) {
        (Some(error), _) => view! { <LoadProblem error /> }.into_any(),
        (None, None) => ().into_any(),
        (None, Some(ImportState::Mapping | ImportState::Reading)) => detail
            .get_untracked()
            .map(|detail| view! { <MapColumns detail /> })
            .into_any(),
        (None, Some(_)) => {
            let detail = Signal::derive(move || detail.get());
            view! {
                <Progress detail />
                <Links detail />
                <Report detail filter />
            }
            .into_any()
        }
    }
}

/// Where one is.
#[component]
fn Steps(
    /// From 0.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let steps = [
        tu_string!(i18n, import.step_file),
        tu_string!(i18n, import.step_columns),
        tu_string!(i18n, import.step_try),
        tu_string!(i18n, import.step_report),
    ];
    view! { <Stepper steps=steps.map(str::to_owned).to_vec() current /> }.into_any()
}
