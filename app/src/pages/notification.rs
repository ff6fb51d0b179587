//! One notification: the event's whole text, every attempt with the server's words, and what they mean.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use tocsin_domain::{
    event::Event,
    id::{NotificationId, RuleId},
    notification::{Attempt, Notification as One, Outcome, State},
};

use crate::{
    api::{
        error::ApiError,
        notifications::{Cancel, Detail, SendNow, one_notification},
    },
    base::at,
    components::{
        action_form::ActionForm,
        answers::Answers,
        button::{Button, Kind, Press},
        form::{FormProblem, Problem},
        icon::Glyph,
        layout::PageHead,
        live::use_live,
        loaded::Loaded,
        mark::Shape,
        panel::Panel,
        reply::{About, Above, Reply},
        status::Status,
        time::{Moment, Precision},
        timeline::{AttemptItem, Timeline},
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// One notification.
#[component]
pub fn Notification() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse().ok())));
    let send = ServerAction::<SendNow>::new();
    let cancel = ServerAction::<Cancel>::new();
    let fetched = Resource::new(
        move || {
            (
                id.get(),
                live.version.get(),
                send.version().get(),
                cancel.version().get(),
            )
        },
        |(id, ..)| fetch(id),
    );
    view! {
        <Title text=tu_string!(i18n, notifications.one) />
        <p>
            <a href=at("/notifications")>{t!(i18n, notifications.back)}</a>
        </p>
        <FormProblem problem=Problem::of(send) />
        <FormProblem problem=Problem::of(cancel) />
        <Loaded resource=fetched title=tu_string!(i18n, notifications.one) view=move |detail| shown(detail, send, cancel) />
    }
    .into_any()
}

async fn fetch(id: Option<NotificationId>) -> Result<Detail, ApiError> {
    match id {
        Some(id) => one_notification(id).await,
        None => Err(ApiError::gone("there is no such notification")),
    }
}

fn shown(detail: Detail, send: ServerAction<SendNow>, cancel: ServerAction<Cancel>) -> AnyView {
    let i18n = use_i18n();
    let Detail {
        notification,
        event,
        attempts,
        answers,
        acknowledgement,
    } = detail;
    let buttons = buttons(&notification, send, cancel);
    let rule = notification.rule.as_ref().map(|(id, _)| *id);
    let id = notification.id;
    let attempts = if attempts.is_empty() {
        view! { <p class="body sub">{t!(i18n, notifications.no_attempt)}</p> }.into_any()
    } else {
        view! {
            <div class="body">
                <Timeline>{attempts.into_iter().map(|one| attempt(one, rule)).collect_view()}</Timeline>
            </div>
        }
        .into_any()
    };
    view! {
        <PageHead title=notification.headline.clone()>{buttons}</PageHead>
        <div class="split">
            <div>
                <Text event=event.clone() />
                <Answers id rule answers acknowledgement />
                <Panel id="attempts" title=tu_string!(i18n, notifications.attempts)>
                    {attempts}
                </Panel>
            </div>
            <div>
                <Delivery notification />
                <About event />
            </div>
        </div>
    }
    .into_any()
}

fn buttons(one: &One, send: ServerAction<SendNow>, cancel: ServerAction<Cancel>) -> Option<AnyView> {
    let i18n = use_i18n();
    let id = one.id.to_string();
    let (can_send, words) = match one.state {
        State::Queued | State::Held => (true, tu_string!(i18n, notifications.send_now)),
        State::Failed | State::Bounced => (true, tu_string!(i18n, notifications.resend)),
        State::Sending | State::Sent | State::Acknowledged => (false, ""),
    };
    let cancel = matches!(one.state, State::Queued | State::Held).then(|| {
        let id = id.clone();
        view! {
            <ActionForm action=cancel>
                <input type="hidden" name="id" value=id />
                <Button press=Press::Submit glyph=Glyph::Close busy=cancel.pending()>
                    {t!(i18n, notifications.cancel)}
                </Button>
            </ActionForm>
        }
    });
    can_send.then(|| {
        view! {
            <div class="row push">
                {cancel} <ActionForm action=send>
                    <input type="hidden" name="id" value=id />
                    <Button kind=Kind::Main press=Press::Submit glyph=Glyph::Send busy=send.pending()>
                        {words}
                    </Button>
                </ActionForm>
            </div>
        }
        .into_any()
    })
}

#[component]
fn Text(event: Event) -> impl IntoView {
    let i18n = use_i18n();
    let fields = event.report.fields;
    let fields = (!fields.is_empty()).then(|| {
        let rows = fields.into_iter().map(|(name, value)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        });
        view! {
            <h3>{t!(i18n, notifications.fields)}</h3>
            <dl class="facts">{rows.collect_view()}</dl>
        }
    });
    view! {
        <Panel id="event" title=tu_string!(i18n, notifications.event)>
            <div class="body stack">
                <p class="verbatim">{event.report.text}</p>
                {fields}
            </div>
        </Panel>
    }
    .into_any()
}

#[component]
fn Delivery(notification: One) -> impl IntoView {
    let i18n = use_i18n();
    let why = words::notification::why(i18n, &notification);
    let recipients: Vec<_> = notification.recipients.iter().map(ToString::to_string).collect();
    let rule = match notification.rule {
        Some((id, name)) => view! { <a href=at(format!("/rules/{id}"))>{name}</a> }.into_any(),
        None => t!(i18n, notifications.own_warning).into_any(),
    };
    let carried = notification.account.map(|(id, address)| {
        view! {
            <div>
                <dt>{t!(i18n, notifications.column.carried)}</dt>
                <dd>
                    <a href=at(format!("/accounts/{id}"))>{address}</a>
                </dd>
            </div>
        }
    });
    let next = notification.next_at.map(|at| {
        view! {
            <div>
                <dt>{t!(i18n, notifications.column.next)}</dt>
                <dd>
                    <Moment at precision=Precision::Full />
                </dd>
            </div>
        }
    });
    view! {
        <Panel id="delivery" title=tu_string!(i18n, notifications.delivery)>
            <div class="body stack">
                <Status
                    shape=Shape::from(notification.state)
                    words=words::notification::state(i18n, notification.state)
                    detail=why
                />
                <dl class="facts">
                    <div>
                        <dt>{t!(i18n, notifications.since)}</dt>
                        <dd>
                            <Moment at=notification.since precision=Precision::Full />
                        </dd>
                    </div>
                    {next}
                    {carried}
                    <div>
                        <dt>{t!(i18n, notifications.recipients)}</dt>
                        <dd>{recipients.join(", ")}</dd>
                    </div>
                    <div>
                        <dt>{t!(i18n, notifications.rule)}</dt>
                        <dd>{rule}</dd>
                    </div>
                    <div>
                        <dt>{t!(i18n, notifications.message_id)}</dt>
                        <dd>{notification.message_id}</dd>
                    </div>
                </dl>
            </div>
        </Panel>
    }
    .into_any()
}

#[component]
fn About(event: Event) -> impl IntoView {
    let i18n = use_i18n();
    let report = event.report;
    let fact = |label: &'static str, value: String| {
        (!value.is_empty()).then(|| {
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{value}</dd>
                </div>
            }
        })
    };
    view! {
        <Panel id="about" title=tu_string!(i18n, notifications.reported_by)>
            <div class="body stack">
                <Status shape=Shape::from(report.severity) words=words::notification::severity(i18n, report.severity) />
                <dl class="facts">
                    {fact(tu_string!(i18n, notifications.application), report.application.into())}
                    {fact(tu_string!(i18n, notifications.category), report.category.into())}
                    {fact(tu_string!(i18n, notifications.host), report.host.into())} <div>
                        <dt>{t!(i18n, notifications.reported)}</dt>
                        <dd>
                            <Moment at=report.at precision=Precision::Full />
                        </dd>
                    </div> <div>
                        <dt>{t!(i18n, notifications.received)}</dt>
                        <dd>
                            <Moment at=event.received_at precision=Precision::Full />
                        </dd>
                    </div>
                </dl>
            </div>
        </Panel>
    }
    .into_any()
}

fn attempt(attempt: Attempt, rule: Option<RuleId>) -> AnyView {
    let i18n = use_i18n();
    let account = match &attempt.account {
        Some((_, address)) => address.clone(),
        None => tu_string!(i18n, notifications.no_account).to_owned(),
    };
    let seconds = format!(
        "{}.{}",
        attempt.duration_ms / 1000,
        attempt.duration_ms % 1000 / 100
    );
    let about = About::notification(attempt.account.as_ref().map(|(id, _)| *id), rule);
    let words = attempt.words;
    let (shape, class, server, means) = match attempt.outcome {
        Outcome::Accepted => (
            Shape::Ok,
            tu_string!(i18n, notifications.accepted),
            tu_string!(i18n, notifications.took_all, seconds = seconds),
            view! {
                {(!words.is_empty()).then(|| view! { <div class="code">{words}</div> })}
                <p>{t!(i18n, notifications.accepted_meaning)}</p>
            }
            .into_any(),
        ),
        Outcome::Failed {
            stage,
            class,
            meaning,
        } => (
            words::failure::shape(class),
            words::failure::class(i18n, class),
            tu_string!(
                i18n,
                notifications.took,
                stage = words::failure::stage(i18n, stage),
                seconds = seconds
            ),
            view! { <Reply stage meaning words about above=Above::Class /> }.into_any(),
        ),
    };
    view! {
        <AttemptItem shape at=attempt.at account class server>
            {means}
        </AttemptItem>
    }
    .into_any()
}
