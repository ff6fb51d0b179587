//! A rule as it stands in the editor's form: texts, not checked yet. The form's names are paths into it:
//! `draft[pairs][0][recipients]`.

use serde::{Deserialize, Serialize};
use tocsin_domain::{
    hours::{Hours, Span},
    rule::{Conditions, Format, Pair, RuleDefinition, Source, Switch},
};

use crate::{
    components::sender_list::{Move, apply},
    words::rule::day_word,
};

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The rule's name.
    pub name: String,
    /// Anything: it listens.
    pub on: String,
    /// Which conditions it has.
    pub kind: DraftKind,
    /// Applications and categories; empty rows count as none.
    pub sources: Vec<DraftSource>,
    /// The words of the severities that it catches.
    pub severities: Vec<String>,
    /// Words with commas: any must occur.
    pub include: String,
    /// Words with commas: none may occur.
    pub exclude: String,
    /// `all-day`, `only` or `except`.
    pub when: String,
    /// Beginning of the hours: `08:00`.
    pub from: String,
    /// End of the hours.
    pub until: String,
    /// The words of the days of the week.
    pub days: Vec<String>,
    /// Pairs of senders and recipients.
    pub pairs: Vec<DraftPair>,
    /// Which button changes the form itself: `add-source`, `add-pair`, `copy-pair:1`, `remove-pair:1`.
    #[serde(rename = "do")]
    pub button: String,
}

/// Which conditions a rule has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftKind {
    /// Applications and categories.
    Event,
    /// Severities, words and hours.
    #[default]
    Alert,
}

impl DraftKind {
    /// The word that travels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Alert => "alert",
        }
    }
}

/// A row of an event rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftSource {
    /// The application.
    pub application: String,
    /// One category of it; empty means all.
    pub category: String,
}

/// A pair.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftPair {
    /// Its id; empty until it is stored.
    pub id: String,
    /// The senders' ids, in order.
    pub senders: Vec<String>,
    /// The account that is chosen to be added.
    pub add: String,
    /// Which button of the sender list was pressed.
    #[serde(rename = "move")]
    pub step: String,
    /// Addresses with commas.
    pub recipients: String,
    /// `html` or `plain`.
    pub format: String,
    /// What the subject begins with.
    pub subject_prefix: String,
}

impl Draft {
    /// A new rule with one pair.
    pub fn new(kind: DraftKind) -> Self {
        Self {
            on: "on".to_owned(),
            kind,
            sources: vec![DraftSource::default()],
            severities: vec!["warning".to_owned(), "error".to_owned()],
            when: "all-day".to_owned(),
            pairs: vec![DraftPair::default()],
            ..Self::default()
        }
    }

    /// Does what a button wants that changes the form itself; tells whether there was one.
    pub fn follow_buttons(&mut self) -> bool {
        let mut followed = !self.button.is_empty();
        for pair in &mut self.pairs {
            if let Ok(step) = std::mem::take(&mut pair.step).parse::<Move>() {
                let added = Some(std::mem::take(&mut pair.add)).filter(|id| !id.is_empty());
                apply(&mut pair.senders, step, added);
                followed = true;
            }
        }
        let button = std::mem::take(&mut self.button);
        let (what, place) = button.split_once(':').unwrap_or((&button, ""));
        let place = place
            .parse()
            .ok()
            .filter(|place: &usize| *place < self.pairs.len());
        match (what, place) {
            ("add-source", _) => self.sources.push(DraftSource::default()),
            ("add-pair", _) => self.pairs.push(DraftPair::default()),
            ("remove-pair", Some(place)) => drop(self.pairs.remove(place)),
            ("copy-pair", Some(place)) => {
                let copy = DraftPair {
                    id: String::new(),
                    ..self.pairs[place].clone()
                };
                self.pairs.push(copy);
            }
            _ => {}
        }
        followed
    }
}

impl From<&RuleDefinition> for Draft {
    fn from(rule: &RuleDefinition) -> Self {
        let draft = Self {
            name: rule.name.to_string(),
            on: match rule.switch {
                Switch::On => "on".to_owned(),
                Switch::Off => String::new(),
            },
            pairs: rule.pairs.iter().map(DraftPair::from).collect(),
            when: "all-day".to_owned(),
            ..Self::default()
        };
        match &rule.conditions {
            Conditions::Event { sources } => Self {
                kind: DraftKind::Event,
                sources: sources.iter().map(DraftSource::from).collect(),
                ..draft
            },
            Conditions::Alert {
                severities,
                include,
                exclude,
                hours,
            } => Self {
                kind: DraftKind::Alert,
                severities: severities.iter().map(ToString::to_string).collect(),
                include: joined(include),
                exclude: joined(exclude),
                ..draft
            }
            .with_hours(hours),
        }
    }
}

impl Draft {
    fn with_hours(mut self, hours: &Hours) -> Self {
        let (when, span) = match hours {
            Hours::AllDay => return self,
            Hours::Only(span) => ("only", span),
            Hours::Except(span) => ("except", span),
        };
        let Span { from, until, days } = span;
        when.clone_into(&mut self.when);
        self.from = from.strftime("%H:%M").to_string();
        self.until = until.strftime("%H:%M").to_string();
        self.days = days.iter().map(|day| day_word(*day).to_owned()).collect();
        self
    }
}

impl From<&Source> for DraftSource {
    fn from(source: &Source) -> Self {
        Self {
            application: source.application.to_string(),
            category: source
                .category
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        }
    }
}

impl From<&Pair> for DraftPair {
    fn from(pair: &Pair) -> Self {
        Self {
            id: pair.id.map(|id| id.to_string()).unwrap_or_default(),
            senders: pair.senders.iter().map(ToString::to_string).collect(),
            recipients: joined(&pair.recipients),
            format: match pair.format {
                Format::Html => "html".to_owned(),
                Format::Plain => "plain".to_owned(),
            },
            subject_prefix: pair.subject_prefix.to_string(),
            ..Self::default()
        }
    }
}

fn joined(parts: &[impl ToString]) -> String {
    parts
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
