//! What stands around a page: navigation with its marks, the session, the banner; and the plain frame of the
//! pages before sign-in.

use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use serde::{Deserialize, Serialize};

use super::{
    banner::{Banner, Worst},
    button::{Button, Kind, Press},
    icon::{Glyph, Icon, Logo},
    mark::{Mark, Shape},
    toast::ToastRegion,
};
use crate::{
    base::at,
    i18n::{t, tu_string, use_i18n},
};

/// What the frame shows of the system's state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The NAS's name.
    pub host: String,
    /// The administrator who is signed in.
    pub user: String,
    /// How many things need somebody, by area.
    pub needs: Needs,
    /// The worst of them, for the banner.
    pub worst: Option<Worst>,
}

/// How many things need somebody behind each entry of the navigation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Service accounts that cannot send.
    pub accounts: u32,
    /// Rules with a pair that lost its only sender.
    pub rules: u32,
    /// Notifications that failed and were not looked at.
    pub notifications: u32,
    /// OAuth applications whose secret expired.
    pub settings: u32,
}

/// The frame around a page of somebody who is signed in.
///
/// What shows the system's state waits for it, so that it is in the HTML; each by itself, and the page never: what a
/// `Transition` holds is made anew when what it waited for is there.
#[component]
pub fn Layout(
    /// What the frame shows; changes live.
    #[prop(into)]
    frame: Signal<Frame>,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <a class="skip" href="#main">
            {t!(i18n, common.skip)}
        </a>
        <div class="shell">
            <header class="side">
                <a class="brand" href=at("/")>
                    <Logo />
                    <b>{t!(i18n, common.product)}</b>
                    <span class="sub">
                        <Transition>{move || frame.with(|frame| frame.host.clone())}</Transition>
                    </span>
                </a>
                <Transition>
                    <Navigation needs=Signal::derive(move || frame.with(|frame| frame.needs)) />
                    <Session user=Signal::derive(move || frame.with(|frame| frame.user.clone())) />
                </Transition>
            </header>
            <main class="main" id="main" tabindex="-1">
                <Transition>
                    <WorstThing frame />
                </Transition>
                {children()}
            </main>
        </div>
        <ToastRegion />
    }
    .into_any()
}

#[component]
fn WorstThing(frame: Signal<Frame>) -> impl IntoView {
    let (path, overview) = (use_location().pathname, at("/"));
    // Overview shows the worst first by itself.
    let worst = Memo::new(move |_| {
        (path.get() != overview)
            .then(|| frame.with(|frame| frame.worst.clone()))
            .flatten()
    });
    (move || worst.get().map(|worst| view! { <Banner worst /> })).into_any()
}

#[component]
fn Navigation(needs: Signal<Needs>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="nav" aria-label=tu_string!(i18n, common.navigation.label)>
            <ul>
                <Entry
                    href="/"
                    glyph=Glyph::Overview
                    long=tu_string!(i18n, common.navigation.overview)
                    short=tu_string!(i18n, common.navigation.overview)
                    needs=Signal::stored(0)
                />
                <Entry
                    href="/accounts"
                    glyph=Glyph::Accounts
                    long=tu_string!(i18n, common.navigation.accounts)
                    short=tu_string!(i18n, common.navigation.accounts_short)
                    needs=Signal::derive(move || needs.get().accounts)
                />
                <Entry
                    href="/rules"
                    glyph=Glyph::Rules
                    long=tu_string!(i18n, common.navigation.rules)
                    short=tu_string!(i18n, common.navigation.rules_short)
                    needs=Signal::derive(move || needs.get().rules)
                />
                <Entry
                    href="/notifications"
                    glyph=Glyph::Queue
                    long=tu_string!(i18n, common.navigation.notifications)
                    short=tu_string!(i18n, common.navigation.notifications_short)
                    needs=Signal::derive(move || needs.get().notifications)
                />
                <Entry
                    href="/settings"
                    glyph=Glyph::Settings
                    long=tu_string!(i18n, common.navigation.settings)
                    short=tu_string!(i18n, common.navigation.settings)
                    needs=Signal::derive(move || needs.get().settings)
                />
            </ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Entry(
    href: &'static str,
    glyph: Glyph,
    long: &'static str,
    short: &'static str,
    needs: Signal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let mark = move || {
        (needs.get() > 0).then(|| {
            view! {
                <Mark shape=Shape::Expired />
                <span class="vh">{t!(i18n, common.navigation.needs)}</span>
            }
        })
    };
    view! {
        <li>
            <A href=at(href) exact={href == "/"} attr:class="navlink">
                <Icon glyph />
                <span class="long">{long}</span>
                <span class="short">{short}</span>
                {mark}
            </A>
        </li>
    }
    .into_any()
}

#[component]
fn Session(user: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="session">
            <span class="sub">{t!(i18n, common.session.signed_in_as)} " " <b>{user}</b></span>
            <form method="post" action=at("/sign-out")>
                <Button kind=Kind::Plain press=Press::Submit glyph=Glyph::Leave>
                    {t!(i18n, common.session.sign_out)}
                </Button>
            </form>
        </div>
    }
    .into_any()
}

/// The frame of a page for somebody who is not signed in: one narrow column, nothing else of the system.
#[component]
pub fn Public(children: Children) -> impl IntoView {
    view! {
        <div class="public">
            <main id="main">
                <Logo />
                {children()}
            </main>
        </div>
    }
    .into_any()
}

/// A page's title, with what stands at its right.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: TextProp,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <h1>{move || title.get()}</h1>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
