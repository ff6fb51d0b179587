//! The ways in for administrators of the NAS: by the session that the browser has with it, or by name and password.

use leptos::prelude::*;

use crate::{
    api::session::{NasContinue, NasSignIn, Recognised},
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        disclosure::Disclosure,
        field::{Field, Input},
        form::{FormProblem, Problem},
        mark::Shape,
        note::Note,
    },
    i18n::{t, tu_string, use_i18n},
};

/// The ways that fit whom the NAS knows the browser as.
#[component]
pub(super) fn ByNas(
    /// Whom.
    recognised: Recognised,
    /// The page to go on to.
    to: String,
) -> impl IntoView {
    let i18n = use_i18n();
    match recognised {
        Recognised::Administrator(user) => {
            let was_refused = Problem::of(ServerAction::<NasSignIn>::new()).is_some_untracked();
            view! {
                <Continue user to=to.clone() />
                <Disclosure summary=tu_string!(i18n, sign_in.nas.other_account) open=was_refused>
                    <WithPassword to kind=Kind::Default />
                </Disclosure>
            }
            .into_any()
        }
        Recognised::Other(user) => view! {
            <Note
                shape=Shape::Warning
                title=tu_string!(i18n, sign_in.nas.no_administrator, user = user.as_str())
            >
                <p>{t!(i18n, sign_in.nas.no_administrator_words)}</p>
            </Note>
            <h2>{t!(i18n, sign_in.nas.other_account)}</h2>
            <WithPassword to kind=Kind::Main />
        }
        .into_any(),
        Recognised::Nobody => view! {
            <h2>{t!(i18n, sign_in.nas.with)}</h2>
            <WithPassword to kind=Kind::Main />
        }
        .into_any(),
        Recognised::Silent => view! {
            <Note shape=Shape::Expired title=tu_string!(i18n, sign_in.nas.silent)>
                <p>{t!(i18n, sign_in.nas.silent_words)}</p>
            </Note>
            <Disclosure summary=tu_string!(i18n, sign_in.nas.with)>
                <WithPassword to kind=Kind::Default />
            </Disclosure>
        }
        .into_any(),
    }
}

#[component]
fn Continue(user: String, to: String) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<NasContinue>::new();
    view! {
        <ActionForm action>
            <div class="stack wide">
                <FormProblem problem=Problem::of(action) />
                <input type="hidden" name="to" value=to />
                <Button kind=Kind::Main press=Press::Submit busy=action.pending()>
                    {tu_string!(i18n, sign_in.nas.go_on, user = user.as_str())}
                </Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn WithPassword(to: String, kind: Kind) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<NasSignIn>::new();
    let problem = Problem::of(action);
    view! {
        <ActionForm action>
            <div class="stack">
                <FormProblem problem fields=&["code"] />
                <input type="hidden" name="to" value=to />
                <Field
                    label=tu_string!(i18n, sign_in.nas.user)
                    name="user"
                    id="nas-user"
                    value=problem.typed("user", "")
                    autocomplete="username"
                    required=true
                />
                <Field
                    label=tu_string!(i18n, sign_in.nas.password)
                    name="password"
                    id="nas-password"
                    input=Input::Password
                    autocomplete="current-password"
                    required=true
                />
                <Field
                    label=tu_string!(i18n, sign_in.nas.code)
                    name="code"
                    id="nas-code"
                    input=Input::Code
                    hint=tu_string!(i18n, sign_in.nas.code_hint)
                    error=problem.field("code")
                    autocomplete="one-time-code"
                />
                <Button kind press=Press::Submit busy=action.pending()>
                    {t!(i18n, sign_in.nas.enter)}
                </Button>
            </div>
        </ActionForm>
    }
    .into_any()
}
