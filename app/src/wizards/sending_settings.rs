//! The section Sending Settings of an account's window, with Test Sending.

use leptos::prelude::*;
use tocsin_domain::{
    account::{AccountSettings, SignIn},
    id::AccountId,
};

use super::account_fields::{PersonFields, ServerFields, ServerSignals};
use crate::{
    api::accounts::{ChangeAccount, TestSending},
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        field::{Field, Input, Span},
        form::{FormProblem, Problem},
        icon::Glyph,
        reply::About,
    },
    i18n::{t, tu_string, use_i18n},
};

const FIELDS: &[&str] = &[
    "sender_name",
    "owner",
    "user",
    "secret",
    "host",
    "port",
    "security",
    "ca",
];

/// The section.
#[component]
pub fn SendingSettings(
    /// The account.
    id: AccountId,
    /// Its settings as they are saved.
    settings: AccountSettings,
    /// Where a test goes unless another address is typed.
    reader: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let change = ServerAction::<ChangeAccount>::new();
    let problem = Problem::of(change);
    let AccountSettings {
        sender_name,
        owner,
        smtp,
        sign_in,
        ..
    } = settings;
    let signals = ServerSignals::of(problem, smtp);
    let user = match sign_in {
        SignIn::Password { user } => Some(user),
        SignIn::Grant | SignIn::Nothing => None,
    };
    view! {
        <section class="stack" id="sending" aria-labelledby="sending-title">
            <div class="row">
                <h2 id="sending-title">{t!(i18n, accounts.edit.sending)}</h2>
                <span class="sub push">{t!(i18n, accounts.edit.smtp)}</span>
            </div>
            <FormProblem problem fields=FIELDS about=About::account_by_id(id) />
            <ActionForm action=change>
                <div class="stack">
                    <input type="hidden" name="id" value=id.to_string() />
                    <div class="fields">
                        <PersonFields
                            problem
                            sender_name=sender_name.to_string()
                            owner=owner.map(|owner| owner.to_string()).unwrap_or_default()
                        />
                        {user
                            .map(|user| {
                                view! {
                                    <Field
                                        label=tu_string!(i18n, accounts.form.user)
                                        name="form[user]"
                                        id="user"
                                        value=problem.typed("user", user)
                                        error=problem.field("user")
                                        autocomplete="off"
                                        span=Span::Half
                                    />
                                    <Field
                                        label=tu_string!(i18n, accounts.form.password)
                                        name="form[secret]"
                                        id="sending-secret"
                                        input=Input::Password
                                        hint=tu_string!(i18n, adding.kept_secret)
                                        error=problem.field("secret")
                                        autocomplete="off"
                                        span=Span::Half
                                    />
                                }
                            })}
                        <ServerFields problem signals />
                    </div>
                    <div>
                        <Button kind=Kind::Main press=Press::Submit busy=change.pending()>
                            {t!(i18n, accounts.edit.save)}
                        </Button>
                    </div>
                </div>
            </ActionForm>
            <Test id reader from="" />
        </section>
    }
    .into_any()
}

/// The form that sends a test.
#[component]
pub fn Test(
    /// The account.
    id: AccountId,
    /// Where it goes unless another address is typed.
    reader: String,
    /// The page to come back to: `start`, or else the account's own.
    from: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let test = ServerAction::<TestSending>::new();
    let problem = Problem::of(test);
    view! {
        <FormProblem problem fields=&["to"] about=About::account_by_id(id) />
        <ActionForm action=test>
            <div class="fields">
                <input type="hidden" name="id" value=id.to_string() />
                <input type="hidden" name="from" value=from />
                <Field
                    label=tu_string!(i18n, accounts.test.to)
                    name="to"
                    input=Input::Email
                    value=problem.typed("to", reader)
                    hint=tu_string!(i18n, accounts.test.hint)
                    error=problem.field("to")
                    span=Span::Half
                />
                <div class="field w3">
                    <span class="label" aria-hidden="true">
                        "\u{a0}"
                    </span>
                    <div>
                        <Button press=Press::Submit glyph=Glyph::Send busy=test.pending()>
                            {t!(i18n, accounts.test.button)}
                        </Button>
                    </div>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}
