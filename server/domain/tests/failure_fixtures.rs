//! The classifier against replies that real servers and endpoints have sent.
//!
//! Both fixtures have one reply a line with its class (`label`), the classes that would do as well (`also`)
//! and where it was seen (`source`). `mail_failures.jsonl` is the list the rules were made with;
//! `held_out_failures.jsonl` was labelled from the six definitions before the rules were run on it.
#![allow(clippy::unwrap_used)]

use serde::Deserialize;
use tocsin_domain::failure::{ExplainLine, Failure, FailureClass, Stage, classify, parse_reply};

#[derive(Deserialize)]
struct Labelled {
    #[serde(flatten)]
    line: ExplainLine,
    label: FailureClass,
    #[serde(default)]
    also: Vec<FailureClass>,
}

struct Score {
    total: usize,
    strict: usize,
    lenient: usize,
}

fn score(name: &str, fixture: &str) -> Score {
    let mut score = Score {
        total: 0,
        strict: 0,
        lenient: 0,
    };
    for line in fixture.lines().filter(|line| !line.trim().is_empty()) {
        let labelled: Labelled = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let verdict = classify(&labelled.line.failure());
        let strict = verdict.class == labelled.label;
        let lenient = strict || labelled.also.contains(&verdict.class);
        score.total += 1;
        score.strict += usize::from(strict);
        score.lenient += usize::from(lenient);
        if !strict {
            let Labelled { line, label, also } = labelled;
            println!(
                "{name} {} {}: wanted {label} {also:?}, got {} ({})\n    {}",
                line.id,
                if lenient { "differs" } else { "IS WRONG" },
                verdict.class,
                verdict.meaning.key(),
                line.text,
            );
        }
    }
    println!(
        "{name}: {} replies, {} strictly right, {} leniently",
        score.total, score.strict, score.lenient
    );
    score
}

#[test]
fn the_collected_replies_are_classified_as_labelled() {
    let score = score("collected", include_str!("fixtures/mail_failures.jsonl"));

    assert_eq!(score.lenient, score.total);
    assert!(
        score.strict * 100 >= score.total * 95,
        "{} of {}",
        score.strict,
        score.total
    );
}

#[test]
fn the_held_out_replies_are_classified_as_labelled() {
    let score = score("held out", include_str!("fixtures/held_out_failures.jsonl"));

    assert_eq!(score.lenient, score.total);
    assert!(
        score.strict * 100 >= score.total * 95,
        "{} of {}",
        score.strict,
        score.total
    );
}

/// RFC 4954 section 6: of the 4yz replies only 432 asks for another credential.
#[test]
fn no_words_make_a_passing_smtp_reply_a_matter_of_the_credential() {
    let fixtures = [
        include_str!("fixtures/mail_failures.jsonl"),
        include_str!("fixtures/held_out_failures.jsonl"),
    ];
    for line in fixtures.iter().flat_map(|fixture| fixture.lines()) {
        let line: ExplainLine = serde_json::from_str(line).unwrap();
        let failure = line.failure();
        if matches!(failure.stage, Stage::Token | Stage::Imap) || failure.code == Some(432) {
            continue;
        }
        let (_, _, words) = parse_reply(&line.text);
        let passing = Failure {
            code: Some(451),
            enhanced: "4.0.0".parse().ok(),
            text: &words,
            ..failure
        };

        assert_ne!(classify(&passing).class, FailureClass::Reauthorize, "{words}");
    }
}
