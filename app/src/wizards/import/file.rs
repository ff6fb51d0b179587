//! The first step: the file. It goes by a plain form, also where there is a script.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use tocsin_domain::import::{MOST_BYTES, MOST_ROWS};

use super::{BEGIN, Steps, earlier::Earlier};
use crate::{
    api::import::{TEMPLATE, UPLOAD, UploadProblem},
    base::at,
    components::{
        button::{Button, Kind, LinkButton, Press},
        icon::Glyph,
        mark::Shape,
        note::Note,
        toggle::Toggle,
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The window Add in Bulk, with the imports before.
#[component]
pub fn ImportFile() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, import.title);
    let query = use_query_map();
    let problem = move || {
        query
            .with(|query| UploadProblem::from_query(|name| query.get(name)))
            .map(|problem| {
                view! {
                    <Note shape=Shape::Expired title=tu_string!(i18n, import.not_taken)>
                        <p>{problem.words()}</p>
                    </Note>
                }
            })
    };
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <form method="post" action=at(UPLOAD) enctype="multipart/form-data">
                <div class="body">
                    <div class="stack">
                        <Steps current=0 />
                        <div role="alert">{problem}</div>
                        <p>{t!(i18n, import.intro)}</p>
                        <File />
                        <Toggle name="latin1">{t!(i18n, import.latin)}</Toggle>
                    </div>
                </div>
                <footer>
                    // A file, not a page.
                    <LinkButton glyph=Glyph::Export href=TEMPLATE attr:download="accounts.csv">
                        {t!(i18n, import.template)}
                    </LinkButton>
                    <span class="push"></span>
                    <LinkButton href="/accounts">{t!(i18n, import.cancel)}</LinkButton>
                    <Button kind=Kind::Main press=Press::Submit>
                        {t!(i18n, import.next)}
                    </Button>
                </footer>
            </form>
        </Window>
        <div class="below">
            <Earlier begin=BEGIN />
        </div>
    }
    .into_any()
}

#[component]
fn File() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <label for="file">{t!(i18n, import.file)}</label>
            <input
                class="input"
                type="file"
                id="file"
                name="file"
                required=true
                accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
                aria-describedby="file-hint"
            />
            <p class="sub" id="file-hint">
                {tu_string!(i18n, import.file_hint, rows = MOST_ROWS, size = MOST_BYTES / 1024 / 1024)}
            </p>
        </div>
    }
    .into_any()
}
