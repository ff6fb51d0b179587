//! Why a try changed nothing, and what to do. None of a server's own words: they may tell of the system.

use leptos::prelude::*;
use tocsin_domain::address::EmailAddress;

use super::texts::{Locale, td_string};
use crate::components::{mark::Shape, note::Note};

/// Why a try changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Another mailbox signed in.
    OtherMailbox(EmailAddress),
    /// The owner did not agree.
    Denied,
    /// The owner agreed to a part only.
    ScopesMissing,
    /// The sign-in took too long, or began elsewhere.
    Over,
    /// The sign-in by a code came to nothing.
    Unfinished,
    /// The device code has run out.
    CodeOver,
    /// The mail server did not accept what the provider granted.
    NotProven,
    /// The provider does not answer.
    ProviderSilent,
    /// The provider refuses the OAuth application.
    Application,
    /// What was pasted is not the end of the sign-in.
    NotPasted,
    /// The mail server did not accept the password.
    PasswordRefused,
    /// The mail server wants a password made for applications.
    AppPasswordNeeded,
    /// Nothing was typed.
    PasswordMissing,
    /// The mail server cannot be asked.
    ServerSilent,
    /// The mail server refuses something else.
    ServerSettings,
    /// Too many tries.
    Wait(u64),
    /// An administrator changed the account in between.
    Changed,
    /// Tocsin failed.
    Failed,
}

impl Problem {
    pub(super) fn view(self, locale: Locale, address: &str, provider: &str) -> AnyView {
        let (what, next) = self.words(locale, address, provider);
        view! {
            <Note shape=Shape::Expired title=what>
                <p>{td_string!(locale, owner.problem.nothing_changed)} " " {next}</p>
            </Note>
        }
        .into_any()
    }

    /// What happened, and what to do next.
    fn words(self, locale: Locale, address: &str, provider: &str) -> (String, String) {
        let none = String::new;
        match self {
            Self::OtherMailbox(signed_in) => (
                td_string!(
                    locale,
                    owner.problem.other_mailbox,
                    signed_in = signed_in.to_string(),
                    address = address
                ),
                td_string!(
                    locale,
                    owner.problem.other_mailbox_next,
                    address = address,
                    provider = provider
                ),
            ),
            Self::Denied => (
                td_string!(locale, owner.problem.denied, provider = provider),
                td_string!(locale, owner.problem.denied_next).to_owned(),
            ),
            Self::ScopesMissing => (
                td_string!(locale, owner.problem.scopes, provider = provider),
                td_string!(locale, owner.problem.scopes_next).to_owned(),
            ),
            Self::Over => (
                td_string!(locale, owner.problem.over).to_owned(),
                td_string!(locale, owner.problem.over_next).to_owned(),
            ),
            Self::Unfinished => (
                td_string!(locale, owner.problem.failed).to_owned(),
                td_string!(locale, owner.problem.over_next).to_owned(),
            ),
            Self::CodeOver => (
                td_string!(locale, owner.problem.code_over).to_owned(),
                td_string!(locale, owner.problem.over_next).to_owned(),
            ),
            Self::NotProven => (
                td_string!(locale, owner.problem.not_proven, provider = provider),
                td_string!(locale, owner.problem.not_proven_next).to_owned(),
            ),
            Self::ProviderSilent => (
                td_string!(locale, owner.problem.provider_silent, provider = provider),
                td_string!(locale, owner.problem.later_next).to_owned(),
            ),
            Self::Application => (
                td_string!(locale, owner.problem.application, provider = provider),
                td_string!(locale, owner.problem.application_next).to_owned(),
            ),
            Self::NotPasted => (
                td_string!(locale, owner.problem.pasted).to_owned(),
                td_string!(locale, owner.problem.pasted_next).to_owned(),
            ),
            Self::PasswordRefused => (
                td_string!(locale, owner.problem.password_refused).to_owned(),
                td_string!(locale, owner.problem.password_refused_next).to_owned(),
            ),
            Self::AppPasswordNeeded => (
                td_string!(locale, owner.problem.app_password).to_owned(),
                td_string!(locale, owner.problem.password_refused_next).to_owned(),
            ),
            Self::PasswordMissing => (
                td_string!(locale, owner.problem.password_missing).to_owned(),
                none(),
            ),
            Self::ServerSilent => (
                td_string!(locale, owner.problem.server_silent).to_owned(),
                td_string!(locale, owner.problem.later_next).to_owned(),
            ),
            Self::ServerSettings => (
                td_string!(locale, owner.problem.server_settings).to_owned(),
                td_string!(locale, owner.problem.application_next).to_owned(),
            ),
            Self::Wait(seconds) => (td_string!(locale, owner.problem.wait, seconds = seconds), none()),
            Self::Changed => (
                td_string!(locale, owner.problem.changed).to_owned(),
                td_string!(locale, owner.problem.over_next).to_owned(),
            ),
            Self::Failed => (
                td_string!(locale, owner.problem.failed).to_owned(),
                td_string!(locale, owner.problem.later_next).to_owned(),
            ),
        }
    }
}
