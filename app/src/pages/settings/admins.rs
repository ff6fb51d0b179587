//! Who may sign in, and one's own password.

use leptos::prelude::*;

use crate::{
    api::{
        nas::MakeAdministrator,
        settings::{AdminRow, ChangePassword},
    },
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        disclosure::Disclosure,
        field::{Field, Input, Span},
        form::{FormProblem, Problem},
        mark::Shape,
        note::Note,
        panel::Panel,
        table::{Cell, Column, Row, Table},
    },
    i18n::{t, tu_string, use_i18n},
};

/// The panel.
#[component]
pub fn Administrators(
    /// All.
    admins: Vec<AdminRow>,
    /// Whether the NAS vouches for the reader, who has no password here then.
    is_by_nas: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let columns = vec![
        Column::text(tu_string!(i18n, settings.admins.name)),
        Column::text(tu_string!(i18n, settings.admins.address)),
        Column::text(tu_string!(i18n, settings.admins.role)),
    ];
    let has_none = admins.is_empty();
    let rows = admins.into_iter().map(|admin| {
        let role = match admin.role.as_str() {
            "administrator" => tu_string!(i18n, settings.admins.administrator),
            _ => tu_string!(i18n, settings.admins.viewer),
        };
        view! {
            <Row>
                <Cell>
                    <b>{admin.name}</b>
                </Cell>
                <Cell label=tu_string!(i18n, settings.admins.address)>{admin.address}</Cell>
                <Cell label=tu_string!(i18n, settings.admins.role)>{role}</Cell>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Panel id="administrators" title=tu_string!(i18n, settings.admins.title)>
            {(!has_none)
                .then(|| {
                    view! {
                        <Table label=tu_string!(i18n, settings.admins.title) columns>
                            {rows}
                        </Table>
                    }
                })}
            {has_none
                .then(|| {
                    view! {
                        <div class="body">
                            <First />
                        </div>
                    }
                })}
            {(!is_by_nas)
                .then(|| {
                    view! {
                        <div class="body">
                            <Password />
                        </div>
                    }
                })}
        </Panel>
    }
    .into_any()
}

/// The first local administrator, made by somebody whom the NAS let in.
#[component]
fn First() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<MakeAdministrator>::new();
    let problem = Problem::of(action);
    view! {
        <ActionForm action>
            <div class="stack">
                <Note shape=Shape::Warning title=tu_string!(i18n, settings.admins.none)>
                    <p>{t!(i18n, settings.admins.none_words)}</p>
                </Note>
                <FormProblem problem fields=&["name", "address", "password"] />
                <div class="fields">
                    <Field
                        label=tu_string!(i18n, sign_in.name)
                        name="name"
                        value=problem.typed("name", "admin")
                        error=problem.field("name")
                        autocomplete="username"
                        required=true
                        span=Span::Half
                    />
                    <Field
                        label=tu_string!(i18n, sign_in.setup.address)
                        name="address"
                        input=Input::Email
                        value=problem.typed("address", "")
                        error=problem.field("address")
                        autocomplete="email"
                        required=true
                        span=Span::Half
                    />
                    <Field
                        label=tu_string!(i18n, sign_in.password)
                        name="password"
                        input=Input::Password
                        hint=tu_string!(i18n, sign_in.setup.password_hint)
                        error=problem.field("password")
                        autocomplete="new-password"
                        required=true
                        span=Span::Half
                    />
                </div>
                <div>
                    <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                        {t!(i18n, settings.admins.make)}
                    </Button>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn Password() -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<ChangePassword>::new();
    let problem = Problem::of(action);
    view! {
        <Disclosure summary=tu_string!(i18n, settings.admins.change) open=problem.is_some_untracked()>
            <ActionForm action>
                <div class="stack">
                    <FormProblem problem fields=&["present", "new"] />
                    <div class="fields">
                        <Field
                            label=tu_string!(i18n, settings.admins.present)
                            name="present"
                            input=Input::Password
                            error=problem.field("present")
                            autocomplete="current-password"
                            required=true
                            span=Span::Half
                        />
                        <Field
                            label=tu_string!(i18n, settings.admins.new)
                            name="new"
                            input=Input::Password
                            hint=tu_string!(i18n, sign_in.setup.password_hint)
                            error=problem.field("new")
                            autocomplete="new-password"
                            required=true
                            span=Span::Half
                        />
                    </div>
                    <div>
                        <Button press=Press::Submit busy=action.pending()>
                            {t!(i18n, settings.admins.change)}
                        </Button>
                    </div>
                </div>
            </ActionForm>
        </Disclosure>
    }
    .into_any()
}
