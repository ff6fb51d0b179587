//! The way back from a provider, where the sign-in changed nothing: why, and what to do. Where it succeeded, the
//! account's own page follows instead.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::{
        error::ServerReply,
        oauth::{SignInFailed as Failed, sign_in_outcome},
    },
    components::{
        button::{Kind, LinkButton},
        layout::Public,
        mark::Shape,
        note::Note,
        reply::{About, Reply},
    },
    i18n::{t, tu_string, use_i18n},
};

/// The page.
#[component]
pub fn SignInFailed() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, accounts.failed.title);
    let failed = Resource::new(|| (), |()| sign_in_outcome());
    view! {
        <Title text=title />
        <Public>
            <h1>{title}</h1>
            <Suspense>{move || Suspend::new(async move { why(failed.await.ok().flatten()) })}</Suspense>
        </Public>
    }
    .into_any()
}

fn why(failed: Option<Failed>) -> AnyView {
    let i18n = use_i18n();
    let Some(Failed { error, account }) = failed else {
        return view! {
            <Note shape=Shape::Unverified title=tu_string!(i18n, accounts.failed.none)>
                <p class="sub">{t!(i18n, accounts.failed.none_text)}</p>
            </Note>
            <LinkButton href="/accounts">{t!(i18n, accounts.failed.accounts)}</LinkButton>
        }
        .into_any();
    };
    let way_on = match account {
        Some(id) => view! {
            <LinkButton kind=Kind::Main href=format!("/accounts/{id}")>
                {t!(i18n, accounts.failed.account)}
            </LinkButton>
            <LinkButton href="/accounts/add">{t!(i18n, accounts.failed.add)}</LinkButton>
        }
        .into_any(),
        None => view! {
            <LinkButton kind=Kind::Main href="/accounts">
                {t!(i18n, accounts.failed.accounts)}
            </LinkButton>
        }
        .into_any(),
    };
    view! {
        <Note shape=Shape::Failed title=error.message>
            {error
                .reply
                .map(|reply| {
                    let ServerReply { stage, meaning, words } = reply;
                    let about = account.map(About::account_by_id).unwrap_or_default().tried_by_person();
                    view! { <Reply stage meaning words about /> }
                })}
        </Note>
        <div class="row">{way_on}</div>
    }
    .into_any()
}
