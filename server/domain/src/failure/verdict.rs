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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, Stage, classify};

    fn verdict(stage: Stage, text: &str) -> Verdict {
        classify(&Failure {
            provider: None,
            stage,
            code: None,
            enhanced: None,
            text,
        })
    }

    #[test]
    fn a_bare_535_is_no_proof() {
        assert!(!verdict(Stage::Auth, "535 Authentication failed").is_proof());
        assert!(!verdict(Stage::Imap, "a1 NO [AUTHENTICATIONFAILED] Authentication failed").is_proof());
    }

    #[test]
    fn a_reply_that_names_the_cause_is_proof() {
        for (stage, text) in [
            (Stage::Token, r#"{"error":"invalid_grant"}"#),
            (
                Stage::Auth,
                "534-5.7.14 Please log in via your web browser and then try again.",
            ),
            (Stage::Auth, "534-5.7.9 Application-specific password required."),
            (Stage::Auth, "535 5.7.0 (#AUTH005) Too many bad auth attempts."),
        ] {
            assert!(verdict(stage, text).is_proof(), "{text}");
        }
    }

    #[test]
    fn proof_and_the_applications_matters_do_not_meet() {
        for meaning in Meaning::ALL {
            let verdict = Verdict::from(*meaning);
            if verdict.is_proof() {
                assert_eq!(verdict.class, FailureClass::Reauthorize, "{meaning:?}");
            }
            if verdict.concerns_application() {
                assert_eq!(verdict.class, FailureClass::Configuration, "{meaning:?}");
            }
        }
    }

    #[test]
    fn a_refused_client_concerns_the_application() {
        assert!(verdict(Stage::Token, r#"{"error":"invalid_client"}"#).concerns_application());
        assert!(!verdict(Stage::Token, r#"{"error":"invalid_grant"}"#).concerns_application());
    }

    #[test]
    fn a_daily_limit_says_when_to_come_back() {
        let verdict = verdict(Stage::Data, "550 5.4.5 Daily user sending limit exceeded.");

        assert_eq!(verdict.retry_after, Some(Duration::from_hours(24)));
    }
}
