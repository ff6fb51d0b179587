//! What a server's reply is about, so that its next step leads somewhere.

use tocsin_domain::{
    account::Account,
    id::{AccountId, RuleId},
    provider::{Provider, ProviderKey},
};

/// What a reply is about. What is not known leads nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub(super) who: Who,
    pub(super) tried: Tried,
    pub(super) provider: Option<Pages>,
    pub(super) rule: Option<RuleId>,
}

/// Whose sign-in or mail it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Who {
    /// Nobody's that is known here.
    #[default]
    Unknown,
    /// An account that is saved.
    Account(AccountId),
    /// One that is being typed into the form on this page.
    Form,
}

/// Who tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tried {
    /// Tocsin, which tries again by itself.
    #[default]
    ByItself,
    /// Somebody who waits for the answer.
    ByPerson,
}

/// Where a provider helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pages {
    pub(super) key: ProviderKey,
    pub(super) name: String,
    pub(super) help: Option<String>,
    pub(super) credential: Option<String>,
}

impl About {
    /// An account, with its preset.
    pub fn account(account: &Account, provider: &Provider) -> Self {
        Self {
            who: Who::Account(account.id),
            ..Self::default()
        }
        .at(provider)
    }

    /// The form on this page, which adds an account of this preset.
    pub fn form(provider: &Provider) -> Self {
        Self {
            who: Who::Form,
            tried: Tried::ByPerson,
            ..Self::default()
        }
        .at(provider)
    }

    /// An OAuth application of a provider.
    pub fn application(provider: &Provider) -> Self {
        Self::default().at(provider)
    }

    /// A notification: the account that tried to carry it, and its rule.
    pub fn notification(account: Option<AccountId>, rule: Option<RuleId>) -> Self {
        Self {
            who: account.map_or(Who::Unknown, Who::Account),
            rule,
            ..Self::default()
        }
    }

    /// The same, of an account whose settings are on another page.
    pub fn account_by_id(id: AccountId) -> Self {
        Self::notification(Some(id), None)
    }

    /// Somebody tried and waits for the answer: nothing is tried again by itself.
    #[must_use]
    pub fn tried_by_person(self) -> Self {
        Self {
            tried: Tried::ByPerson,
            ..self
        }
    }

    fn at(self, provider: &Provider) -> Self {
        let pages = Pages {
            key: provider.key.clone(),
            name: provider.name.clone(),
            help: provider.help.clone(),
            credential: provider.credential_page.clone(),
        };
        Self {
            provider: Some(pages),
            ..self
        }
    }
}
