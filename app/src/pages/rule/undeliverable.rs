//! Recipients of a pair whose last mail came back.

use leptos::prelude::*;
use tocsin_domain::receiving::Undeliverable;

use super::form::{Form, PairForm};
use crate::{
    base::at,
    components::{mark::Shape, note::Note, time::Moment},
    i18n::{t, tu_string, use_i18n},
    words,
};

/// A note for each of them.
#[component]
pub fn UndeliverableRecipients(form: Form, pair: PairForm) -> impl IntoView {
    let concerned = Memo::new(move |_| {
        let recipients = pair.recipients.get();
        let is_here = |known: &&Undeliverable| {
            let mut recipients = recipients.iter();
            recipients.any(|recipient| recipient.trim().eq_ignore_ascii_case(known.recipient.as_str()))
        };
        form.undeliverable
            .with_value(|all| all.iter().filter(is_here).cloned().collect::<Vec<_>>())
    });
    move || concerned.get().into_iter().map(note).collect_view()
}

fn note(known: Undeliverable) -> AnyView {
    let i18n = use_i18n();
    let recipient = known.recipient.to_string();
    let title = tu_string!(i18n, receiving.undeliverable.recipient, recipient = recipient);
    let href = format!("/notifications/{}#answers", known.notification);
    view! {
        <Note shape=Shape::Bounced title>
            <p>
                {words::failure::meaning(i18n, known.meaning)} " " <Moment at=known.at /> " "
                <a href=at(href)>{t!(i18n, receiving.undeliverable.see)}</a>
            </p>
        </Note>
    }
    .into_any()
}
