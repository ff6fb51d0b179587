//! The window Add SMTP Service: first the provider, then what its accounts sign in with. Test, default and rules
//! follow on the new account's own page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use tocsin_domain::provider::{Credential, Provider};

use super::{add_password::AddPassword, add_sign_in::AddSignIn};
use crate::{
    api::{
        error::ApiError,
        oauth::{ProviderApplication, providers},
    },
    components::{
        button::{Button, Kind, LinkButton, Press},
        load_problem::LoadProblem,
        mark::Shape,
        note::Note,
        provider_picker::ProviderPicker,
        stepper::Stepper,
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// Where closing leads.
const BACK: &str = "/accounts";

/// The window Add SMTP Service.
#[component]
pub fn AddAccount() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, accounts.add.title);
    let query = use_query_map();
    let chosen = Memo::new(move |_| query.with(|query| query.get("provider")));
    let offered = Resource::new(|| (), |()| providers());
    view! {
        <Title text=title />
        <Window title back=BACK>
            <Suspense>
                {move || Suspend::new(async move {
                    let offered = offered.await;
                    move || step(offered.clone(), chosen.get())
                })}
            </Suspense>
        </Window>
    }
    .into_any()
}

fn step(offered: Result<Vec<ProviderApplication>, ApiError>, chosen: Option<String>) -> AnyView {
    let i18n = use_i18n();
    let offered = match offered {
        Ok(offered) => offered,
        Err(error) => {
            return view! {
                <div class="body">
                    <LoadProblem error />
                </div>
            }
            .into_any();
        }
    };
    let Some(key) = chosen else {
        let providers = offered.into_iter().map(|offer| offer.provider).collect();
        return view! { <Choose providers /> }.into_any();
    };
    match offered
        .into_iter()
        .find(|offer| offer.provider.key.as_str() == key)
    {
        Some(offer) if offer.provider.credential == Credential::Oauth => {
            view! { <AddSignIn offer /> }.into_any()
        }
        Some(offer) => view! { <AddPassword provider=offer.provider /> }.into_any(),
        None => view! {
            <div class="body">
                <Note shape=Shape::Failed title=tu_string!(i18n, accounts.add.unknown) />
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Choose(providers: Vec<Provider>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <form method="get" action="/accounts/add">
            <div class="body">
                <div class="stack">
                    <Steps current=0 />
                    <ProviderPicker providers />
                </div>
            </div>
            <footer>
                <span class="push"></span>
                <LinkButton href=BACK>{t!(i18n, accounts.edit.cancel)}</LinkButton>
                <Button kind=Kind::Main press=Press::Submit>
                    {t!(i18n, accounts.add.next)}
                </Button>
            </footer>
        </form>
    }
    .into_any()
}

/// Where one is.
#[component]
pub fn Steps(
    /// From 0.
    current: usize,
) -> impl IntoView {
    let i18n = use_i18n();
    let steps = [
        tu_string!(i18n, accounts.add.step_account),
        tu_string!(i18n, accounts.add.step_sign_in),
        tu_string!(i18n, accounts.add.step_test),
        tu_string!(i18n, accounts.add.step_rules),
    ];
    view! { <Stepper steps=steps.map(str::to_owned).to_vec() current /> }.into_any()
}

/// The foot of the second step: back to the first, away, or on.
#[component]
pub fn SignInFooter(
    /// The form is being answered.
    #[prop(into)]
    busy: Signal<bool>,
    /// The main button's words.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <footer>
            <LinkButton href="/accounts/add">{t!(i18n, accounts.add.back)}</LinkButton>
            <span class="push"></span>
            <LinkButton href=BACK>{t!(i18n, accounts.edit.cancel)}</LinkButton>
            <Button kind=Kind::Main press=Press::Submit busy>
                {children()}
            </Button>
        </footer>
    }
    .into_any()
}
