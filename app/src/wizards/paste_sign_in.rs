//! The window of a sign-in whose end is pasted.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::sign_in_failed::WayOn;
use crate::{
    api::{
        error::ApiError,
        sign_ins::{FinishPasted, PastePage, SignInFailed, fetch_paste_page},
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        form::Problem,
        paste_address::PasteAddress,
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The window.
#[component]
pub fn PasteSignIn() -> impl IntoView {
    let title = tu_string!(use_i18n(), sign_ins.paste.title);
    let parameters = use_params_map();
    let id = move || {
        parameters
            .with(|parameters| parameters.get("id"))
            .unwrap_or_default()
    };
    let action = ServerAction::<FinishPasted>::new();
    let page = Resource::new(id, fetch_paste_page);
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <Transition>
                {move || Suspend::new(async move {
                    let page = page.await;
                    view! { <Shown page id=id() action /> }
                })}
            </Transition>
        </Window>
    }
    .into_any()
}

/// The form; or, once the sign-in is over, why, and the way on. A wrong address can be pasted again.
#[component]
fn Shown(page: Result<PastePage, ApiError>, id: String, action: ServerAction<FinishPasted>) -> impl IntoView {
    let problem = Problem::of(action);
    let again = page.as_ref().map(|page| page.again.clone()).unwrap_or_default();
    let page = StoredValue::new(page);
    let id = StoredValue::new(id);
    let again = StoredValue::new(again);
    move || {
        let over = problem.get().filter(|error| error.field.is_none());
        match (over, page.get_value()) {
            (Some(error), _) | (None, Err(error)) => view! {
                <div class="body">
                    <div class="stack">
                        <WayOn failed=SignInFailed::of_answer(error) again=again.get_value() />
                    </div>
                </div>
            }
            .into_any(),
            (None, Ok(page)) => view! { <PasteForm page id=id.get_value() action problem /> }.into_any(),
        }
    }
}

#[component]
fn PasteForm(
    page: PastePage,
    id: String,
    action: ServerAction<FinishPasted>,
    problem: Problem,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <input type="hidden" name="id" value=id />
                    <PasteAddress page problem />
                </div>
            </div>
            <footer>
                <span class="push"></span>
                <LinkButton href="/accounts">{t!(i18n, accounts.edit.cancel)}</LinkButton>
                <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                    {t!(i18n, sign_ins.paste.finish)}
                </Button>
            </footer>
        </ActionForm>
    }
    .into_any()
}
