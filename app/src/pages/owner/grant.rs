//! Signing in at the provider: one button for the way that fits, and the others by hand.

use leptos::prelude::*;
use tocsin_domain::sign_in_way::{OfferedWay, Way, first_choice};

use super::texts::{Locale, td_string};
use crate::components::{
    button::{Button, Kind, Press},
    disclosure::Disclosure,
};

/// The ways to sign in at the provider, and which of them can work.
pub type Ways = Vec<OfferedWay>;

/// The button, and the other ways.
pub(super) fn view(locale: Locale, ways: Ways, path: String, address: String, provider: String) -> AnyView {
    let first = first_choice(&ways);
    let sentence = |way| match way {
        Way::Redirect => td_string!(locale, owner.grant.redirect, provider = provider.clone()),
        Way::DeviceCode => td_string!(locale, owner.grant.device, provider = provider.clone()),
        Way::Paste => td_string!(locale, owner.grant.paste, provider = provider.clone()),
    };
    // Each way can be taken by hand, except one that the provider does not have.
    let others = ways
        .iter()
        .filter(|other| other.way != first && other.obstacle.is_none())
        .map(|other| {
            let words = match other.way {
                Way::Redirect => td_string!(locale, owner.grant.go_on, provider = provider.clone()),
                Way::DeviceCode => td_string!(locale, owner.grant.device_button).to_owned(),
                Way::Paste => td_string!(locale, owner.grant.paste_button).to_owned(),
            };
            view! {
                <li class="stack">
                    <p class="sub">{sentence(other.way)}</p>
                    {form(&path, other.way, Kind::Default, words)}
                </li>
            }
        })
        .collect_view();
    let words = td_string!(locale, owner.grant.go_on, provider = provider.clone());
    let second = (first != Way::Redirect).then(|| view! { <p class="sub">{sentence(first)}</p> });
    let hint = td_string!(
        locale,
        owner.grant.hint,
        address = address,
        provider = provider.clone()
    );
    view! {
        <div class="stack">
            {form(&path, first, Kind::Main, words)}
            {second}
            <p class="sub">{hint}</p>
            <Disclosure summary=td_string!(locale, owner.grant.others)>
                <ul class="stack ways">{others}</ul>
            </Disclosure>
        </div>
    }
    .into_any()
}

/// Begins a sign-in.
pub(super) fn form(path: &str, way: Way, kind: Kind, words: String) -> AnyView {
    view! {
        <form class="wide" method="post" action=path.to_owned()>
            <input type="hidden" name="way" value=way.as_str() />
            <Button kind press=Press::Submit>
                {words}
            </Button>
        </form>
    }
    .into_any()
}
