//! Re-authorization links in an account's window: making one, and those that there are.

mod list;
mod make;
mod new;

use leptos::prelude::*;
use tocsin_domain::id::AccountId;

pub use self::make::MakeFromRow;
use self::{list::List, make::Make, new::New};
use crate::{
    api::links::{NewLink, account_links},
    components::{live::use_live, load_problem::LoadProblem},
    i18n::{t, use_i18n},
};

/// The link that was made just now, and its address to copy.
#[component]
pub fn JustMade(
    /// The link.
    link: NewLink,
) -> impl IntoView {
    view! { <New link /> }
}

/// The part of the section Re-authorization.
#[component]
pub fn ReauthorizationLinks(
    /// The account.
    account: AccountId,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let links = Resource::new(move || live.version.get(), move |_| account_links(account));
    // While Tocsin does not answer, what was known stays; and an address that is shown once stays too.
    let known = Memo::new(move |before: Option<&Option<_>>| match links.get() {
        Some(Ok(links)) => Some(links),
        _ => before.cloned().flatten(),
    });
    let new = Memo::new(move |before: Option<&Option<NewLink>>| {
        let new = known.with(|known| known.as_ref().and_then(|known| known.new.clone()));
        new.or_else(|| before.cloned().flatten())
    });
    let error = move || {
        let error = links.get().and_then(Result::err)?;
        known
            .with(Option::is_none)
            .then(|| view! { <LoadProblem error /> })
    };
    let rows = Memo::new(move |_| known.with(|known| known.as_ref().map(|known| known.links.clone())));
    view! {
        <div class="stack" id="links">
            <div>
                <h3>{t!(i18n, links.title)}</h3>
                <p class="sub">{t!(i18n, links.intro)}</p>
            </div>
            <Transition>
                {move || new.get().map(|link| view! { <New link /> })}
                <Make account />
                {error}
                {move || rows.get().map(|links| view! { <List links /> })}
            </Transition>
        </div>
    }
    .into_any()
}
