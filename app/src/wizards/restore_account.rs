//! Restores a deleted account, where something else than the list of deleted accounts leads to it: a sender list, a
//! form that was about to add the same mailbox, an old link.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tocsin_domain::{deleted::Secrets, id::AccountId};

use crate::{
    api::deleting::{Deleted, RestoreAccount as Restore, one_deleted},
    base::at,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        load_problem::LoadProblem,
        mark::Shape,
        note::Note,
        time::{Moment, Precision},
        window::Window,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The window.
#[component]
pub fn RestoreAccount() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, deleting.restore_title);
    let parameters = use_params_map();
    let id = move || parameters.with(|parameters| parameters.get("id")?.parse::<AccountId>().ok());
    let deleted = Resource::new(id, |id| one_deleted(id.unwrap_or(AccountId::new(0))));
    view! {
        <Title text=title />
        <Window title back="/accounts">
            <Transition>
                {move || Suspend::new(async move {
                    match deleted.await {
                        Ok(deleted) => view! { <Question deleted /> }.into_any(),
                        Err(error) => {
                            view! {
                                <div class="body">
                                    <LoadProblem error />
                                </div>
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </Window>
    }
    .into_any()
}

#[component]
fn Question(deleted: Deleted) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<Restore>::new();
    let Deleted {
        account, provider, ..
    } = deleted;
    let id = account.id.to_string();
    let (what, button) = match account.secrets {
        Secrets::KeptUntil(until) => (
            view! {
                <p>{t!(i18n, deleting.restore_text)}</p>
                <p class="sub">
                    {t!(i18n, deleting.until)} " " <Moment at=until precision=Precision::Day />
                </p>
            }
            .into_any(),
            Some(view! {
                <Button kind=Kind::Main press=Press::Submit glyph=Glyph::Undo busy=action.pending()>
                    {t!(i18n, deleting.restore)}
                </Button>
            }),
        ),
        Secrets::Erased => (
            view! {
                <Note shape=Shape::Failed title=tu_string!(i18n, deleting.erased_title)>
                    <p>{t!(i18n, deleting.erased)} " " <a href=at("/accounts/add")>{t!(i18n, deleting.add)}</a></p>
                </Note>
            }
            .into_any(),
            None,
        ),
    };
    let by = (!account.deleted_by.is_empty())
        .then(|| view! { " " {tu_string!(i18n, deleting.by, name = account.deleted_by.clone())} });
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <FormProblem problem=Problem::of(action) />
                    <div>
                        <h2>{account.address.to_string()}</h2>
                        <p class="sub">
                            {provider} " · " {t!(i18n, deleting.was_deleted)} " "
                            <Moment at=account.deleted_at precision=Precision::Full /> {by}
                        </p>
                    </div>
                    {what}
                    <input type="hidden" name="id" value=id />
                </div>
            </div>
            <footer>
                <span class="push"></span>
                <LinkButton href="/accounts">{t!(i18n, deleting.cancel)}</LinkButton>
                {button}
            </footer>
        </ActionForm>
    }
    .into_any()
}

/// Where an account was asked for that is deleted: that it was, and the way to restore it.
#[component]
pub fn WasDeleted() -> impl IntoView {
    let i18n = use_i18n();
    let parameters = use_params_map();
    let id = move || parameters.with(|parameters| parameters.get("id")?.parse::<AccountId>().ok());
    let deleted = Resource::new(id, |id| one_deleted(id.unwrap_or(AccountId::new(0))));
    let note = move || {
        deleted.get().and_then(Result::ok).map(|Deleted { account, .. }| {
            let address = account.address.to_string();
            view! {
                <Note shape=Shape::Cancelled title=tu_string!(i18n, deleting.was_here)>
                    <p>
                        <a href=at(format!("/accounts/{}/restore", account.id))>
                            {tu_string!(i18n, deleting.restore_one, address = address)}
                        </a>
                    </p>
                </Note>
            }
        })
    };
    view! { <Transition>{note}</Transition> }.into_any()
}
