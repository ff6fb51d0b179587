//! The third step: the sign-ins, and how far they are.

use leptos::prelude::*;
use tocsin_domain::import::ImportState;

use super::Steps;
use crate::{
    api::import::{CancelImport, Detail, Import},
    components::{
        action_form::ActionForm,
        button::{Button, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        layout::PageHead,
        mark::Shape,
        panel::Panel,
        status::Status,
    },
    i18n::{t, tu_string, use_i18n},
};

/// How far an import is, and how to end it.
#[component]
pub fn Progress(
    /// The import; changes live.
    detail: Signal<Option<Detail>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let cancel = ServerAction::<CancelImport>::new();
    let import =
        Memo::new(move |_| detail.with(|detail| detail.as_ref().map(|detail| detail.import.clone())));
    let is_over = Memo::new(move |_| {
        import.with(|import| import.as_ref().is_some_and(|import| import.state.is_over()))
    });
    let file = Memo::new(move |_| {
        import.with(|import| {
            import
                .as_ref()
                .map(|import| import.file_name.clone())
                .unwrap_or_default()
        })
    });
    let stop = move || {
        let id = import.with_untracked(|import| import.as_ref().map(|import| import.id.to_string()));
        (!is_over.get()).then(|| {
            view! {
                <ActionForm action=cancel>
                    <input type="hidden" name="id" value=id />
                    <Button press=Press::Submit glyph=Glyph::Close busy=cancel.pending()>
                        {t!(i18n, import.stop)}
                    </Button>
                </ActionForm>
            }
        })
    };
    view! {
        <PageHead title=tu_string!(i18n, import.title) />
        <FormProblem problem=Problem::of(cancel) />
        <Panel id="progress" title=move || file.get() actions=move || stop>
            <div class="body">
                <div class="stack">
                    <Steps current=Signal::derive(move || if is_over.get() { 3 } else { 2 }) />
                    {move || import.get().map(|import| view! { <Bar import /> })}
                </div>
            </div>
        </Panel>
    }
    .into_any()
}

#[component]
fn Bar(import: Import) -> impl IntoView {
    let i18n = use_i18n();
    let Import {
        state, rows, counts, ..
    } = import;
    let done = counts.done();
    let (shape, words) = match state {
        ImportState::Cancelled => (Shape::Held, tu_string!(i18n, import.cancelled)),
        ImportState::Done => (Shape::Ok, tu_string!(i18n, import.done)),
        _ => (Shape::Sending, tu_string!(i18n, import.running)),
    };
    let progress = tu_string!(i18n, import.progress, done = done, total = rows).to_string();
    let running = (!state.is_over()).then(|| view! { <p class="sub">{t!(i18n, import.running_text)}</p> });
    view! {
        <div class="stack">
            <Status shape words detail=counts.to_string() />
            <progress class="progress" max=rows.to_string() value=done.to_string() aria-label=progress.clone()></progress>
            <p class="sub">{progress}</p>
            {running}
        </div>
    }
    .into_any()
}
