//! The webhook: by which a program is told what people are told by mail.

use leptos::prelude::*;
use tocsin_domain::webhook::{Call, CallState};

use crate::{
    api::webhook::{RemoveWebhook, RotateWebhook, SetWebhook, TestWebhook, Webhook as Set, fetch_webhook},
    components::{
        action_form::ActionForm,
        button::{Button, Kind, Press},
        disclosure::Disclosure,
        field::{Field, Input},
        form::{FormProblem, Problem},
        icon::Glyph,
        live::use_live,
        load_problem::LoadProblem,
        mark::Shape,
        note::Note,
        panel::Panel,
        shown_once::ShownOnce,
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The panel.
#[component]
pub fn Webhook(
    /// The webhook, if one is set.
    webhook: Option<Set>,
    /// A secret that was made just now, to be shown this once.
    new_secret: Option<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_set = webhook.is_some();
    let url = webhook.map(|webhook| webhook.url);
    let result = is_set.then(|| view! { <Result /> });
    view! {
        <Panel
            id="webhook"
            title=tu_string!(i18n, warnings.webhook.title)
            note=tu_string!(i18n, warnings.webhook.note)
        >
            <div class="body">
                <div class="stack">
                    {new_secret.map(|secret| view! { <New secret /> })}
                    <Address url=url.unwrap_or_default() is_set /> {result}
                    {is_set.then(|| view! { <Actions /> })} <How />
                </div>
            </div>
        </Panel>
    }
    .into_any()
}

#[component]
fn New(secret: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <ShownOnce
            title=tu_string!(i18n, warnings.webhook.made)
            hint=tu_string!(i18n, warnings.webhook.made_hint)
            label=tu_string!(i18n, warnings.webhook.secret)
            id="new-webhook-secret"
            size=60
            secret
        >
            {t!(i18n, warnings.webhook.copy)}
        </ShownOnce>
    }
    .into_any()
}

#[component]
fn Address(url: String, is_set: bool) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<SetWebhook>::new();
    let problem = Problem::of(action);
    view! {
        <ActionForm action>
            <div class="stack">
                <FormProblem problem fields=&["url"] />
                <Field
                    label=tu_string!(i18n, warnings.webhook.url)
                    name="url"
                    id="webhook-url"
                    input=Input::Url
                    value=url
                    hint=tu_string!(i18n, warnings.webhook.url_hint)
                    error=problem.field("url")
                    placeholder="https://hooks.example.com/tocsin"
                    autocomplete="off"
                />
                <div>
                    <Button
                        kind=if is_set { Kind::Default } else { Kind::Main }
                        press=Press::Submit
                        busy=action.pending()
                    >
                        {if is_set {
                            tu_string!(i18n, warnings.webhook.save)
                        } else {
                            tu_string!(i18n, warnings.webhook.set)
                        }}
                    </Button>
                </div>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// What came of the last call; changes while somebody looks at it.
#[component]
fn Result() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let fetched = Resource::new(move || live.version.get(), |_| fetch_webhook());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match fetched.await {
                    Ok(Some(Set { last, waiting, .. })) => {
                        let waiting = (waiting > 0)
                            .then(|| {
                                view! { <p>{tu_string!(i18n, warnings.webhook.waiting, count = waiting)}</p> }
                            });
                        view! {
                            {last_result(last)}
                            {waiting}
                        }
                            .into_any()
                    }
                    Ok(None) => ().into_any(),
                    Err(error) => view! { <LoadProblem error /> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn last_result(last: Option<Call>) -> AnyView {
    let i18n = use_i18n();
    match last {
        None => view! { <p class="sub">{t!(i18n, warnings.webhook.never)}</p> }.into_any(),
        Some(call) => view! { <Last call /> }.into_any(),
    }
}

#[component]
fn Last(call: Call) -> impl IntoView {
    let i18n = use_i18n();
    let Call {
        kind,
        state,
        attempts,
        tried_at,
        answer,
        words: said,
        next_at,
    } = call;
    let shape = if answer.is_accepted() {
        Shape::Ok
    } else {
        Shape::Failed
    };
    let of = kind.map_or_else(
        || tu_string!(i18n, warnings.webhook.of_test),
        |kind| words::told::kind(i18n, kind),
    );
    let after = match (state, next_at) {
        (CallState::Waiting, Some(at)) => view! {
            " · "
            {t!(i18n, warnings.webhook.next)}
            " "
            <Moment at />
        }
        .into_any(),
        (CallState::Failed, _) if kind.is_some() => view! {
            " · "
            {t!(i18n, warnings.webhook.given_up)}
        }
        .into_any(),
        _ => ().into_any(),
    };
    let next = words::told::next_step(i18n, answer);
    let next = (!next.is_empty()).then(|| view! { <p>{next}</p> });
    let said = (!said.is_empty()).then(|| {
        view! {
            <p class="sub">{t!(i18n, warnings.webhook.words)}</p>
            <div class="code">{said}</div>
        }
    });
    let title = format!(
        "{}: {}",
        tu_string!(i18n, warnings.webhook.last),
        words::told::answer(i18n, answer)
    );
    view! {
        <Note shape title>
            {next}
            <p class="sub">
                {of} " · " <Moment at=tried_at /> " · "
                {tu_string!(i18n, warnings.webhook.tried, count = attempts)} {after}
            </p>
            {said}
        </Note>
    }
    .into_any()
}

#[component]
fn Actions() -> impl IntoView {
    let i18n = use_i18n();
    let test = ServerAction::<TestWebhook>::new();
    let rotate = ServerAction::<RotateWebhook>::new();
    let remove = ServerAction::<RemoveWebhook>::new();
    view! {
        <FormProblem problem=Problem::of(test) />
        <FormProblem problem=Problem::of(rotate) />
        <FormProblem problem=Problem::of(remove) />
        <div class="row">
            <ActionForm action=test>
                <Button kind=Kind::Main press=Press::Submit busy=test.pending()>
                    {t!(i18n, warnings.webhook.test)}
                </Button>
            </ActionForm>
            <ActionForm action=rotate>
                <Button press=Press::Submit glyph=Glyph::Key busy=rotate.pending()>
                    {t!(i18n, warnings.webhook.rotate)}
                </Button>
            </ActionForm>
            <ActionForm action=remove>
                <Button kind=Kind::Plain press=Press::Submit glyph=Glyph::Trash busy=remove.pending()>
                    {t!(i18n, warnings.webhook.remove)}
                </Button>
            </ActionForm>
        </div>
    }
    .into_any()
}

#[component]
fn How() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Disclosure summary=tu_string!(i18n, warnings.webhook.how)>
            <p>{t!(i18n, warnings.webhook.how_signature)}</p>
            <p>{t!(i18n, warnings.webhook.how_again)}</p>
        </Disclosure>
    }
    .into_any()
}
