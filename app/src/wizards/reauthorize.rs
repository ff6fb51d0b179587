//! The section Re-authorization of an account's window: its state, and the way to a new grant or password.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use tocsin_domain::{
    account::{Account, SignIn},
    authorization::Authorization,
    id::AccountId,
    provider::{OAuthFamily, Provider},
    sign_in_way::{OfferedWay, Way, chosen},
};

use super::convert_account::{ConversionOffer, TurnBackOffer};
use crate::{
    api::{
        accounts::{NewPassword, Row},
        sign_ins::{BeginReauthorize, SigningIn},
    },
    components::{
        account_status::AccountStatus,
        action_form::ActionForm,
        button::{Button, Kind, Press},
        continue_with::ContinueWith,
        field::{Field, Input},
        form::{FormProblem, Problem},
        mark::Shape,
        note::Note,
        reply::{About, Reply, meaning_of, stage_of},
        sign_in_ways::SignInWays,
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The section. Its state changes live, its form stays.
#[component]
pub fn Reauthorization(
    /// The account.
    row: Signal<Row>,
    /// How it can be signed in at a provider.
    signing_in: Signal<SigningIn>,
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
    let signing_in = Memo::new(move |_| signing_in.get());
    let query = use_query_map();
    let named = Memo::new(move |_| query.with(|query| query.get("way")?.parse::<Way>().ok()));
    let offers = move || {
        let id = row.with(|row| row.account.id);
        let SigningIn {
            conversions,
            turn_back_until,
            ..
        } = signing_in.get();
        view! {
            <TurnBackOffer id until=turn_back_until />
            <ConversionOffer id conversions />
        }
    };
    let form = move || {
        let (id, address, sign_in, provider) = form.get();
        match sign_in {
            SignIn::Grant => {
                let ways = signing_in.with(|signing_in| signing_in.ways.clone());
                let named = named.get();
                view! { <ByGrant id address provider ways named begin /> }.into_any()
            }
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
            {offers}
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
    ways: Vec<OfferedWay>,
    named: Option<Way>,
    begin: ServerAction<BeginReauthorize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let problem = Problem::of(begin);
    let family = provider.oauth.map_or(OAuthFamily::Google, |oauth| oauth.family);
    let current = chosen(&ways, named);
    let href = move |way: Way| format!("/accounts/{id}?way={}#reauthorization", way.as_str());
    view! {
        <div class="stack">
            <div>
                <h3>{t!(i18n, accounts.reauthorize.grant)}</h3>
                <p class="sub">{tu_string!(i18n, accounts.reauthorize.sign_in_as, address = address)}</p>
            </div>
            <FormProblem problem />
            <ActionForm action=begin>
                <div class="stack">
                    <input type="hidden" name="id" value=id.to_string() />
                    <input type="hidden" name="way" value=current.as_str() />
                    <SignInWays offered=ways current provider=provider.name href />
                    <div>
                        <Button kind=Kind::Main press=Press::Submit busy=begin.pending()>
                            <ContinueWith family />
                        </Button>
                    </div>
                </div>
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
