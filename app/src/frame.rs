//! What stands around every page of somebody who is signed in: navigation with its marks, banner, live updates.

use leptos::prelude::*;
use leptos_router::components::Outlet;
use tocsin_domain::authorization::Authorization;

use crate::{
    api::frame::{Stuck, Surroundings, fetch_surroundings},
    components::{
        banner::Worst,
        layout::{Frame, Layout},
        live::provide_live,
        toast::provide_toaster,
    },
    i18n::{tu_string, use_i18n},
    words::{self, I18n},
};

/// The parent of all routes but set-up and sign-in.
#[component]
pub fn SignedIn() -> impl IntoView {
    let i18n = use_i18n();
    let live = provide_live();
    provide_toaster();
    let fetched = Resource::new(move || live.version.get(), |_| fetch_surroundings());
    let frame = Signal::derive(move || {
        let seen = fetched.get().and_then(Result::ok);
        seen.map(|seen| frame(i18n, seen)).unwrap_or_default()
    });
    view! {
        <Layout frame>
            <Outlet />
        </Layout>
    }
    .into_any()
}

fn frame(i18n: I18n, seen: Surroundings) -> Frame {
    Frame {
        host: seen.host,
        user: seen.user,
        needs: seen.needs,
        worst: seen.worst.map(|stuck| worst(i18n, &stuck)),
    }
}

fn worst(i18n: I18n, stuck: &Stuck) -> Worst {
    let state = words::authorization::sentence(i18n, &stuck.authorization);
    let at_fault = stuck.authorization.application_fault().is_some();
    let action = match stuck.authorization {
        _ if at_fault => tu_string!(i18n, warnings.application.open),
        Authorization::NeedsReauthorization(_) => tu_string!(i18n, overview.reauthorize),
        _ => tu_string!(i18n, overview.edit_settings),
    };
    Worst {
        what: format!("{}: {state}", stuck.address),
        consequence: if stuck.held == 0 {
            tu_string!(i18n, overview.nothing_held).to_owned()
        } else {
            tu_string!(i18n, overview.held_go_out, count = stuck.held)
        },
        href: if at_fault {
            format!("/settings/oauth/{}", stuck.provider)
        } else {
            format!("/accounts/{}", stuck.id)
        },
        action: action.to_owned(),
    }
}
