//! The first start: the set-up code and the first administrator.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::session::SetUp,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        field::{Field, Input},
        form::{FormProblem, Problem},
        layout::Public,
    },
    i18n::{t, tu_string, use_i18n},
};

const FIELDS: &[&str] = &["code", "name", "address", "password"];

/// The first start: the set-up code and the first administrator.
#[component]
pub fn Setup() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, sign_in.setup.title);
    let action = ServerAction::<SetUp>::new();
    let problem = Problem::of(action);
    view! {
        <Title text=title />
        <Public>
            <h1>{title}</h1>
            <p class="sub">{t!(i18n, sign_in.setup.intro)}</p>
            <ActionForm action>
                <div class="stack">
                    <FormProblem problem fields=FIELDS />
                    <Field
                        label=tu_string!(i18n, sign_in.setup.code)
                        name="code"
                        input=Input::Code
                        hint=tu_string!(i18n, sign_in.setup.code_hint)
                        error=problem.field("code")
                        autocomplete="one-time-code"
                        required=true
                    />
                    <Field
                        label=tu_string!(i18n, sign_in.name)
                        name="name"
                        value=problem.typed("name", "admin")
                        error=problem.field("name")
                        autocomplete="username"
                        required=true
                    />
                    <Field
                        label=tu_string!(i18n, sign_in.setup.address)
                        name="address"
                        input=Input::Email
                        value=problem.typed("address", "")
                        hint=tu_string!(i18n, sign_in.setup.address_hint)
                        error=problem.field("address")
                        autocomplete="email"
                        required=true
                    />
                    <Field
                        label=tu_string!(i18n, sign_in.password)
                        name="password"
                        input=Input::Password
                        hint=tu_string!(i18n, sign_in.setup.password_hint)
                        error=problem.field("password")
                        autocomplete="new-password"
                        required=true
                    />
                    <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                        {t!(i18n, sign_in.setup.create)}
                    </Button>
                </div>
            </ActionForm>
        </Public>
    }
    .into_any()
}
