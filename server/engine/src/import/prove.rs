//! The real sign-ins that a row's settings must pass.

use super::hosts::{Gone, Seen};
use super::plan::Proof;
use crate::accounts::AccountError;
use crate::engine::Engine;
use crate::sign_in::SignInError;
use secrecy::SecretString;
use tocsin_domain::account::{Account, AccountSettings, SignIn};
use tocsin_domain::failure::{FailureClass, Meaning, Stage};
use tocsin_domain::import::{Remark, ServerKind};

/// A server's no, and what it shows of the server.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) remark: Remark,
    pub(super) seen: Seen,
}

impl Engine {
    /// Signs in with a row's settings: with its own secret, else with what the account has already.
    pub(super) async fn prove_row(
        &self,
        before: Option<&Account>,
        settings: &AccountSettings,
        secret: Option<&SecretString>,
        receiving: Proof,
    ) -> Result<(), Refused> {
        self.prove_sending(before, settings, secret).await?;
        match (receiving, &settings.sign_in) {
            // A grant is proven by sending; the inbox finds out by itself whether it reads too.
            (Proof::NotNeeded, _) | (_, SignIn::Grant) => Ok(()),
            (Proof::Needed, _) => self.prove_mailbox(before, settings, secret).await,
        }
    }

    async fn prove_mailbox(
        &self,
        before: Option<&Account>,
        settings: &AccountSettings,
        secret: Option<&SecretString>,
    ) -> Result<(), Refused> {
        let stored = match (secret, before, &settings.sign_in) {
            (None, Some(before), SignIn::Password { .. }) => {
                let password = self.password(before).await;
                Some(password.map_err(|error| refused(ServerKind::Receiving, error))?)
            }
            _ => None,
        };
        self.prove_receiving(settings, secret.or(stored.as_ref()))
            .await
            .map_err(|error| failed(ServerKind::Receiving, error))
    }

    async fn prove_sending(
        &self,
        before: Option<&Account>,
        settings: &AccountSettings,
        secret: Option<&SecretString>,
    ) -> Result<(), Refused> {
        let proven = match before {
            Some(before) if secret.is_none() && settings.sign_in != SignIn::Nothing => {
                let candidate = Account {
                    settings: settings.clone(),
                    ..before.clone()
                };
                self.prove_changed(&candidate).await
            }
            _ => self.prove_settings(settings, secret).await,
        };
        proven.map_err(|error| failed(ServerKind::Sending, error))
    }
}

fn failed(server: ServerKind, error: AccountError) -> Refused {
    match error {
        AccountError::NotAccepted(error) => refused(server, error),
        error => Refused {
            remark: Remark::Fault {
                words: error.to_string(),
            },
            seen: Seen::Answer,
        },
    }
}

fn refused(server: ServerKind, error: SignInError) -> Refused {
    let SignInError {
        stage,
        verdict,
        words,
    } = error;
    let gone = Gone {
        meaning: verdict.meaning,
        words: words.clone(),
    };
    // 421: the server closes the connection, and may take the next one (RFC 5321 section 3.8).
    let asks_for_patience = verdict.class == FailureClass::Temporary || words.starts_with("421");
    let seen = match stage {
        // It is another server than the one whose turns are counted.
        _ if server == ServerKind::Receiving => Seen::Answer,
        Stage::Connect if is_silence(verdict.meaning) => Seen::Silence(gone),
        _ if asks_for_patience => Seen::SlowDown(gone),
        _ => Seen::Answer,
    };
    Refused {
        remark: Remark::Refused {
            server,
            stage,
            meaning: verdict.meaning,
            words,
        },
        seen,
    }
}

/// Whether nothing was heard of a server.
fn is_silence(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::TimedOut
            | Meaning::NothingListens
            | Meaning::NameNotFound
            | Meaning::NameLookupFailed
            | Meaning::NetworkUnreachable
            | Meaning::ConnectionRefused
    )
}
