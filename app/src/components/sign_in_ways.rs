//! The ways to sign in at a provider: the one that is taken, in a sentence, and the others behind a line, with the
//! reason where one cannot work. Links, so that it works without a script.

use leptos::prelude::*;
use tocsin_domain::sign_in_way::{Obstacle, OfferedWay, Way, first_choice};

use super::disclosure::Disclosure;
use crate::{
    base::at,
    i18n::{t, tu_string, use_i18n},
};

/// The way that is taken, and the others.
#[component]
pub fn SignInWays<F>(
    /// All ways.
    offered: Vec<OfferedWay>,
    /// The one that is taken.
    current: Way,
    /// The provider's name.
    #[prop(into)]
    provider: String,
    /// Where another way is chosen.
    href: F,
) -> impl IntoView
where
    F: Fn(Way) -> String + 'static,
{
    let i18n = use_i18n();
    let is_first = first_choice(&offered) == current;
    let words = sentence(current, &provider);
    let others = offered
        .into_iter()
        .filter(|offered| offered.way != current)
        .map(|OfferedWay { way, obstacle }| {
            let sentence = match obstacle {
                None => sentence(way, &provider),
                Some(obstacle) => reason(obstacle, &provider),
            };
            let name = match obstacle {
                None => view! { <a href=at(href(way))>{name(way)}</a> }.into_any(),
                Some(_) => view! { <b>{name(way)}</b> }.into_any(),
            };
            view! {
                <li>
                    {name}
                    <p class="sub">{sentence}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <div>
            <b>{name(current)}</b>
            <p class="sub">{words}</p>
            <Disclosure summary=tu_string!(i18n, sign_ins.ways.others) open=!is_first>
                <ul class="ways" aria-label=tu_string!(i18n, sign_ins.ways.label)>
                    {others}
                </ul>
            </Disclosure>
        </div>
    }
    .into_any()
}

/// All ways, and which of them work from where the reader is; nothing to choose.
#[component]
pub fn WaysFromHere(
    /// All ways.
    ways: Vec<OfferedWay>,
    /// The provider's name.
    provider: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = ways
        .into_iter()
        .map(|OfferedWay { way, obstacle }| {
            let words = match obstacle {
                None => sentence(way, &provider),
                Some(obstacle) => reason(obstacle, &provider),
            };
            view! {
                <li>
                    <b>{name(way)}</b>
                    <p class="sub">{words}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <div>
            <h3>{t!(i18n, sign_ins.application.ways)}</h3>
            <ul class="ways">{lines}</ul>
        </div>
    }
    .into_any()
}

fn name(way: Way) -> AnyView {
    let i18n = use_i18n();
    match way {
        Way::Redirect => t!(i18n, sign_ins.ways.redirect).into_any(),
        Way::DeviceCode => t!(i18n, sign_ins.ways.device_code).into_any(),
        Way::Paste => t!(i18n, sign_ins.ways.paste).into_any(),
    }
}

fn sentence(way: Way, provider: &str) -> String {
    let i18n = use_i18n();
    match way {
        Way::Redirect => tu_string!(i18n, sign_ins.ways.redirect_text, provider = provider),
        Way::DeviceCode => tu_string!(i18n, sign_ins.ways.device_code_text, provider = provider),
        Way::Paste => tu_string!(i18n, sign_ins.ways.paste_text, provider = provider),
    }
}

fn reason(obstacle: Obstacle, provider: &str) -> String {
    let i18n = use_i18n();
    match obstacle {
        Obstacle::NeedsHttps => tu_string!(i18n, sign_ins.ways.needs_https).to_owned(),
        Obstacle::NeedsPublicName => tu_string!(i18n, sign_ins.ways.needs_name).to_owned(),
        Obstacle::NoDeviceCodes => tu_string!(i18n, sign_ins.ways.no_codes, provider = provider),
    }
}
