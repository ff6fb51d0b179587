//! The section Receiving Settings of an account's window, with Test Receiving.

use leptos::prelude::*;
use tocsin_domain::{
    account::{AccountSettings, SignIn},
    failure::Stage,
    id::AccountId,
    provider::{Provider, Security, Server},
    receiving::Receiving,
};

use super::account_fields::security_choices;
use crate::{
    api::receiving::{ChangeReceiving, TestReceiving},
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        disclosure::Disclosure,
        field::{Field, Input, Span, TextArea},
        form::{FormProblem, Problem},
        icon::Glyph,
        receiving_status::ReceivingStatus,
        reply::{Above, Reply},
        select::Select,
        toggle::{Pick, Toggle},
    },
    i18n::{t, tu_string, use_i18n},
};

const FIELDS: &[&str] = &["host", "port", "security", "ca", "secret"];

/// The section.
#[component]
pub fn ReceivingSettings(
    /// The account.
    id: AccountId,
    /// Its settings as they are saved.
    settings: AccountSettings,
    /// Its preset.
    provider: Provider,
    /// How the watch stands.
    #[prop(into)]
    receiving: Signal<Receiving>,
) -> impl IntoView {
    let i18n = use_i18n();
    let change = ServerAction::<ChangeReceiving>::new();
    let problem = Problem::of(change);
    let is_on = settings.imap.is_some();
    let checked = !problem.typed("receive", if is_on { "on" } else { "" }).is_empty();
    let place = match (&settings.sign_in, settings.imap.or_else(|| provider.imap.clone())) {
        (SignIn::Nothing, _) => {
            view! { <p class="sub field">{t!(i18n, receiving.no_password)}</p> }.into_any()
        }
        // An access token goes to the provider it comes from.
        (SignIn::Grant, Some(imap)) => {
            let server = format!("{}:{}", imap.host, imap.port);
            let words = tu_string!(
                i18n,
                receiving.by_preset,
                provider = provider.name.clone(),
                server = server
            );
            view! { <p class="sub field">{words}</p> }.into_any()
        }
        (_, imap) => view! { <Place problem imap /> }.into_any(),
    };
    view! {
        <section class="stack" id="receiving" aria-labelledby="receiving-title">
            <div class="row">
                <h2 id="receiving-title">{t!(i18n, receiving.title)}</h2>
                <span class="sub push">{t!(i18n, receiving.imap)}</span>
            </div>
            {move || standing(receiving.get())}
            <p class="sub">{t!(i18n, receiving.what)}</p>
            <FormProblem problem fields=FIELDS />
            <ActionForm action=change>
                <div class="stack">
                    <input type="hidden" name="id" value=id.to_string() />
                    <Toggle name="form[receive]" pick=Pick::Switch checked>
                        {t!(i18n, receiving.switch)}
                    </Toggle>
                    <div class="fields">{place}</div>
                    <div>
                        <Button kind=Kind::Main press=Press::Submit busy=change.pending()>
                            {t!(i18n, receiving.save)}
                        </Button>
                    </div>
                </div>
            </ActionForm>
            {is_on.then(|| view! { <Test id /> })}
        </section>
    }
    .into_any()
}

/// How it stands, and what a server said that does not let us in.
fn standing(receiving: Receiving) -> AnyView {
    let reply = match &receiving {
        Receiving::Waiting { meaning, words, .. } | Receiving::Refused { meaning, words, .. } => {
            Some(view! {
                <Reply stage=Stage::Imap meaning=*meaning words=words.clone() above=Above::Nothing />
            })
        }
        _ => None,
    };
    view! {
        <div class="stack" role="status">
            <ReceivingStatus receiving />
            {reply}
        </div>
    }
    .into_any()
}

#[component]
fn Place(problem: Problem, imap: Option<Server>) -> impl IntoView {
    let i18n = use_i18n();
    let port = imap.as_ref().map_or(993, |imap| imap.port).to_string();
    let security = imap.as_ref().map_or(Security::Tls, |imap| imap.security);
    let (host, ca) = imap
        .map(|imap| (imap.host, imap.ca.unwrap_or_default()))
        .unwrap_or_default();
    let ca_error = problem.field("ca");
    let secret_error = problem.field("secret");
    let open_ca = !ca.is_empty() || ca_error.with_untracked(Option::is_some);
    view! {
        <Field
            label=tu_string!(i18n, receiving.host)
            name="form[imap_host]"
            id="imap-host"
            value=problem.typed("host", host)
            error=problem.field("host")
            placeholder="imap.example.com"
            autocomplete="off"
            span=Span::Half
        />
        <Field
            label=tu_string!(i18n, accounts.form.port)
            name="form[imap_port]"
            id="imap-port"
            input=Input::Number
            value=problem.typed("port", port)
            error=problem.field("port")
            autocomplete="off"
            span=Span::Sixth
        />
        <Select
            label=tu_string!(i18n, accounts.form.security)
            name="form[imap_security]"
            id="imap-security"
            choices=Signal::stored(security_choices())
            value=problem.typed("security", security.as_str())
            error=problem.field("security")
            span=Span::Third
        />
        <Field
            label=tu_string!(i18n, receiving.secret)
            name="form[secret]"
            id="imap-secret"
            input=Input::Password
            hint=tu_string!(i18n, receiving.secret_hint)
            error=secret_error
            autocomplete="off"
            span=Span::Half
        />
        <div class="field">
            <Disclosure summary=tu_string!(i18n, accounts.form.ca) open=open_ca>
                <TextArea
                    label=tu_string!(i18n, accounts.form.ca)
                    name="form[imap_ca]"
                    value=ca
                    hint=tu_string!(i18n, accounts.form.ca_hint)
                    error=ca_error
                />
            </Disclosure>
        </div>
    }
    .into_any()
}

#[component]
fn Test(id: AccountId) -> impl IntoView {
    let i18n = use_i18n();
    let test = ServerAction::<TestReceiving>::new();
    let problem = Problem::of(test);
    view! {
        <FormProblem problem />
        <ActionForm action=test>
            <input type="hidden" name="id" value=id.to_string() />
            <Button press=Press::Submit glyph=Glyph::Inbox busy=test.pending()>
                {t!(i18n, receiving.test)}
            </Button>
        </ActionForm>
    }
    .into_any()
}
