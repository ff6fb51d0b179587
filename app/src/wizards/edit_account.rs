//! The window Edit SMTP Service Account: Re-authorization, Sending Settings, and where the account is used.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tocsin_domain::{
    account::{IsDefault, SignIn},
    id::AccountId,
};

use super::{
    links::ReauthorizationLinks, reauthorize::Reauthorization, receiving_settings::ReceivingSettings,
    restore_account::WasDeleted, sending_settings::SendingSettings, told::Told,
};
use crate::{
    api::{
        accounts::{Detail, MakeDefault, Use, account_detail},
        error::{ApiError, Kind as Refusal},
    },
    base::at,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, LinkButton, Press},
        done::Done,
        form::{FormProblem, Problem},
        icon::Glyph,
        live::use_live,
        load_problem::LoadProblem,
        mark::Mark,
        window::{Width, Window},
    },
    i18n::{t, tu_string, use_i18n},
};

/// Where closing leads.
const BACK: &str = "/accounts";

/// The window Edit SMTP Service Account.
#[component]
pub fn EditAccount() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, accounts.edit.title);
    let detail = account_of_path();
    view! {
        <Title text=title />
        <Transition>
            <Loaded detail />
        </Transition>
    }
    .into_any()
}

/// The account that the path names, fetched again with each change.
pub(super) fn account_of_path() -> Resource<Result<Detail, ApiError>> {
    let parameters = use_params_map();
    let live = use_live();
    let id = move || parameters.with(|parameters| parameters.get("id")?.parse::<AccountId>().ok());
    Resource::new(
        move || (id(), live.version.get()),
        // No account has the number zero.
        |(id, _)| account_detail(id.unwrap_or(AccountId::new(0))),
    )
}

#[component]
fn Loaded(detail: Resource<Result<Detail, ApiError>>) -> impl IntoView {
    let title = tu_string!(use_i18n(), accounts.edit.title);
    // While Tocsin does not answer, what was known and typed stays.
    let known = Memo::new(move |before: Option<&Option<Detail>>| match detail.get() {
        Some(Ok(detail)) => Some(detail),
        Some(Err(error)) if error.kind == Refusal::Failed => before.cloned().flatten(),
        _ => None,
    });
    let error = Memo::new(move |_| detail.get().and_then(Result::err));
    let is_known = Memo::new(move |_| known.with(Option::is_some));
    move || match (is_known.get(), known.get_untracked(), error.get()) {
        (true, Some(first), _) => {
            let address = first.row.account.settings.address.to_string();
            let monogram = first.row.provider.monogram.clone();
            let detail = Memo::new(move |_| known.get().unwrap_or_else(|| first.clone()));
            view! {
                <Window title subtitle=address monogram back=BACK width=Width::Wide>
                    <Sections detail=detail.into() />
                </Window>
            }
            .into_any()
        }
        (_, _, Some(error)) => view! {
            <Window title back=BACK>
                <div class="body stack">
                    <LoadProblem error />
                    <WasDeleted />
                </div>
            </Window>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn Sections(detail: Signal<Detail>) -> impl IntoView {
    let i18n = use_i18n();
    let row = Signal::derive(move || detail.with(|detail| detail.row.clone()));
    let id = detail.with_untracked(|detail| detail.row.account.id);
    // What is typed stays while the state around it changes.
    let settings = Memo::new(move |_| {
        detail.with(|detail| (detail.row.account.settings.clone(), detail.reader.clone()))
    });
    let has_owner = Memo::new(move |_| row.with(|row| row.account.settings.sign_in != SignIn::Nothing));
    let receiving_settings = Memo::new(move |_| {
        detail.with(|detail| (detail.row.account.settings.clone(), detail.row.provider.clone()))
    });
    let receiving = Memo::new(move |_| detail.with(|detail| detail.row.receiving.clone()));
    let uses = Memo::new(move |_| detail.with(|detail| detail.uses.clone()));
    let signing_in = Signal::derive(move || detail.with(|detail| detail.signing_in.clone()));
    let shape = move || detail.with(|detail| (&detail.row.account.authorization).into());
    view! {
        <div class="body">
            <div class="sections">
                <nav aria-label=tu_string!(i18n, accounts.edit.sections)>
                    <a class="navlink" href="#reauthorization" rel="external">
                        {t!(i18n, accounts.reauthorize.title)}
                        <Mark shape=Signal::derive(shape) />
                    </a>
                    <a class="navlink" href="#sending" rel="external">
                        {t!(i18n, accounts.edit.sending)}
                    </a>
                    <a class="navlink" href="#receiving" rel="external">
                        {t!(i18n, receiving.title)}
                    </a>
                    <a class="navlink" href="#used-by" rel="external">
                        {t!(i18n, accounts.edit.used_by)}
                        <span class="sub">{move || uses.with(Vec::len)}</span>
                    </a>
                    <a class="navlink" href="#told" rel="external">
                        {t!(i18n, warnings.told.short)}
                    </a>
                </nav>
                <div class="stack">
                    <Done words=done />
                    <Reauthorization row signing_in />
                    {move || has_owner.get().then(|| view! { <ReauthorizationLinks account=id /> })}
                    {move || {
                        let (settings, reader) = settings.get();
                        view! { <SendingSettings id settings reader /> }
                    }}
                    {move || {
                        let (settings, provider) = receiving_settings.get();
                        view! { <ReceivingSettings id settings provider receiving /> }
                    }}
                    <section class="stack" id="used-by" aria-labelledby="used-by-title">
                        <h2 id="used-by-title">{t!(i18n, accounts.edit.used_by)}</h2>
                        {move || used_by(uses.get())}
                        <Default row from="" />
                    </section>
                    <Told account=id />
                </div>
            </div>
        </div>
        <footer>
            <LinkButton kind=Kind::Plain glyph=Glyph::Trash href=format!("/accounts/{id}/delete")>
                {t!(i18n, deleting.title)}
            </LinkButton>
            <span class="push"></span>
            <LinkButton href="/accounts">{t!(i18n, common.close)}</LinkButton>
        </footer>
    }
    .into_any()
}

fn done(done: &str) -> Option<&'static str> {
    let i18n = use_i18n();
    Some(match done {
        "added" => tu_string!(i18n, accounts.done.added),
        "saved" => tu_string!(i18n, accounts.done.saved),
        "reauthorized" => tu_string!(i18n, accounts.done.reauthorized),
        "reauthorized-too" => tu_string!(i18n, sign_ins.done.reauthorized_too),
        "converted" => tu_string!(i18n, sign_ins.done.converted),
        "turned-back" => tu_string!(i18n, sign_ins.done.turned_back),
        "receiving-saved" => tu_string!(i18n, receiving.done.saved),
        "receiving-off" => tu_string!(i18n, receiving.done.off),
        "receiving-tested" => tu_string!(i18n, receiving.done.tested),
        "tested" => tu_string!(i18n, accounts.done.tested),
        "default" => tu_string!(i18n, accounts.done.default),
        "link" => tu_string!(i18n, links.done_made),
        "link-revoked" => tu_string!(i18n, links.done_revoked),
        _ => return None,
    })
}

fn used_by(uses: Vec<Use>) -> AnyView {
    let i18n = use_i18n();
    if uses.is_empty() {
        return view! {
            <p>{t!(i18n, accounts.edit.used_by_none)} " " <a href=at("/rules")>{t!(i18n, accounts.edit.used_by_rules)}</a></p>
        }
        .into_any();
    }
    let lines = uses.into_iter().map(|used| {
        let Use {
            rule,
            name,
            pair,
            recipients,
            ..
        } = used;
        let recipients = recipients.join(", ");
        let pair = tu_string!(i18n, accounts.edit.pair, number = pair, recipients = recipients);
        view! {
            <li>
                <a href=at(format!("/rules/{rule}"))>{name}</a>
                " "
                <span class="sub">{pair}</span>
            </li>
        }
    });
    view! { <ul>{lines.collect_view()}</ul> }.into_any()
}

/// Whether it sends for rules that have no sender, and the way to that.
#[component]
pub fn Default(
    /// The account.
    row: Signal<crate::api::accounts::Row>,
    /// The page to come back to: `start`, or else the account's own.
    from: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<MakeDefault>::new();
    let problem = Problem::of(action);
    let default = Memo::new(move |_| row.with(|row| row.account.default));
    let id = Signal::derive(move || row.with(|row| row.account.id.to_string()));
    view! {
        <FormProblem problem />
        {move || match default.get() {
            IsDefault::Yes => view! { <p class="sub">{t!(i18n, accounts.edit.is_default)}</p> }.into_any(),
            IsDefault::No => {
                view! {
                    <ActionForm action>
                        <div class="row">
                            <input type="hidden" name="id" value=id />
                            <input type="hidden" name="from" value=from />
                            <Button press=Press::Submit busy=action.pending()>
                                {t!(i18n, accounts.edit.make_default)}
                            </Button>
                            <span class="sub">{t!(i18n, accounts.edit.is_not_default)}</span>
                        </div>
                    </ActionForm>
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}
