//! Adding a mailbox that signs in with a password, an app password or a key.

use leptos::prelude::*;
use tocsin_domain::provider::{Credential, Provider, Security, Server};

use super::{
    account_fields::{PersonFields, ServerFields, ServerSignals},
    add_account::SignInFooter,
    deleted_offer::DeletedOffer,
    detect::{Detect, Fields},
    guidance::Guidance,
    secret_shape,
};
use crate::{
    api::{accounts::AddAccount, detect::Detect as Ask},
    components::{
        action_form::ActionForm,
        disclosure::Disclosure,
        field::{Field, Input, Span},
        form::{FormProblem, Problem},
        mark::Shape,
        note::Note,
        reply::About,
        toggle::Toggle,
    },
    i18n::{t, tu_string, use_i18n},
};

const FIELDS: &[&str] = &[
    "address",
    "secret",
    "sender_name",
    "owner",
    "user",
    "host",
    "port",
    "security",
    "ca",
    "deleted",
];

/// The second step for such a provider.
#[component]
pub fn AddPassword(
    /// The preset.
    provider: Provider,
    /// All presets: a host that is one of theirs is recognised.
    presets: Vec<Provider>,
    /// The address that the first step was given.
    #[prop(into)]
    address: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<AddAccount>::new();
    let detect = ServerAction::<Ask>::new();
    let problem = Problem::of(action);
    let looked = Problem::of(detect);
    let first = |name: &str, otherwise: String| problem.typed(name, looked.typed(name, otherwise));
    let is_custom = provider.key.is_custom();
    let address = RwSignal::new(first("address", address));
    let server = provider.smtp.clone().unwrap_or_else(nowhere);
    let signals = ServerSignals::of(looked, server.clone());
    let signals = if problem.is_some_untracked() {
        ServerSignals::of(problem, server.clone())
    } else {
        signals
    };
    let key = provider.key.to_string();
    let head = is_custom.then(|| {
        let fields = Fields {
            address,
            host: signals.host,
            port: signals.port,
            security: signals.security,
            ca: signals.ca,
        };
        view! {
            <Detect fields action=detect provider=provider.clone() />
            <ServerFields problem signals />
            <OtherProvider presets host=signals.host />
        }
    });
    let foot = (!is_custom).then(|| view! { <Folded server problem signals /> });
    let about = About::form(&provider);
    let default = !first("default", String::new()).is_empty();
    let person = [first("sender_name", String::new()), first("owner", String::new())];
    let [sender_name, owner] = person;
    let user = first("user", provider.user.clone().unwrap_or_default());
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <FormProblem problem fields=FIELDS about />
                    <DeletedOffer problem />
                    <Guidance provider=provider.clone() />
                    <input type="hidden" name="form[provider]" value=key />
                    <div class="fields">
                        <Field
                            label=tu_string!(i18n, accounts.form.address)
                            name="form[address]"
                            id="address"
                            input=Input::Email
                            bind=address
                            error=either(problem.field("address"), looked.field("address"))
                            autocomplete="email"
                            required=true
                        />
                        {head}
                        <Credentials provider problem user />
                        <PersonFields problem sender_name owner />
                        {foot}
                    </div>
                    <Toggle name="form[default]" checked=default>
                        {t!(i18n, accounts.form.default)}
                    </Toggle>
                    <p class="sub">{t!(i18n, accounts.add.proved)}</p>
                </div>
            </div>
            <SignInFooter busy=action.pending()>{t!(i18n, accounts.add.sign_in)}</SignInFooter>
        </ActionForm>
    }
    .into_any()
}

/// What Custom begins with.
fn nowhere() -> Server {
    Server {
        host: String::new(),
        port: 465,
        security: Security::Tls,
        ca: None,
    }
}

fn either(one: Signal<Option<String>>, other: Signal<Option<String>>) -> Signal<Option<String>> {
    Signal::derive(move || one.get().or_else(|| other.get()))
}

/// User name, where it may differ from the address, and the secret.
#[component]
fn Credentials(provider: Provider, problem: Problem, user: String) -> impl IntoView {
    let i18n = use_i18n();
    let (label, otherwise) = match provider.credential {
        Credential::AppPassword => (
            tu_string!(i18n, accounts.form.app_password),
            tu_string!(i18n, accounts.form.app_password_hint),
        ),
        Credential::AuthorizationCode => (tu_string!(i18n, accounts.form.authorization_code), ""),
        Credential::ApiKey => (tu_string!(i18n, accounts.form.api_key), ""),
        Credential::Password | Credential::Oauth => (tu_string!(i18n, accounts.form.password), ""),
    };
    let typed = RwSignal::new(String::new());
    let hint = secret_shape::hint(&provider, typed, otherwise);
    let is_custom = provider.key.is_custom();
    let asks_user = is_custom || provider.credential == Credential::ApiKey;
    let user_hint = match (&provider.user, is_custom) {
        (Some(_), _) => tu_string!(i18n, adding.user_fixed),
        (None, true) => tu_string!(i18n, accounts.form.user_hint_custom),
        (None, false) => tu_string!(i18n, accounts.form.user_hint),
    };
    view! {
        {asks_user
            .then(|| {
                view! {
                    <Field
                        label=tu_string!(i18n, accounts.form.user)
                        name="form[user]"
                        id="user"
                        value=user
                        hint=user_hint
                        error=problem.field("user")
                        autocomplete="username"
                        span=Span::Half
                    />
                }
            })}
        <Field
            label
            name="form[secret]"
            id="secret"
            input=Input::Password
            bind=typed
            hint=move || hint.get()
            error=problem.field("secret")
            autocomplete="off"
            span=if asks_user { Span::Half } else { Span::Full }
        />
    }
    .into_any()
}

/// A host that a preset knows has a better way in than Custom.
#[component]
fn OtherProvider(presets: Vec<Provider>, host: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let hosts: Vec<_> = presets
        .into_iter()
        .filter_map(|preset| Some((preset.smtp?.host.to_ascii_lowercase(), preset.name)))
        .collect();
    let known = move || {
        let host = host.get().trim().trim_end_matches('.').to_ascii_lowercase();
        let (_, name) = hosts.iter().find(|(known, _)| *known == host)?;
        let title = tu_string!(i18n, adding.same_host, provider = name.clone());
        Some(view! {
            <div class="field">
                <Note shape=Shape::Expiring title />
            </div>
        })
    };
    view! { {known} }.into_any()
}

/// Of a preset folded away, since it is right already.
#[component]
fn Folded(server: Server, problem: Problem, signals: ServerSignals) -> impl IntoView {
    let i18n = use_i18n();
    let note = format!(
        "{} · {} · {}",
        server.host,
        server.port,
        server.security.as_str().to_uppercase()
    );
    view! {
        <div class="field">
            <Disclosure summary=tu_string!(i18n, accounts.form.server) note>
                <div class="fields">
                    <ServerFields problem signals />
                </div>
            </Disclosure>
        </div>
    }
    .into_any()
}
