//! Signing in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::session,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        field::{Field, Input},
        form::{FormProblem, Problem},
        layout::Public,
    },
    i18n::{t, tu_string, use_i18n},
};

/// Signing in.
#[component]
pub fn SignIn() -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, sign_in.title);
    let action = ServerAction::<session::SignIn>::new();
    let problem = Problem::of(action);
    let to = use_query_map().with_untracked(|query| query.get("to").unwrap_or_default());
    view! {
        <Title text=title />
        <Public>
            <h1>{title}</h1>
            <ActionForm action>
                <div class="stack">
                    <FormProblem problem />
                    <input type="hidden" name="to" value=to />
                    <Field
                        label=tu_string!(i18n, sign_in.name)
                        name="name"
                        value=problem.typed("name", "")
                        autocomplete="username"
                        required=true
                    />
                    <Field
                        label=tu_string!(i18n, sign_in.password)
                        name="password"
                        input=Input::Password
                        autocomplete="current-password"
                        required=true
                    />
                    <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                        {t!(i18n, sign_in.enter)}
                    </Button>
                </div>
            </ActionForm>
        </Public>
    }
    .into_any()
}
