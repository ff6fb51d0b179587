//! The form for Tocsin's own administrators.

use leptos::prelude::*;

use crate::{
    api::session::SignIn,
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        field::{Field, Input},
        form::{FormProblem, Problem},
    },
    i18n::{t, tu_string, use_i18n},
};

/// Whether the page answers a form of this kind that was sent without a script, and refused.
pub(super) fn was_refused() -> bool {
    Problem::of(ServerAction::<SignIn>::new()).is_some_untracked()
}

/// The form.
#[component]
pub(super) fn Local(
    /// The page to go on to.
    to: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SignIn>::new();
    let problem = Problem::of(action);
    view! {
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
    }
    .into_any()
}
