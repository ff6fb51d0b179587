//! The editor's state: a signal a field, so that the preview follows every key.

use leptos::prelude::*;
use tocsin_domain::{receiving::Undeliverable, senderless::GoneSender, severity::Severity};

use crate::{
    api::{
        error::ApiError,
        rules::{Draft, DraftKind, DraftPair, DraftSource, Mailbox},
    },
    components::{
        account_status,
        chips_input::parts,
        mark::Shape,
        sender_list::{Sender, Standing},
    },
    i18n::tu_string,
    words::{self, I18n},
};

/// The state.
#[derive(Clone, Copy)]
pub struct Form {
    pub kind: DraftKind,
    pub name: RwSignal<String>,
    pub on: RwSignal<bool>,
    pub sources: RwSignal<Vec<SourceForm>>,
    pub severities: RwSignal<Vec<String>>,
    pub include: RwSignal<Vec<String>>,
    pub exclude: RwSignal<Vec<String>>,
    pub when: RwSignal<String>,
    pub from: RwSignal<String>,
    pub until: RwSignal<String>,
    pub days: RwSignal<Vec<String>>,
    pub pairs: RwSignal<Vec<PairForm>>,
    /// All accounts, to choose senders from.
    pub accounts: StoredValue<Vec<Sender>>,
    /// Who stands in the lists and is no account any more.
    gone: StoredValue<Vec<Sender>>,
    /// The recipients whose last mail came back.
    pub undeliverable: StoredValue<Vec<Undeliverable>>,
    fault: Signal<Option<ApiError>>,
    next: StoredValue<usize>,
}

/// A row of an event rule. Keys grow, so that the rows' names are in their order.
#[derive(Clone, Copy)]
pub struct SourceForm {
    pub key: usize,
    pub application: RwSignal<String>,
    pub category: RwSignal<String>,
}

/// A pair. Its key is its number among the form's names.
#[derive(Clone, Copy)]
pub struct PairForm {
    pub key: usize,
    pub id: StoredValue<String>,
    pub senders: RwSignal<Vec<Sender>>,
    pub recipients: RwSignal<Vec<String>>,
    pub format: RwSignal<String>,
    pub subject_prefix: RwSignal<String>,
}

impl Form {
    /// The state that a draft describes.
    pub fn new(
        i18n: I18n,
        draft: &Draft,
        mailboxes: &[Mailbox],
        gone: &[GoneSender],
        undeliverable: Vec<Undeliverable>,
        fault: Signal<Option<ApiError>>,
    ) -> Self {
        let form = Self {
            kind: draft.kind,
            name: RwSignal::new(draft.name.clone()),
            on: RwSignal::new(!draft.on.is_empty()),
            sources: RwSignal::new(Vec::new()),
            severities: RwSignal::new(draft.severities.clone()),
            include: RwSignal::new(parts(&draft.include)),
            exclude: RwSignal::new(parts(&draft.exclude)),
            when: RwSignal::new(draft.when.clone()),
            from: RwSignal::new(draft.from.clone()),
            until: RwSignal::new(draft.until.clone()),
            days: RwSignal::new(draft.days.clone()),
            pairs: RwSignal::new(Vec::new()),
            accounts: StoredValue::new(mailboxes.iter().map(|one| sender(i18n, one)).collect()),
            undeliverable: StoredValue::new(undeliverable),
            gone: StoredValue::new(gone.iter().map(|one| gone_sender(i18n, one)).collect()),
            fault,
            next: StoredValue::new(0),
        };
        for source in &draft.sources {
            form.add_source(source);
        }
        for pair in &draft.pairs {
            form.add_pair(pair);
        }
        form
    }

    /// What is wrong with a field.
    pub fn fault(self, name: impl Into<String>) -> Signal<Option<String>> {
        let name = name.into();
        Signal::derive(move || self.fault_of(&name))
    }

    /// What is wrong with a field, now.
    pub fn fault_of(self, name: &str) -> Option<String> {
        self.fault.with(|fault| {
            let fault = fault.as_ref()?;
            (fault.field.as_deref() == Some(name)).then(|| fault.message.clone())
        })
    }

    pub fn add_source(self, source: &DraftSource) {
        let row = SourceForm {
            key: self.next_key(),
            application: RwSignal::new(source.application.clone()),
            category: RwSignal::new(source.category.clone()),
        };
        self.sources.update(|rows| rows.push(row));
    }

    pub fn add_pair(self, pair: &DraftPair) {
        let find = |id: &String| {
            let among = |list: &Vec<Sender>| list.iter().find(|sender| sender.id == *id).cloned();
            let living = self.accounts.with_value(among);
            living.or_else(|| self.gone.with_value(among))
        };
        let senders = pair.senders.iter().filter_map(find).collect();
        self.push_pair(PairForm {
            key: self.next_key(),
            id: StoredValue::new(pair.id.clone()),
            senders: RwSignal::new(senders),
            recipients: RwSignal::new(parts(&pair.recipients)),
            format: RwSignal::new(pair.format.clone()),
            subject_prefix: RwSignal::new(pair.subject_prefix.clone()),
        });
    }

    /// A new pair like another, at the end.
    pub fn copy_pair(self, pair: PairForm) {
        self.push_pair(PairForm {
            key: self.next_key(),
            id: StoredValue::new(String::new()),
            senders: RwSignal::new(pair.senders.get_untracked()),
            recipients: RwSignal::new(pair.recipients.get_untracked()),
            format: RwSignal::new(pair.format.get_untracked()),
            subject_prefix: RwSignal::new(pair.subject_prefix.get_untracked()),
        });
    }

    /// What the conditions are made of; the rest is left empty.
    pub fn conditions(self) -> Draft {
        let sources = self.sources.get().into_iter().map(|row| DraftSource {
            application: row.application.get(),
            category: row.category.get(),
        });
        Draft {
            kind: self.kind,
            sources: sources.collect(),
            severities: self.severities.get(),
            include: self.include.get().join(","),
            exclude: self.exclude.get().join(","),
            when: self.when.get(),
            from: self.from.get(),
            until: self.until.get(),
            days: self.days.get(),
            ..Draft::default()
        }
    }

    /// Whether a severity is chosen.
    pub fn catches(self, severity: Severity) -> bool {
        self.severities
            .with_untracked(|words| words.iter().any(|word| word == severity.as_str()))
    }

    fn push_pair(self, pair: PairForm) {
        self.pairs.update(|pairs| pairs.push(pair));
    }

    fn next_key(self) -> usize {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        key
    }
}

/// Puts a word into a list, or takes it out.
pub fn set_word(list: RwSignal<Vec<String>>, word: &str, is_on: bool) {
    list.update(|words| {
        words.retain(|known| known != word);
        if is_on {
            words.push(word.to_owned());
        }
    });
}

fn sender(i18n: I18n, mailbox: &Mailbox) -> Sender {
    let account = &mailbox.account;
    Sender {
        id: account.id.to_string(),
        address: account.settings.address.to_string(),
        provider: mailbox.provider.clone(),
        shape: account_status::shape(account),
        words: words::authorization::short(i18n, &account.authorization),
        standing: Standing::Account,
    }
}

/// One that is no account any more keeps its place until it is removed or comes back.
fn gone_sender(i18n: I18n, gone: &GoneSender) -> Sender {
    let id = gone.id().to_string();
    match gone {
        GoneSender::Deleted(deleted) => Sender {
            address: deleted.address.to_string(),
            provider: String::new(),
            shape: Shape::Cancelled,
            words: tu_string!(i18n, deleting.sender.deleted).to_owned(),
            standing: if deleted.is_restorable() {
                Standing::Gone(Some(format!("/accounts/{id}/restore")))
            } else {
                Standing::Gone(None)
            },
            id,
        },
        GoneSender::Unknown(_) => Sender {
            address: tu_string!(i18n, deleting.sender.unknown_address, id = id.clone()),
            provider: String::new(),
            shape: Shape::Cancelled,
            words: tu_string!(i18n, deleting.sender.unknown).to_owned(),
            standing: Standing::Gone(None),
            id,
        },
    }
}
