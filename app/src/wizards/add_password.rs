//! Adding a mailbox that signs in with a password, an app password or a key.

use leptos::{form::ActionForm, prelude::*};
use tocsin_domain::provider::{Credential, Provider};

use super::{
    account_fields::{PersonFields, ServerFields},
    add_account::{SignInFooter, Steps},
    deleted_offer::DeletedOffer,
    guidance::Guidance,
};
use crate::{
    api::accounts::AddAccount,
    components::{
        disclosure::Disclosure,
        field::{Field, Input, Span},
        form::{FormProblem, Problem},
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
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<AddAccount>::new();
    let problem = Problem::of(action);
    let is_custom = provider.key.is_custom();
    let key = provider.key.to_string();
    let (label, hint) = match provider.credential {
        Credential::AppPassword => (
            tu_string!(i18n, accounts.form.app_password),
            tu_string!(i18n, accounts.form.app_password_hint),
        ),
        Credential::AuthorizationCode => (tu_string!(i18n, accounts.form.authorization_code), ""),
        Credential::ApiKey => (tu_string!(i18n, accounts.form.api_key), ""),
        Credential::Password | Credential::Oauth => (tu_string!(i18n, accounts.form.password), ""),
    };
    let asks_user = is_custom || provider.credential == Credential::ApiKey;
    let user_hint = if is_custom {
        tu_string!(i18n, accounts.form.user_hint_custom)
    } else {
        tu_string!(i18n, accounts.form.user_hint)
    };
    view! {
        <ActionForm action>
            <div class="body">
                <div class="stack">
                    <Steps current=1 />
                    <FormProblem problem fields=FIELDS />
                    <DeletedOffer problem />
                    <Guidance provider=provider.clone() />
                    <input type="hidden" name="form[provider]" value=key />
                    <div class="fields">
                        <Field
                            label=tu_string!(i18n, accounts.form.address)
                            name="form[address]"
                            id="address"
                            input=Input::Email
                            value=problem.typed("address", "")
                            error=problem.field("address")
                            autocomplete="email"
                            required=true
                        />
                        {asks_user
                            .then(|| {
                                view! {
                                    <Field
                                        label=tu_string!(i18n, accounts.form.user)
                                        name="form[user]"
                                        id="user"
                                        value=problem.typed("user", "")
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
                            hint
                            error=problem.field("secret")
                            autocomplete="off"
                            span=if asks_user { Span::Half } else { Span::Full }
                        />
                        <PersonFields problem /> <Server provider problem />
                    </div>
                    <Toggle name="form[default]" checked=!problem.typed("default", "").is_empty()>
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

/// Of a preset folded away, since it is right already.
#[component]
fn Server(provider: Provider, problem: Problem) -> impl IntoView {
    let i18n = use_i18n();
    let Some(smtp) = provider.smtp else {
        return view! { <ServerFields problem port="465" /> }.into_any();
    };
    let note = format!(
        "{} · {} · {}",
        smtp.host,
        smtp.port,
        smtp.security.as_str().to_uppercase()
    );
    view! {
        <div class="field">
            <Disclosure summary=tu_string!(i18n, accounts.form.server) note>
                <div class="fields">
                    <ServerFields
                        problem
                        host=smtp.host
                        port=smtp.port.to_string()
                        security=smtp.security
                        ca=smtp.ca.unwrap_or_default()
                    />
                </div>
            </Disclosure>
        </div>
    }
    .into_any()
}
