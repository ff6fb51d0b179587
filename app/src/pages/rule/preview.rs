//! What the rule would have caught, as it stands in the form: matched here, in the browser, by the same code
//! that matches what programs report.

use leptos::prelude::*;
use tocsin_domain::{
    event::Report,
    rule::{Conditions, RuleDefinition, Switch},
    severity::Severity,
    text::Line,
};

use super::form::Form;
use crate::{
    api::rules::{Seen, parse},
    components::{
        mark::{Mark, Shape},
        mounted::mounted,
        panel::Panel,
        status::Status,
        time::Moment,
    },
    i18n::{t, tu_string, use_i18n},
    words,
};

/// How many of them are listed.
const LISTED: usize = 10;

#[component]
pub fn Preview(form: Form, seen: Vec<Seen>) -> impl IntoView {
    let i18n = use_i18n();
    let is_live = mounted();
    let total = seen.len();
    let seen = StoredValue::new(seen);
    let caught = Memo::new(move |_| {
        let conditions = parse::conditions(&form.conditions()).ok()?;
        let words = match &conditions {
            Conditions::Alert { include, .. } => include.iter().map(ToString::to_string).collect(),
            Conditions::Event { .. } => Vec::new(),
        };
        let rule = trial(conditions);
        let caught = seen.with_value(|seen| {
            let caught = seen.iter().filter(|one| rule.catches(&one.report, one.local));
            caught.map(|one| one.report.clone()).collect::<Vec<_>>()
        });
        Some((caught, words))
    });
    let live = move || {
        is_live
            .get()
            .then(|| view! { <Status shape=Shape::Ok words=tu_string!(i18n, rules.live) /> })
    };
    let body = move || match caught.get() {
        _ if total == 0 => view! { <p>{t!(i18n, rules.nothing_seen)}</p> }.into_any(),
        None => view! { <p class="sub">{t!(i18n, rules.preview_fault)}</p> }.into_any(),
        Some((caught, _)) => sums(&caught, total),
    };
    let list = move || {
        let (caught, words) = caught.get()?;
        let lines: Vec<_> = caught
            .iter()
            .take(LISTED)
            .map(|report| line(report, &words))
            .collect();
        (!lines.is_empty()).then(|| view! { <ul class="list">{lines}</ul> })
    };
    view! {
        <aside class="preview">
            <Panel id="preview" title=tu_string!(i18n, rules.preview) actions=live>
                <div class="body" aria-live="polite">
                    {body}
                </div>
                {list}
            </Panel>
        </aside>
    }
    .into_any()
}

/// A rule that listens, with these conditions and nothing else.
fn trial(conditions: Conditions) -> RuleDefinition {
    RuleDefinition {
        name: Line::default(),
        switch: Switch::On,
        conditions,
        pairs: Vec::new(),
    }
}

fn sums(caught: &[Report], total: usize) -> AnyView {
    let i18n = use_i18n();
    let count = |severity| caught.iter().filter(|report| report.severity == severity).count();
    let detail = if caught.is_empty() {
        tu_string!(i18n, rules.caught_nothing).to_owned()
    } else {
        tu_string!(
            i18n,
            rules.by_severity,
            errors = count(Severity::Error),
            warnings = count(Severity::Warning),
            information = count(Severity::Information)
        )
    };
    view! {
        <p>
            <b>{tu_string!(i18n, rules.caught, caught = caught.len(), count = total)}</b>
            " "
            {t!(i18n, rules.last_days)}
        </p>
        <p class="sub">{detail}</p>
    }
    .into_any()
}

fn line(report: &Report, words: &[String]) -> AnyView {
    let i18n = use_i18n();
    let headline = split(&report.headline(), words)
        .into_iter()
        .map(|(text, is_hit)| {
            if is_hit {
                view! { <mark>{text}</mark> }.into_any()
            } else {
                text.into_any()
            }
        })
        .collect_view();
    view! {
        <li>
            <Mark shape=Shape::from(report.severity) />
            <div>
                {headline} <div class="sub">
                    <span class="vh">{words::notification::severity(i18n, report.severity)} ", "</span>
                    {report.application.to_string()}
                    " · "
                    <Moment at=report.at />
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// A text in parts, with whether each is one of the words.
fn split(text: &str, words: &[String]) -> Vec<(String, bool)> {
    let lower = text.to_lowercase();
    // Where lower case has another length, places in it say nothing about the text.
    if lower.len() != text.len() {
        return vec![(text.to_owned(), false)];
    }
    let mut parts = Vec::new();
    let mut rest = 0;
    while rest < text.len() {
        let hit = words
            .iter()
            .filter(|word| !word.is_empty())
            .filter_map(|word| {
                lower[rest..]
                    .find(&word.to_lowercase())
                    .map(|at| (at, word.to_lowercase().len()))
            })
            .min();
        let Some((at, length)) = hit else { break };
        let Some(found) = text.get(rest + at..rest + at + length) else {
            break;
        };
        if at > 0 {
            parts.push((text[rest..rest + at].to_owned(), false));
        }
        parts.push((found.to_owned(), true));
        rest += at + length;
    }
    if rest < text.len() {
        parts.push((text[rest..].to_owned(), false));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::split;

    fn marked(text: &str, words: &[&str]) -> String {
        let words: Vec<_> = words.iter().map(ToString::to_string).collect();
        let parts = split(text, &words).into_iter();
        parts
            .map(|(text, is_hit)| if is_hit { format!("<{text}>") } else { text })
            .collect()
    }

    #[test]
    fn the_words_of_the_rule_are_marked_in_the_text() {
        assert_eq!(
            marked("Pool 1: Disk 3 fails", &["disk", "pool"]),
            "<Pool> 1: <Disk> 3 fails"
        );
        assert_eq!(marked("nothing", &["disk"]), "nothing");
        assert_eq!(marked("disk", &["disk", ""]), "<disk>");
    }

    #[test]
    fn letters_outside_of_ascii_break_nothing() {
        assert_eq!(marked("Größe İ", &["größe"]), "Größe İ");
        assert_eq!(marked("Die Größe", &["GRÖSSE", "größe"]), "Die <Größe>");
    }
}
