//! The window of a sign-in by device code. It follows by itself what Tocsin hears in the background; without a script
//! its button Continue looks again. Once the mailbox has signed in, the account's page follows.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tocsin_domain::id::DeviceSignInId;

use super::sign_in_failed::WayOn;
use crate::{
    api::{
        error::ApiError,
        sign_ins::{DevicePage, device_sign_in},
    },
    base::at,
    components::{
        button::{Button, Kind, LinkButton, Press},
        device_code::DeviceCode,
        live::use_live,
        load_problem::WindowProblem,
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The window.
#[component]
pub fn DeviceSignIn() -> impl IntoView {
    let title = tu_string!(use_i18n(), sign_ins.device.title);
    let parameters = use_params_map();
    let live = use_live();
    let id = move || parameters.with(|parameters| parameters.get("id")?.parse::<DeviceSignInId>().ok());
    let page = Resource::new(
        move || (id(), live.version.get()),
        // No sign-in has the number zero.
        |(id, _)| device_sign_in(id.unwrap_or(DeviceSignInId::new(0))),
    );
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <Transition>
                {move || Suspend::new(async move { shown(page.await, id()) })}
            </Transition>
        </Window>
    }
    .into_any()
}

fn shown(page: Result<DevicePage, ApiError>, id: Option<DeviceSignInId>) -> AnyView {
    let i18n = use_i18n();
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            return view! {
                <WindowProblem error />
            }
            .into_any();
        }
    };
    if let Some(failed) = page.failed {
        return view! {
            <div class="body">
                <div class="stack">
                    <WayOn failed again=page.again />
                </div>
            </div>
        }
        .into_any();
    }
    let again = id.map(|id| format!("/oauth/device/{id}")).unwrap_or_default();
    view! {
        <div class="body">
            <div class="stack">
                <DeviceCode page />
            </div>
        </div>
        <footer>
            <LinkButton href="/accounts">{t!(i18n, accounts.edit.cancel)}</LinkButton>
            <span class="push"></span>
            // A form, so that it loads the page again also with a script.
            <form method="get" action=at(again)>
                <Button kind=Kind::Main press=Press::Submit>
                    {t!(i18n, sign_ins.device.go_on)}
                </Button>
            </form>
        </footer>
    }
    .into_any()
}
