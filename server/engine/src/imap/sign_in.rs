//! Signing in: LOGIN (RFC 9051 section 6.2.3), AUTHENTICATE PLAIN (RFC 4616), AUTHENTICATE XOAUTH2.

use super::response::{Condition, Response};
use super::session::Session;
use crate::net::{Fault, bounded};
use crate::smtp::Credential;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret as _;
use tocsin_domain::failure::{Meaning, Stage};
use tokio::time::timeout;

/// The longest word that goes into a LOGIN line; longer ones go by PLAIN, on a line of their own.
const LONGEST_WORD: usize = 200;

/// The conversation of one sign-in.
pub(super) struct SignIn<'a>(pub(super) &'a mut Session);

impl SignIn<'_> {
    pub(super) async fn with(mut self, credential: &Credential) -> Result<(), Fault> {
        let signed_in = match credential {
            Credential::Nothing => {
                let words = "a mailbox is opened only after a sign-in, and the account has no password: enter a \
                             user name and a password in its sending settings, or switch receiving off";
                Err(Fault::known(Stage::Imap, Meaning::AuthenticationMissing, words))
            }
            Credential::Password { user, password } => self.by_password(user, password.expose_secret()).await,
            Credential::Token { user, access_token } => {
                self.by_token(user, access_token.expose_secret()).await
            }
        };
        signed_in.map_err(|fault| without_secrets(fault, credential))
    }

    async fn by_password(&mut self, user: &str, password: &str) -> Result<(), Fault> {
        if user.is_empty() || password.is_empty() || user.contains('\0') || password.contains('\0') {
            let words = "the user name or the password is empty or holds a NUL character";
            return Err(Fault::known(Stage::Imap, Meaning::CredentialMalformed, words));
        }
        let fits =
            |word: &str| word.len() <= LONGEST_WORD && word.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if fits(user) && fits(password) && !self.0.offers("LOGINDISABLED") {
            let command = format!("LOGIN {} {}", quoted(user), quoted(password));
            return self.0.command(Stage::Imap, &command, |_| {}).await;
        }
        if !self.0.offers("AUTH=PLAIN") {
            return Err(self.not_offered("a password"));
        }
        let answer = STANDARD.encode(format!("\0{user}\0{password}"));
        self.authenticate("PLAIN", &answer).await
    }

    /// <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>. The token goes on a line of its own:
    /// Microsoft's are 1.5 to 3 KB, longer than some servers let a command be.
    async fn by_token(&mut self, user: &str, token: &str) -> Result<(), Fault> {
        if user.is_empty() || token.is_empty() || user.contains('\x01') || token.contains('\x01') {
            let words = "the user name or the access token is empty or holds a control character";
            return Err(Fault::known(Stage::Imap, Meaning::CredentialMalformed, words));
        }
        if !self.0.offers("AUTH=XOAUTH2") {
            return Err(self.not_offered("an access token (XOAUTH2)"));
        }
        let answer = STANDARD.encode(format!("user={user}\x01auth=Bearer {token}\x01\x01"));
        self.authenticate("XOAUTH2", &answer).await
    }

    async fn authenticate(&mut self, mechanism: &str, answer: &str) -> Result<(), Fault> {
        let tag = self.0.next_tag();
        self.0
            .write(Stage::Imap, &format!("{tag} AUTHENTICATE {mechanism}"))
            .await?;
        if self.asked(&tag).await?.is_none() {
            return Err(odd());
        }
        self.0.write(Stage::Imap, answer).await?;
        let Some(challenge) = self.asked(&tag).await? else {
            return Ok(());
        };
        // The server says in JSON what it dislikes, and wants an empty line before it refuses.
        self.0.write(Stage::Imap, "").await?;
        match self.asked(&tag).await {
            Ok(_) => Err(odd()),
            Err(fault) => Err(self.with_challenge(&fault, &challenge)),
        }
    }

    /// Waits for `+`, whose text is returned, or for the command's end: `None` when the sign-in is accepted.
    async fn asked(&mut self, tag: &str) -> Result<Option<String>, Fault> {
        let limit = self.0.limits.command;
        let reading = async {
            loop {
                match self.0.next(Stage::Imap).await? {
                    Response::Continue(text) => return Ok(Some(text)),
                    Response::Done(found, Condition::Ok, _) if found == tag => return Ok(None),
                    Response::Done(found, condition, text) if found == tag => {
                        return Err(self.0.refused(Stage::Imap, condition, &text));
                    }
                    _ => {}
                }
            }
        };
        timeout(limit, reading).await.unwrap_or_else(|_| {
            let words = format!("timed out: the sign-in was not answered within {limit:?}");
            Err(Fault::known(Stage::Imap, Meaning::TimedOut, &words))
        })
    }

    /// What the server said before its refusal is the better explanation of it: Google's status tells a token that
    /// is dead from a service that is busy.
    fn with_challenge(&self, fault: &Fault, challenge: &str) -> Fault {
        let judged = Fault::said(
            Stage::Imap,
            &format!("{} {challenge}", fault.words),
            &self.0.provider,
        );
        let json = STANDARD.decode(challenge).unwrap_or_default();
        Fault {
            words: bounded(&format!("{} {}", fault.words, String::from_utf8_lossy(&json))),
            ..judged
        }
    }

    fn not_offered(&self, wanted: &str) -> Fault {
        let offered: Vec<_> = self
            .0
            .offered
            .iter()
            .filter_map(|word| word.strip_prefix("AUTH="))
            .collect();
        let words = format!(
            "the server does not take {wanted} here; it offers {}",
            if offered.is_empty() {
                "no sign-in without encryption".to_owned()
            } else {
                offered.join(", ")
            }
        );
        let meaning = if self.0.offers("LOGINDISABLED") && offered.is_empty() {
            Meaning::EncryptionRequired
        } else {
            Meaning::MechanismNotOffered
        };
        Fault::known(Stage::Imap, meaning, &words)
    }
}

/// RFC 9051 section 4.3.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Some servers repeat what they were sent. Also, a refused token is no refused password, though servers use the
/// same words for both.
fn without_secrets(mut fault: Fault, credential: &Credential) -> Fault {
    fault.words = credential.hide(&fault.words);
    let by_token = matches!(credential, Credential::Token { .. });
    if by_token && fault.verdict.meaning == Meaning::PasswordRefused {
        fault.verdict = Meaning::TokenRefused.into();
    }
    fault
}

fn odd() -> Fault {
    let words = "the server answered the sign-in by something that belongs elsewhere";
    Fault::known(Stage::Imap, Meaning::WrongServer, words)
}
