//! The section Re-authorization of an account's window: its state, and the way to a new grant or password.

use leptos::{form::ActionForm, prelude::*};
use tocsin_domain::{
    account::{Account, SignIn},
    authorization::Authorization,
    id::AccountId,
    provider::{OAuthFamily, Provider},
};

use crate::{
    api::{
        accounts::{NewPassword, Row},
        oauth::BeginReauthorize,
    },
    components::{
        account_status::AccountStatus,
        button::{Button, Kind, Press},
        field::{Field, Input},
        form::{FormProblem, Problem},
        icon::Monogram,
        mark::Shape,
        note::Note,
        reply::{About, Reply, meaning_of, stage_of},
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The section. Its state changes live, its form stays.
#[component]
pub fn Reauthorization(
    /// The account.
    row: Signal<Row>,
) -> impl IntoView {
    let i18n = use_i18n();
    let begin = ServerAction::<BeginReauthorize>::new();
    let renew = ServerAction::<NewPassword>::new();
    let form = Memo::new(move |_| {
        row.with(|row| {
            let settings = &row.account.settings;
            let address = settings.address.to_string();
            (
                row.account.id,
                address,
                settings.sign_in.clone(),
                row.provider.clone(),
            )
        })
    });
    let form = move || {
        let (id, address, sign_in, provider) = form.get();
        match sign_in {
            SignIn::Grant => view! { <ByGrant id address provider begin /> }.into_any(),
            SignIn::Password { .. } => view! { <ByPassword id address renew /> }.into_any(),
            SignIn::Nothing => {
                view! { <p class="sub">{t!(i18n, accounts.reauthorize.nothing)}</p> }.into_any()
            }
        }
    };
    view! {
        <section class="stack" id="reauthorization" aria-labelledby="reauthorization-title">
            <h2 id="reauthorization-title">{t!(i18n, accounts.reauthorize.title)}</h2>
            {move || state(row.get())}
            {form}
        </section>
    }
    .into_any()
}

/// Somebody must act: why, in the server's words; else the state alone.
fn state(row: Row) -> AnyView {
    let i18n = use_i18n();
    let about = About::account(&row.account, &row.provider);
    let Row { account, held, .. } = row;
    let (title, refusal) = match &account.authorization {
        Authorization::NeedsReauthorization(refusal) => {
            (tu_string!(i18n, accounts.state.expired), refusal.clone())
        }
        Authorization::NeedsConfiguration(refusal) => (
            tu_string!(i18n, accounts.state.needs_configuration),
            refusal.clone(),
        ),
        _ => {
            return view! {
                {unanswered(&account, about)}
                <p>
                    <AccountStatus account held />
                </p>
            }
            .into_any();
        }
    };
    let stage = stage_of(refusal.meaning, &refusal.words);
    view! {
        <Note shape=Shape::from(&account.authorization) title>
            <p class="sub">
                {t!(i18n, accounts.state.since)} " " <Moment at=refusal.since /> ". "
                {(held > 0).then(|| tu_string!(i18n, accounts.reauthorize.held, count = held))}
            </p>
            <Reply stage meaning=refusal.meaning words=refusal.words about />
        </Note>
    }
    .into_any()
}

/// What an outage, a used-up limit or a refusal that is not confirmed yet was seen by.
fn unanswered(account: &Account, about: About) -> Option<AnyView> {
    let words = match (&account.authorization, &account.pause, &account.suspicion) {
        (Authorization::Unreachable { words, .. }, ..) => words,
        (_, _, Some(suspicion)) => &suspicion.refusal.words,
        (_, Some(pause), _) => &pause.words,
        _ => return None,
    };
    let (stage, meaning) = meaning_of(words);
    let words = words.clone();
    Some(view! { <Reply stage meaning words about /> }.into_any())
}

#[component]
fn ByGrant(
    id: AccountId,
    address: String,
    provider: Provider,
    begin: ServerAction<BeginReauthorize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(begin);
    let family = provider.oauth.map(|oauth| oauth.family);
    let (letter, words) = match family {
        Some(OAuthFamily::Microsoft) => ("M", tu_string!(i18n, accounts.reauthorize.microsoft)),
        Some(OAuthFamily::Google) | None => ("G", tu_string!(i18n, accounts.reauthorize.google)),
    };
    view! {
        <div class="stack">
            <div>
                <h3>{t!(i18n, accounts.reauthorize.grant)}</h3>
                <p class="sub">{tu_string!(i18n, accounts.reauthorize.sign_in_as, address = address)}</p>
            </div>
            <FormProblem problem />
            <ActionForm action=begin>
                <input type="hidden" name="id" value=id.to_string() />
                <Button kind=Kind::Main press=Press::Submit busy=begin.pending()>
                    <Monogram letters=letter />
                    {words}
                </Button>
            </ActionForm>
        </div>
    }
    .into_any()
}

#[component]
fn ByPassword(id: AccountId, address: String, renew: ServerAction<NewPassword>) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(renew);
    view! {
        <div class="stack">
            <div>
                <h3>{t!(i18n, accounts.reauthorize.grant)}</h3>
                <p class="sub">{tu_string!(i18n, accounts.reauthorize.password, address = address)}</p>
            </div>
            <FormProblem problem fields=&["secret"] />
            <ActionForm action=renew>
                <div class="stack">
                    <input type="hidden" name="id" value=id.to_string() />
                    <Field
                        label=tu_string!(i18n, accounts.form.password)
                        name="secret"
                        input=Input::Password
                        error=problem.field("secret")
                        autocomplete="off"
                        required=true
                    />
                    <div>
                        <Button kind=Kind::Main press=Press::Submit busy=renew.pending()>
                            {t!(i18n, accounts.reauthorize.button)}
                        </Button>
                    </div>
                </div>
            </ActionForm>
        </div>
    }
    .into_any()
}
