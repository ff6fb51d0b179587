//! The banner: the worst thing that needs somebody, on each page but Overview. It cannot be dismissed.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    button::{Kind, LinkButton},
    icon::Glyph,
    mark::{Mark, Shape},
};
use crate::i18n::{tu_string, use_i18n};

/// The worst thing, and the way to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worst {
    /// What happened: `nas@example.com: Authorization has expired. Reauthorize the account.`
    pub what: String,
    /// What follows: `7 notifications are held and go out as soon as it can send again.`
    pub consequence: String,
    /// Where it is mended.
    pub href: String,
    /// The button's word: `Re-authorize`.
    pub action: String,
}

/// The banner.
#[component]
pub fn Banner(
    /// What it says.
    worst: Worst,
) -> impl IntoView {
    let i18n = use_i18n();
    let Worst {
        what,
        consequence,
        href,
        action,
    } = worst;
    view! {
        <section class="banner" aria-label=tu_string!(i18n, common.banner)>
            <Mark shape=Shape::Expired />
            <p>
                <b>{what}</b>
                " "
                {consequence}
            </p>
            <LinkButton kind=Kind::Main glyph=Glyph::Key href>
                {action}
            </LinkButton>
        </section>
    }
    .into_any()
}
