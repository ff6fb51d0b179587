//! A sign-in that changed nothing: why, and the way on. Where it succeeded, the account's own page follows instead.

use leptos::prelude::*;
use leptos_meta::Title;
use tocsin_domain::{address::EmailAddress, provider::ProviderKey};

use crate::{
    api::{
        error::ServerReply,
        sign_ins::{BeginAdd, SignInFailed as Failed, sign_in_outcome},
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        layout::Public,
        mark::Shape,
        note::Note,
        reply::{About, Reply},
    },
    i18n::{t, tu_string, use_i18n},
};

/// The page to which a provider sends the browser back.
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
    let Some(failed) = failed else {
        return view! {
            <Note shape=Shape::Unverified title=tu_string!(i18n, accounts.failed.none)>
                <p class="sub">{t!(i18n, accounts.failed.none_text)}</p>
            </Note>
            <LinkButton href="/accounts">{t!(i18n, accounts.failed.accounts)}</LinkButton>
        }
        .into_any();
    };
    view! { <WayOn failed again=String::new() /> }.into_any()
}

/// Why a sign-in changed nothing, and what can be done next.
#[component]
pub fn WayOn(
    /// The sign-in.
    failed: Failed,
    /// Where to start again; without it, the account's page or the list.
    again: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let Failed {
        error,
        account,
        deleted,
        other,
    } = failed;
    let reply = error.reply;
    let (title, rest) = match error.message.split_once(". ") {
        Some((title, rest)) => (format!("{title}."), rest.to_owned()),
        None => (error.message, String::new()),
    };
    let restore = deleted.map(|id| {
        view! {
            <LinkButton glyph=Glyph::Undo href=format!("/accounts/{id}/restore")>
                {t!(i18n, deleting.restore)}
            </LinkButton>
        }
    });
    let has_own_start = !again.is_empty();
    let start = match (again.is_empty(), account) {
        (false, _) => Some(again),
        (true, Some(id)) => Some(format!("/accounts/{id}#reauthorization")),
        (true, None) => None,
    };
    let start = start.map(|href| {
        view! {
            <LinkButton kind=Kind::Main href>
                {t!(i18n, sign_ins.device.again)}
            </LinkButton>
        }
    });
    view! {
        <Note shape=Shape::Failed title>
            {(!rest.is_empty()).then(|| view! { <p>{rest}</p> })}
            {reply
                .map(|reply| {
                    let ServerReply { stage, meaning, words } = *reply;
                    let about = account.map(About::account_by_id).unwrap_or_default().tried_by_person();
                    view! { <Reply stage meaning words about /> }
                })}
        </Note>
        <div class="row">
            {restore} {start}
            {account
                .filter(|_| has_own_start)
                .map(|id| {
                    view! {
                        <LinkButton href=format!("/accounts/{id}")>
                            {t!(i18n, accounts.failed.account)}
                        </LinkButton>
                    }
                })} <LinkButton href="/accounts">{t!(i18n, accounts.failed.accounts)}</LinkButton>
        </div>
        {other.map(|(provider, address)| view! { <AddOther provider address /> })}
    }
    .into_any()
}

/// Adds the mailbox that signed in where another was expected.
#[component]
fn AddOther(provider: ProviderKey, address: EmailAddress) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<BeginAdd>::new();
    let problem = Problem::of(action);
    let address = address.to_string();
    let words = tu_string!(i18n, sign_ins.failed.add_other, address = address.clone());
    let hint = tu_string!(i18n, sign_ins.failed.add_other_text, address = address.clone());
    view! {
        <FormProblem problem />
        <ActionForm action>
            <div class="stack">
                <input type="hidden" name="form[provider]" value=provider.to_string() />
                <input type="hidden" name="form[address]" value=address />
                <div>
                    <Button press=Press::Submit busy=action.pending()>
                        {words}
                    </Button>
                </div>
                <p class="sub">{hint}</p>
            </div>
        </ActionForm>
    }
    .into_any()
}
