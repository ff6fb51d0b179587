//! The NAS that Tocsin runs on: whether its administrators may sign in, and its own log.

use leptos::prelude::*;

use crate::{
    api::nas::Nas as State,
    components::{mark::Shape, note::Note, panel::Panel},
    i18n::{t, tu_string, use_i18n},
};

/// The panel.
#[component]
pub fn Nas(
    /// What is known of it.
    nas: State,
) -> impl IntoView {
    let i18n = use_i18n();
    let system = nas.system.to_string();
    let sign_in = match nas.silence {
        None => view! {
            <Note shape=Shape::Ok title=tu_string!(i18n, settings.nas.answers, system = system.as_str())>
                <p class="sub">{t!(i18n, settings.nas.rule)}</p>
            </Note>
        },
        Some(why) => view! {
            <Note shape=Shape::Failed title=tu_string!(i18n, settings.nas.silent, system = system.as_str())>
                <p>{tu_string!(i18n, settings.nas.silent_words, why = why.as_str())}</p>
            </Note>
        },
    };
    let log = if nas.has_log {
        tu_string!(i18n, settings.nas.log)
    } else {
        tu_string!(i18n, settings.nas.no_log)
    };
    view! {
        <Panel id="nas" title=tu_string!(i18n, settings.nas.title) note=system>
            <div class="body">
                <div class="stack">{sign_in} <p class="sub">{log}</p></div>
            </div>
        </Panel>
    }
    .into_any()
}
