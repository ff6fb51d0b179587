//! The classifier's answer.

use std::time::Duration;

use serde::Serialize;

use super::{FailureClass, Meaning, NextStep};

/// What a failure means and what follows from it.
///
/// Each [`Meaning`] has one class and one next step, so a verdict is a meaning and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What is to be done, and by whom.
    pub class: FailureClass,
    /// What happened.
    pub meaning: Meaning,
    /// What mends it.
    pub next_step: NextStep,
    /// How long the server's words say that it will last, if they say so. A hint for the schedule.
    pub retry_after: Option<Duration>,
}

impl Verdict {
    /// The fault lies with the OAuth *application* (client id, secret, redirect address), not with the
    /// mailbox: one incident for all accounts of that application, and consenting again does not help.
    pub fn concerns_application(&self) -> bool {
        matches!(
            self.meaning,
            Meaning::OAuthApplicationRefused
                | Meaning::OAuthSecretRefused
                | Meaning::OAuthSecretExpired
                | Meaning::OAuthRequestRefused
        )
    }

    /// One such reply is enough to stop trying: it says that the grant is gone or that a person must act.
    /// A bare 535 is no proof, since servers also answer so when their own user database is out of reach;
    /// it needs a confirming try with a fresh token.
    pub fn is_proof(&self) -> bool {
        matches!(
            self.meaning,
            Meaning::GrantRevoked
                | Meaning::ConsentRequired
                | Meaning::SignInRequired
                | Meaning::AppPasswordRequired
                | Meaning::TooManyBadPasswords
                | Meaning::PasswordExpired
        )
    }
}

impl From<Meaning> for Verdict {
    fn from(meaning: Meaning) -> Self {
        Self {
            class: meaning.class(),
            meaning,
            next_step: meaning.next_step(),
            retry_after: meaning.retry_after(),
        }
    }
}
