//! Signing in: by Tocsin's own password and, on a NAS, as one of its administrators.

mod local;
mod nas;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::{local::Local, nas::ByNas};
use crate::{
    api::session::{Recognised, Ways, sign_in_ways},
    base::at,
    components::{disclosure::Disclosure, layout::Public, mark::Shape, note::Note},
    i18n::{t, tu_string, use_i18n},
};

/// Signing in.
#[component]
pub fn SignIn() -> impl IntoView {
    let title = tu_string!(use_i18n(), sign_in.title);
    let ways = Resource::new(|| (), |()| sign_in_ways());
    view! {
        <Title text=title />
        <Public>
            <h1>{title}</h1>
            <Suspense>
                {move || Suspend::new(async move {
                    // Whoever cannot be told the ways can still try the oldest.
                    shown(ways.await.unwrap_or_default())
                })}
            </Suspense>
        </Public>
    }
    .into_any()
}

fn shown(ways: Ways) -> AnyView {
    let i18n = use_i18n();
    let asked = |name: &str| use_query_map().with_untracked(|query| query.get(name));
    let to = asked("to").unwrap_or_default();
    let Some(recognised) = ways.nas else {
        return view! { <Local to /> }.into_any();
    };
    let is_silent = recognised == Recognised::Silent;
    let undone = asked("undone").map(|_| {
        view! {
            <Note shape=Shape::Expired title=tu_string!(i18n, sign_in.nas.undone)>
                <p>{t!(i18n, sign_in.nas.undone_words)}</p>
                <p>
                    <a href=at("/")>{t!(i18n, sign_in.nas.back)}</a>
                </p>
            </Note>
        }
    });
    let go_on = to.clone();
    let local = if ways.is_new {
        view! {
            <p class="sub">
                {t!(i18n, sign_in.nas.no_local)} " " <a href=at("/setup")>{t!(i18n, sign_in.nas.set_up)}</a>
            </p>
        }
        .into_any()
    } else {
        view! {
            <Disclosure summary=tu_string!(i18n, sign_in.nas.local) open=is_silent || local::was_refused()>
                <Local to=go_on />
            </Disclosure>
        }
        .into_any()
    };
    view! {
        {undone}
        <ByNas recognised to />
        {local}
    }
    .into_any()
}
