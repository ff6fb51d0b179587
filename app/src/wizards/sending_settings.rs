//! The section Sending Settings of an account's window, with Test Sending.

use leptos::{form::ActionForm, prelude::*};
use tocsin_domain::{
    account::{AccountSettings, SignIn},
    id::AccountId,
};

use super::account_fields::{PersonFields, ServerFields};
use crate::{
    api::accounts::{ChangeAccount, TestSending},
    components::{
        button::{Button, Kind, Press},
        field::{Field, Input, Span},
        form::{FormProblem, Problem},
        icon::Glyph,
    },
    i18n::{t, tu_string, use_i18n},
};

const FIELDS: &[&str] = &["sender_name", "owner", "user", "host", "port", "security", "ca"];

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
            <FormProblem problem fields=FIELDS />
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
                                    />
                                }
                            })}
                        <ServerFields
                            problem
                            host=smtp.host
                            port=smtp.port.to_string()
                            security=smtp.security
                            ca=smtp.ca.unwrap_or_default()
                        />
                    </div>
                    <div>
                        <Button kind=Kind::Main press=Press::Submit busy=change.pending()>
                            {t!(i18n, accounts.edit.save)}
                        </Button>
                    </div>
                </div>
            </ActionForm>
            <Test id reader />
        </section>
    }
    .into_any()
}

#[component]
fn Test(id: AccountId, reader: String) -> impl IntoView {
    let i18n = use_i18n();
    let test = ServerAction::<TestSending>::new();
    let problem = Problem::of(test);
    view! {
        <FormProblem problem fields=&["to"] />
        <ActionForm action=test>
            <div class="fields">
                <input type="hidden" name="id" value=id.to_string() />
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
