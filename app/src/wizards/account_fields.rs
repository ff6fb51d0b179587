//! The fields of an account's form that more than one window shows. They are parts of the argument `form`.

use leptos::prelude::*;
use tocsin_domain::provider::{Security, Server};

use super::authority_file::AuthorityFile;
use crate::{
    components::{
        disclosure::Disclosure,
        field::{Field, Input, Span, TextArea},
        form::Problem,
        mark::Shape,
        note::Note,
        select::{Choice, Select},
    },
    i18n::{t, tu_string, use_i18n},
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

/// What the fields of a server hold, followed by what is shown beside them.
#[derive(Clone, Copy, Debug)]
pub struct ServerSignals {
    /// The host.
    pub host: RwSignal<String>,
    /// The port.
    pub port: RwSignal<String>,
    /// How the connection is secured.
    pub security: RwSignal<String>,
    /// Certificates of an authority of one's own, PEM.
    pub ca: RwSignal<String>,
}

impl ServerSignals {
    /// As a server is saved or preset, unless a form came back with something else.
    pub fn of(problem: Problem, server: Server) -> Self {
        let Server {
            host,
            port,
            security,
            ca,
        } = server;
        Self {
            host: RwSignal::new(problem.typed("host", host)),
            port: RwSignal::new(problem.typed("port", port.to_string())),
            security: RwSignal::new(problem.typed("security", security.as_str())),
            ca: RwSignal::new(ca.unwrap_or_default()),
        }
    }
}

/// How a connection to a mail server can be secured, to choose from.
pub fn security_choices() -> Vec<Choice> {
    vec![
        Choice::new(Security::Tls.as_str(), "TLS"),
        Choice::new(Security::Starttls.as_str(), "STARTTLS"),
        Choice::new(
            Security::None.as_str(),
            tu_string!(use_i18n(), accounts.form.security_none),
        ),
    ]
}

/// Host, port and security on one line, and certificates of one's own below.
#[component]
pub fn ServerFields(
    /// What the form was answered.
    problem: Problem,
    /// What they hold.
    signals: ServerSignals,
) -> impl IntoView {
    let i18n = use_i18n();
    let ServerSignals {
        host,
        port,
        security,
        ca,
    } = signals;
    let warning = move || {
        if security.with(|security| security == Security::None.as_str()) {
            view! {
                <Note shape=Shape::Expiring title=tu_string!(i18n, adding.plain_warning)>
                    <p>{t!(i18n, adding.plain_warning_text)}</p>
                </Note>
            }
            .into_any()
        } else {
            view! { <p class="sub">{t!(i18n, accounts.form.security_none_warning)}</p> }.into_any()
        }
    };
    view! {
        <Field
            label=tu_string!(i18n, accounts.form.host)
            name="form[host]"
            id="host"
            bind=host
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
            bind=port
            error=problem.field("port")
            autocomplete="off"
            span=Span::Sixth
        />
        <Select
            label=tu_string!(i18n, accounts.form.security)
            name="form[security]"
            id="security"
            choices=Signal::stored(security_choices())
            bind=security
            error=problem.field("security")
            span=Span::Third
        />
        <div class="field">{warning}</div>
        <Authority problem ca />
    }
    .into_any()
}

/// Folded away unless it is filled in or wrong: few need it.
#[component]
fn Authority(problem: Problem, ca: RwSignal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let error = problem.field("ca");
    let open = !ca.with_untracked(String::is_empty) || error.with_untracked(Option::is_some);
    view! {
        <div class="field">
            <Disclosure summary=tu_string!(i18n, accounts.form.ca) open>
                <TextArea
                    label=tu_string!(i18n, accounts.form.ca)
                    name="form[ca]"
                    id="ca"
                    bind=ca
                    hint=tu_string!(i18n, accounts.form.ca_hint)
                    error
                />
                <AuthorityFile into=ca />
            </Disclosure>
        </div>
    }
    .into_any()
}
