//! What came back for a notification: reports that a recipient did not get it, and replies.

use leptos::prelude::*;
use tocsin_domain::{
    failure::Stage,
    id::{NotificationId, RuleId},
    receiving::{Acknowledgement, Answer, Said},
};

use super::{
    mark::Shape,
    panel::Panel,
    reply::{About, Above, Reply},
    time::{Moment, Precision},
    timeline::{AttemptItem, Timeline},
};
use crate::{
    base::at,
    i18n::{t, tu_string, use_i18n},
    words,
};

/// The panel; nothing where nothing came back.
#[component]
pub fn Answers(
    /// The notification.
    id: NotificationId,
    /// Its rule, where recipients are changed.
    rule: Option<RuleId>,
    /// What came back for it, oldest first.
    answers: Vec<Answer>,
    /// Who replied first to any notification of the event.
    acknowledgement: Option<Acknowledgement>,
) -> impl IntoView {
    let i18n = use_i18n();
    let elsewhere = acknowledgement.filter(|found| found.notification != id);
    let shows = !answers.is_empty() || elsewhere.is_some();
    let elsewhere = elsewhere.map(|found| {
        let words = tu_string!(i18n, receiving.answers.elsewhere, by = found.by.to_string());
        view! {
            <p>
                {words} " " <Moment at=found.at precision=Precision::Full /> " "
                <a href=at(format!("/notifications/{}", found.notification))>{t!(i18n, receiving.answers.see)}</a>
            </p>
        }
    });
    let items = (!answers.is_empty()).then(|| {
        let items = answers.into_iter().map(|one| item(one, rule)).collect_view();
        view! { <Timeline>{items}</Timeline> }
    });
    shows
        .then(|| {
            view! {
                <Panel id="answers" title=tu_string!(i18n, receiving.answers.title)>
                    <div class="body stack">{elsewhere} {items}</div>
                </Panel>
            }
        })
        .into_any()
}

fn item(answer: Answer, rule: Option<RuleId>) -> AnyView {
    let i18n = use_i18n();
    let recipient = answer.recipient.map(|recipient| recipient.to_string());
    match answer.said {
        Said::Acknowledged => {
            let who = recipient.unwrap_or_default();
            let class = tu_string!(i18n, notifications.state.acknowledged);
            view! { <AttemptItem shape=Shape::Ok at=answer.at account=who class server="">""</AttemptItem> }
                .into_any()
        }
        Said::Bounced { meaning, words } => {
            let class = words::failure::class(i18n, meaning.class());
            let who = match recipient {
                Some(recipient) => tu_string!(i18n, receiving.answers.bounced_to, recipient = recipient),
                None => tu_string!(i18n, receiving.answers.bounced).to_owned(),
            };
            let about = About::notification(None, rule);
            view! {
                <AttemptItem shape=Shape::Bounced at=answer.at account=who class server="">
                    <Reply stage=Stage::Rcpt meaning words about above=Above::Class />
                </AttemptItem>
            }
            .into_any()
        }
    }
}
