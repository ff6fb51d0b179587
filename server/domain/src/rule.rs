//! Rules: who hears of which events, and by which pairs.

use crate::address::EmailAddress;
use crate::event::Report;
use crate::hours::Hours;
use crate::id::{AccountId, PairId, RuleId};
use crate::severity::Severity;
use crate::text::Line;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it is.
    pub definition: RuleDefinition,
}

/// What the admin sets on a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDefinition {
    /// Its name.
    pub name: Line,
    /// Whether it listens.
    pub switch: Switch,
    /// Which events it catches.
    pub conditions: Conditions,
    /// Who hears of them; at least one.
    pub pairs: Vec<Pair>,
}

/// Whether a rule listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// It does.
    #[default]
    On,
    /// It does not.
    Off,
}

/// Which events a rule catches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Conditions {
    /// An event notification rule: events of the listed applications and categories.
    Event {
        /// The sources; an empty list catches nothing.
        sources: Vec<Source>,
    },
    /// An alert notification rule: events by severity, words and time.
    Alert {
        /// The severities; an empty list catches nothing.
        severities: Vec<Severity>,
        /// Any of these words must occur, unless the list is empty.
        include: Vec<Line>,
        /// None of these words may occur.
        exclude: Vec<Line>,
        /// When the rule listens.
        hours: Hours,
    },
}

/// An application, or one category of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The application's name.
    pub application: Line,
    /// One category; none means all.
    pub category: Option<Line>,
}

/// Method, senders, recipients and format. The one method today is e-mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Its id; none until it is stored.
    pub id: Option<PairId>,
    /// The senders in their order: the first that can send, sends.
    pub senders: Vec<AccountId>,
    /// Who gets the mail; at least one.
    pub recipients: Vec<EmailAddress>,
    /// How the mail looks.
    pub format: Format,
    /// What the subject begins with; may be empty.
    pub subject_prefix: Line,
}

/// How a mail looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// HTML with a plain part beside it.
    #[default]
    Html,
    /// Plain text alone.
    Plain,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    /// The name is empty.
    #[error("give the rule a name")]
    NameMissing,
    /// Nothing would ever be caught.
    #[error(
        "choose at least one application, or at least one severity: as it stands, the rule catches nothing"
    )]
    CatchesNothing,
    /// No pair.
    #[error("add at least one pair of senders and recipients")]
    NoPair,
    /// A pair without recipients.
    #[error("pair {0}: add at least one recipient")]
    NoRecipient(usize),
    /// The same sender twice in one pair.
    #[error("pair {0}: the same sender stands in the list twice")]
    SenderTwice(usize),
}

impl RuleDefinition {
    /// Whether the rule catches an event that is reported at this local time.
    pub fn catches(&self, report: &Report, local: DateTime) -> bool {
        self.switch == Switch::On && self.conditions.match_report(report, local)
    }

    /// Checks what types alone do not.
    pub fn check(&self) -> Result<(), InvalidRule> {
        if self.name.is_empty() {
            return Err(InvalidRule::NameMissing);
        }
        let catches_nothing = match &self.conditions {
            Conditions::Event { sources } => sources.is_empty(),
            Conditions::Alert { severities, .. } => severities.is_empty(),
        };
        if catches_nothing {
            return Err(InvalidRule::CatchesNothing);
        }
        if self.pairs.is_empty() {
            return Err(InvalidRule::NoPair);
        }
        for (index, pair) in self.pairs.iter().enumerate() {
            if pair.recipients.is_empty() {
                return Err(InvalidRule::NoRecipient(index + 1));
            }
            let twice = |at: usize| pair.senders[..at].contains(&pair.senders[at]);
            if (0..pair.senders.len()).any(twice) {
                return Err(InvalidRule::SenderTwice(index + 1));
            }
        }
        Ok(())
    }
}

impl Conditions {
    fn match_report(&self, report: &Report, local: DateTime) -> bool {
        match self {
            Self::Event { sources } => sources.iter().any(|source| source.names(report)),
            Self::Alert {
                severities,
                include,
                exclude,
                hours,
            } => {
                let text = searchable(report);
                let occurs = |word: &Line| text.contains(&word.as_str().to_lowercase());
                severities.contains(&report.severity)
                    && hours.contain(local)
                    && (include.is_empty() || include.iter().any(occurs))
                    && !exclude.iter().any(occurs)
            }
        }
    }
}

impl Source {
    fn names(&self, report: &Report) -> bool {
        let same = |a: &Line, b: &Line| a.as_str().to_lowercase() == b.as_str().to_lowercase();
        same(&self.application, &report.application)
            && self
                .category
                .as_ref()
                .is_none_or(|category| same(category, &report.category))
    }
}

/// What keywords are looked for in: everything a reader of the mail would see, in lower case.
fn searchable(report: &Report) -> String {
    [
        report.application.as_str(),
        report.category.as_str(),
        report.host.as_str(),
        &report.text,
    ]
    .join("\n")
    .to_lowercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::event::Draft;
    use crate::hours::{Day, Span};
    use jiff::Timestamp;
    use jiff::civil::{date, time};

    fn line(text: &str) -> Line {
        Line::parse(text).unwrap()
    }

    fn report(severity: &str, text: &str) -> Report {
        let draft = Draft {
            application: "Storage & Snapshots".into(),
            category: "Disk".into(),
            severity: severity.into(),
            text: text.into(),
            ..Draft::default()
        };
        draft.check(Timestamp::UNIX_EPOCH).unwrap()
    }

    fn rule(conditions: Conditions) -> RuleDefinition {
        let pair = Pair {
            id: None,
            senders: vec![AccountId::new(1)],
            recipients: vec!["ops@example.com".parse().unwrap()],
            format: Format::Html,
            subject_prefix: Line::default(),
        };
        RuleDefinition {
            name: line("Storage"),
            switch: Switch::On,
            conditions,
            pairs: vec![pair],
        }
    }

    fn alert(severities: &[Severity], include: &[&str], exclude: &[&str]) -> RuleDefinition {
        let lines = |words: &[&str]| words.iter().map(|word| line(word)).collect();
        rule(Conditions::Alert {
            severities: severities.to_vec(),
            include: lines(include),
            exclude: lines(exclude),
            hours: Hours::AllDay,
        })
    }

    fn noon() -> DateTime {
        date(2026, 11, 20).at(12, 0, 0, 0)
    }

    #[test]
    fn an_event_rule_catches_listed_applications_and_categories() {
        let source = |category: Option<&str>| {
            let source = Source {
                application: line("storage & snapshots"),
                category: category.map(line),
            };
            rule(Conditions::Event {
                sources: vec![source],
            })
        };
        let event = report("information", "x");
        assert!(source(None).catches(&event, noon()));
        assert!(source(Some("DISK")).catches(&event, noon()));
        assert!(!source(Some("Volume")).catches(&event, noon()));
    }

    #[test]
    fn an_alert_rule_wants_severity_any_included_word_and_no_excluded_one() {
        let rule = alert(
            &[Severity::Error, Severity::Warning],
            &["disk", "raid"],
            &["test"],
        );
        assert!(rule.catches(&report("error", "RAID degraded"), noon()));
        assert!(!rule.catches(&report("information", "disk"), noon()));
        assert!(!rule.catches(&report("error", "disk TEST"), noon()));
        let any = alert(&[Severity::Error], &[], &[]);
        assert!(any.catches(&report("error", "anything"), noon()));
    }

    #[test]
    fn hours_are_by_the_local_clock() {
        let span = Span {
            from: time(8, 0, 0, 0),
            until: time(18, 0, 0, 0),
            days: Day::ALL.to_vec(),
        };
        let rule = rule(Conditions::Alert {
            severities: vec![Severity::Error],
            include: vec![],
            exclude: vec![],
            hours: Hours::Only(span),
        });
        assert!(rule.catches(&report("error", "x"), noon()));
        assert!(!rule.catches(&report("error", "x"), date(2026, 11, 20).at(19, 0, 0, 0)));
    }

    #[test]
    fn a_rule_that_is_switched_off_catches_nothing() {
        let rule = RuleDefinition {
            switch: Switch::Off,
            ..alert(&Severity::ALL, &[], &[])
        };
        assert!(!rule.catches(&report("error", "x"), noon()));
    }

    #[test]
    fn a_rule_that_could_do_nothing_is_refused_with_the_reason() {
        let good = alert(&[Severity::Error], &[], &[]);
        assert_eq!(good.check(), Ok(()));
        assert_eq!(alert(&[], &[], &[]).check(), Err(InvalidRule::CatchesNothing));
        assert_eq!(
            RuleDefinition {
                pairs: vec![],
                ..good.clone()
            }
            .check(),
            Err(InvalidRule::NoPair)
        );
        assert_eq!(
            RuleDefinition {
                name: line(""),
                ..good.clone()
            }
            .check(),
            Err(InvalidRule::NameMissing)
        );
        let mut no_recipient = good.clone();
        no_recipient.pairs[0].recipients.clear();
        assert_eq!(no_recipient.check(), Err(InvalidRule::NoRecipient(1)));
        let mut twice = good;
        twice.pairs[0].senders.push(AccountId::new(1));
        assert_eq!(twice.check(), Err(InvalidRule::SenderTwice(1)));
    }
}
