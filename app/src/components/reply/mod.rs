//! What a server said, with its class, its meaning and the next step, and the button that does it. Wherever a
//! server's words are shown, this shows them.

mod about;
mod way;

use leptos::prelude::*;
use tocsin_domain::failure::{Failure, FailureClass, Meaning, NextStep, Stage, classify};

pub use self::about::About;
use self::{
    about::Tried,
    way::{Place, Way, ways},
};
use super::button::LinkButton;
use crate::{
    i18n::{t, tu_string, use_i18n},
    words,
};

/// A reply. It stands in a note, in a list or below an attempt.
#[component]
pub fn Reply(
    /// The step that failed.
    stage: Stage,
    /// What it means.
    meaning: Meaning,
    /// The server's words. Where it said none, no box.
    #[prop(into)]
    words: String,
    /// What it is about.
    #[prop(optional)]
    about: About,
    /// What stands above it already.
    #[prop(optional)]
    above: Above,
) -> impl IntoView {
    let i18n = use_i18n();
    let step = meaning.next_step();
    let ways: Vec<_> = ways(i18n, step, stage, &words, &about)
        .into_iter()
        .map(link)
        .collect();
    let next = match (about.tried, step) {
        (Tried::ByPerson, NextStep::WaitAndRetry) => tu_string!(i18n, failure.now.wait),
        (Tried::ByPerson, NextStep::CheckNetwork) => tu_string!(i18n, failure.now.network),
        _ => words::failure::next_step(i18n, step),
    };
    let class = (above != Above::Class).then(|| {
        view! {
            <span class="chip">{words::failure::class(i18n, meaning.class())}</span>
            " "
        }
    });
    let means = (above != Above::Meaning).then(|| words::failure::meaning(i18n, meaning));
    let at = (above != Above::Class).then(|| {
        view! {
            " "
            <span class="sub">{words::failure::stage(i18n, stage)}</span>
        }
    });
    view! {
        <div class="reply">
            <p>{class} {means} {at}</p>
            <p>
                <span class="vh">{t!(i18n, failure.reply.next)} ": "</span>
                {next}
            </p>
            {(!ways.is_empty()).then(|| view! { <div class="row">{ways}</div> })}
            {(!words.is_empty())
                .then(|| {
                    view! {
                        <p class="sub">{t!(i18n, failure.reply.said)}</p>
                        <div class="code">{words}</div>
                    }
                })}
        </div>
    }
    .into_any()
}

/// What already stands above a reply and is not said twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Above {
    /// Nothing.
    #[default]
    Nothing,
    /// The meaning, as a title.
    Meaning,
    /// The class and the step.
    Class,
}

/// A reply of which only the words were kept.
pub fn meaning_of(words: &str) -> (Stage, Meaning) {
    let stage = Stage::guess(None, words);
    let verdict = classify(&Failure {
        provider: None,
        stage,
        code: None,
        enhanced: None,
        text: words,
    });
    (stage, verdict.meaning)
}

/// Where a refusal was most likely met, of which the step was not kept.
pub fn stage_of(meaning: Meaning, words: &str) -> Stage {
    match meaning.class() {
        FailureClass::Recipient => Stage::Rcpt,
        FailureClass::Message => Stage::Data,
        _ => Stage::guess(None, words),
    }
}

fn link(way: Way) -> AnyView {
    match way.place {
        // The browser itself goes to a field of this page, and opens what it is folded into.
        Place::Here if way.href.starts_with('#') => view! {
            <a class="button" href=way.href rel="external">
                {way.words}
            </a>
        }
        .into_any(),
        Place::Here => view! { <LinkButton href=way.href>{way.words}</LinkButton> }.into_any(),
        Place::Outside => view! {
            <a class="button" href=way.href target="_blank" rel="noreferrer">
                {way.words}
            </a>
        }
        .into_any(),
    }
}
