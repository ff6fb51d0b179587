//! The fields of an account's form that more than one window shows. They are parts of the argument `form`.

use leptos::prelude::*;
use tocsin_domain::provider::Security;

use crate::{
    components::{
        field::{Field, Input, Span, TextArea},
        form::Problem,
        select::{Choice, Select},
    },
    i18n::{tu_string, use_i18n},
};

/// Sender name and owner's address, side by side.
#[component]
pub fn PersonFields(
    /// What the form was answered.
    problem: Problem,
    /// The sender name at first.
    #[prop(optional, into)]
    sender_name: String,
    /// The owner's address at first.
    #[prop(optional, into)]
    owner: String,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Field
            label=tu_string!(i18n, accounts.form.sender_name)
            name="form[sender_name]"
            id="sender_name"
            value=problem.typed("sender_name", sender_name)
            hint=tu_string!(i18n, accounts.form.sender_name_hint)
            error=problem.field("sender_name")
            span=Span::Half
        />
        <Field
            label=tu_string!(i18n, accounts.form.owner)
            name="form[owner]"
            id="owner"
            input=Input::Email
            value=problem.typed("owner", owner)
            hint=tu_string!(i18n, accounts.form.owner_hint)
            error=problem.field("owner")
            span=Span::Half
        />
    }
    .into_any()
}

/// Host, port and security on one line, and certificates of one's own below.
#[component]
pub fn ServerFields(
    /// What the form was answered.
    problem: Problem,
    /// The host at first.
    #[prop(optional, into)]
    host: String,
    /// The port at first.
    #[prop(optional, into)]
    port: String,
    /// The security at first.
    #[prop(optional)]
    security: Security,
    /// The certificates at first, PEM.
    #[prop(optional, into)]
    ca: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = vec![
        Choice::new(Security::Tls.as_str(), "TLS"),
        Choice::new(Security::Starttls.as_str(), "STARTTLS"),
        Choice::new(
            Security::None.as_str(),
            tu_string!(i18n, accounts.form.security_none),
        ),
    ];
    view! {
        <Field
            label=tu_string!(i18n, accounts.form.host)
            name="form[host]"
            id="host"
            value=problem.typed("host", host)
            error=problem.field("host")
            placeholder="smtp.example.com"
            autocomplete="off"
            span=Span::Half
        />
        <Field
            label=tu_string!(i18n, accounts.form.port)
            name="form[port]"
            id="port"
            input=Input::Number
            value=problem.typed("port", port)
            error=problem.field("port")
            autocomplete="off"
            span=Span::Sixth
        />
        <Select
            label=tu_string!(i18n, accounts.form.security)
            name="form[security]"
            id="security"
            choices=Signal::stored(choices)
            value=problem.typed("security", security.as_str())
            error=problem.field("security")
            span=Span::Third
        />
        <p class="sub field">{tu_string!(i18n, accounts.form.security_none_warning)}</p>
        <Authority problem ca />
    }
    .into_any()
}

/// Folded away unless it is filled in or wrong: few need it.
#[component]
fn Authority(problem: Problem, ca: String) -> impl IntoView {
    use crate::components::disclosure::Disclosure;
    let i18n = use_i18n();
    let error = problem.field("ca");
    let open = !ca.is_empty() || error.with_untracked(Option::is_some);
    view! {
        <div class="field">
            <Disclosure summary=tu_string!(i18n, accounts.form.ca) open>
                <TextArea
                    label=tu_string!(i18n, accounts.form.ca)
                    name="form[ca]"
                    value=ca
                    hint=tu_string!(i18n, accounts.form.ca_hint)
                    error
                />
            </Disclosure>
        </div>
    }
    .into_any()
}
