//! From the editor's form to a rule, with each fault beside its field. The browser runs it too, for the preview.

use jiff::civil::Time;
use serde::de::DeserializeOwned;
use tocsin_domain::{
    address::EmailAddress,
    hours::{Hours, Span},
    rule::{Conditions, Format, Pair, RuleDefinition, Source, Switch},
    text::Line,
};

use super::{Draft, DraftKind, DraftPair};
use crate::{api::error::ApiError, components::chips_input::parts};

/// The whole form, among what was typed.
pub const DRAFT: &str = "draft";
/// The field of the rule's name.
pub const NAME: &str = "draft[name]";
/// The conditions as a whole.
pub const CONDITIONS: &str = "draft[conditions]";
/// The field of the words to include.
pub const INCLUDE: &str = "draft[include]";
/// The field of the words to exclude.
pub const EXCLUDE: &str = "draft[exclude]";
/// The field of the beginning of the hours.
pub const FROM: &str = "draft[from]";
/// The field of the end of the hours.
pub const UNTIL: &str = "draft[until]";
/// The days of the week.
pub const DAYS: &str = "draft[days]";

/// The beginning of a pair's fields, by its place from 0.
pub fn pair(place: usize) -> String {
    format!("draft[pairs][{place}]")
}

/// The field of a pair's recipients.
pub fn recipients(place: usize) -> String {
    format!("{}[recipients]", pair(place))
}

/// A pair's sender list.
pub fn senders(place: usize) -> String {
    format!("{}[senders]", pair(place))
}

/// The field of a pair's subject prefix.
pub fn subject_prefix(place: usize) -> String {
    format!("{}[subject_prefix]", pair(place))
}

/// The rule that the form describes. What the engine checks is not checked here.
pub fn definition(draft: &Draft) -> Result<RuleDefinition, ApiError> {
    let pairs = draft.pairs.iter().enumerate();
    Ok(RuleDefinition {
        name: line(NAME, &draft.name)?,
        switch: if draft.on.is_empty() {
            Switch::Off
        } else {
            Switch::On
        },
        conditions: conditions(draft)?,
        pairs: pairs
            .map(|(place, draft)| pair_of(place, draft))
            .collect::<Result<_, _>>()?,
    })
}

/// Which events it catches.
pub fn conditions(draft: &Draft) -> Result<Conditions, ApiError> {
    match draft.kind {
        DraftKind::Event => sources(draft),
        DraftKind::Alert => Ok(Conditions::Alert {
            severities: draft
                .severities
                .iter()
                .filter_map(|word| word.parse().ok())
                .collect(),
            include: words(INCLUDE, &draft.include)?,
            exclude: words(EXCLUDE, &draft.exclude)?,
            hours: hours(draft)?,
        }),
    }
}

fn sources(draft: &Draft) -> Result<Conditions, ApiError> {
    let mut sources = Vec::new();
    for (place, row) in draft.sources.iter().enumerate() {
        let application = line(&format!("draft[sources][{place}][application]"), &row.application)?;
        let field = format!("draft[sources][{place}][category]");
        let category = Some(line(&field, &row.category)?).filter(|category| !category.is_empty());
        match (application.is_empty(), &category) {
            (true, None) => {}
            (true, Some(_)) => {
                let field = format!("draft[sources][{place}][application]");
                return Err(ApiError::field(&field, "name the application of this category"));
            }
            (false, _) => sources.push(Source {
                application,
                category,
            }),
        }
    }
    Ok(Conditions::Event { sources })
}

fn hours(draft: &Draft) -> Result<Hours, ApiError> {
    let hours: fn(Span) -> Hours = match draft.when.as_str() {
        "only" => Hours::Only,
        "except" => Hours::Except,
        _ => return Ok(Hours::AllDay),
    };
    let days: Vec<_> = draft.days.iter().filter_map(|day| by_word(day)).collect();
    if days.is_empty() {
        return Err(ApiError::field(DAYS, "choose at least one day"));
    }
    Ok(hours(Span {
        from: time(FROM, &draft.from)?,
        until: time(UNTIL, &draft.until)?,
        days,
    }))
}

fn time(field: &str, text: &str) -> Result<Time, ApiError> {
    let time = Time::strptime("%H:%M", text.trim());
    time.map_err(|_| ApiError::field(field, "write a time as 08:00"))
}

fn pair_of(place: usize, draft: &DraftPair) -> Result<Pair, ApiError> {
    let gone = |_| ApiError::field(&senders(place), "an account in the list does not exist any more");
    // An account that is chosen but not yet added is meant to be in the list.
    let chosen = Some(&draft.add).filter(|id| !id.is_empty() && !draft.senders.contains(id));
    let listed = draft.senders.iter().chain(chosen);
    let mut addresses: Vec<EmailAddress> = Vec::new();
    for text in parts(&draft.recipients) {
        let address: EmailAddress = text
            .parse()
            .map_err(|error| ApiError::field(&recipients(place), error))?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(Pair {
        id: draft.id.parse().ok(),
        senders: listed
            .map(|id| id.parse().map_err(gone))
            .collect::<Result<_, _>>()?,
        recipients: addresses,
        format: if draft.format == "plain" {
            Format::Plain
        } else {
            Format::Html
        },
        subject_prefix: line(&subject_prefix(place), &draft.subject_prefix)?,
    })
}

fn words(field: &str, text: &str) -> Result<Vec<Line>, ApiError> {
    parts(text).iter().map(|word| line(field, word)).collect()
}

fn line(field: &str, text: &str) -> Result<Line, ApiError> {
    Line::parse(text).map_err(|error| ApiError::field(field, error))
}

/// A value by the word that it travels by.
fn by_word<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tocsin_domain::{hours::Day, severity::Severity};

    use super::*;
    use crate::api::rules::DraftSource;

    fn alert() -> Draft {
        Draft {
            name: "Storage".into(),
            severities: vec!["error".into()],
            include: "disk, raid".into(),
            when: "only".into(),
            from: "22:00".into(),
            until: "06:30".into(),
            days: vec!["friday".into()],
            pairs: vec![DraftPair {
                id: "7".into(),
                senders: vec!["3".into(), "1".into()],
                recipients: "ops@example.com, OPS@example.com".into(),
                format: "plain".into(),
                subject_prefix: "[nas]".into(),
                ..DraftPair::default()
            }],
            ..Draft::new(DraftKind::Alert)
        }
    }

    #[test]
    fn a_rule_survives_the_way_through_the_form() {
        let rule = definition(&alert()).unwrap();
        let Conditions::Alert {
            severities, hours, ..
        } = &rule.conditions
        else {
            panic!("an alert rule");
        };
        assert_eq!(severities, &[Severity::Error]);
        assert!(matches!(hours, Hours::Only(span) if span.days == [Day::Friday]));
        assert_eq!(rule.pairs[0].recipients.len(), 1);
        assert_eq!(definition(&Draft::from(&rule)), Ok(rule));
    }

    #[test]
    fn an_event_rule_survives_the_way_through_the_form() {
        let row = |application: &str, category: &str| DraftSource {
            application: application.into(),
            category: category.into(),
        };
        let draft = Draft {
            sources: vec![row("Storage", "Disk"), row("", ""), row("Backup", "")],
            ..Draft::new(DraftKind::Event)
        };
        let rule = definition(&draft).unwrap();
        assert!(matches!(&rule.conditions, Conditions::Event { sources } if sources.len() == 2));
        assert_eq!(definition(&Draft::from(&rule)), Ok(rule));
    }

    #[test]
    fn a_fault_names_its_field() {
        let fault = |change: fn(&mut Draft)| {
            let mut draft = alert();
            change(&mut draft);
            definition(&draft).unwrap_err().field.unwrap()
        };
        assert_eq!(fault(|draft| draft.from = "25:00".into()), FROM);
        assert_eq!(fault(|draft| draft.days.clear()), DAYS);
        assert_eq!(fault(|draft| draft.name = "a\nb".into()), NAME);
        assert_eq!(
            fault(|draft| draft.pairs[0].recipients = "ops".into()),
            recipients(0)
        );
        assert_eq!(
            fault(|draft| draft.pairs[0].senders = vec!["x".into()]),
            senders(0)
        );
    }

    #[test]
    fn a_button_of_the_form_changes_the_form_only() {
        let mut draft = alert();
        assert!(!draft.follow_buttons());
        draft.pairs[0].step = "up:1".into();
        draft.button = "copy-pair:0".into();
        assert!(draft.follow_buttons());
        assert_eq!(draft.pairs[0].senders, ["1", "3"]);
        assert_eq!((draft.pairs.len(), draft.pairs[1].id.as_str()), (2, ""));
        draft.button = "remove-pair:9".into();
        assert!(
            draft.follow_buttons(),
            "a button that does nothing saves nothing either"
        );
        assert_eq!(draft.pairs.len(), 2);
    }
}
