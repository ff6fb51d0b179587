//! Signing in: SMTP AUTH (RFC 4954) by PLAIN, LOGIN or XOAUTH2.

use super::capabilities::Capabilities;
use super::credential::Credential;
use super::error::SmtpError;
use super::reply::Reply;
use super::wire::Wire;
use crate::net::{bounded, judge};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use std::time::Duration;
use tocsin_domain::failure::{Meaning, Stage};
use tocsin_domain::provider::ProviderKey;

/// The longest line that every server takes (RFC 5321 section 4.5.3.1.4: 512 with CRLF).
const LONGEST_COMMAND: usize = 510;

/// The conversation of one sign-in.
pub(super) struct SignIn<'a> {
    pub(super) wire: &'a mut Wire,
    pub(super) offered: &'a Capabilities,
    pub(super) provider: &'a ProviderKey,
    pub(super) limit: Duration,
}

impl SignIn<'_> {
    /// Signs in by what both sides know.
    pub(super) async fn with(mut self, credential: &Credential) -> Result<(), SmtpError> {
        match credential {
            Credential::Nothing => Ok(()),
            Credential::Password { user, password } => self.by_password(user, password.expose_secret()).await,
            Credential::Token { user, access_token } => {
                self.by_token(user, access_token.expose_secret()).await
            }
        }
        .map_err(|error| without_secrets(error, credential, self.provider))
    }

    async fn by_password(&mut self, user: &str, password: &str) -> Result<(), SmtpError> {
        if user.is_empty() || password.is_empty() || user.contains('\0') || password.contains('\0') {
            let words = "the user name or the password is empty or holds a NUL character";
            return Err(SmtpError::known(Stage::Auth, Meaning::CredentialMalformed, words));
        }
        if self.offered.signs_in_by("PLAIN") {
            self.plain(user, password).await
        } else if self.offered.signs_in_by("LOGIN") {
            self.login(user, password).await
        } else {
            Err(self.not_offered("a password (PLAIN or LOGIN)"))
        }
    }

    /// RFC 4616.
    async fn plain(&mut self, user: &str, password: &str) -> Result<(), SmtpError> {
        let answer = STANDARD.encode(format!("\0{user}\0{password}"));
        let at_once = format!("AUTH PLAIN {answer}");
        let reply = if at_once.len() <= LONGEST_COMMAND {
            self.say(&at_once).await?
        } else {
            self.say("AUTH PLAIN").await?
        };
        let reply = if reply.code == 334 {
            self.say(&answer).await?
        } else {
            reply
        };
        self.judge(&reply)
    }

    /// The mechanism's only description is draft-murchison-sasl-login-00.
    async fn login(&mut self, user: &str, password: &str) -> Result<(), SmtpError> {
        let mut reply = self.say("AUTH LOGIN").await?;
        for answer in [user, password] {
            if reply.code != 334 {
                break;
            }
            reply = self.say(&STANDARD.encode(answer)).await?;
        }
        self.judge(&reply)
    }

    /// <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>. The token goes on a line of its
    /// own: Microsoft's are longer than a command may be, and Postfix and Dovecot then answer `535` or `500`.
    async fn by_token(&mut self, user: &str, token: &str) -> Result<(), SmtpError> {
        if user.is_empty() || token.is_empty() || user.contains('\x01') || token.contains('\x01') {
            let words = "the user name or the access token is empty or holds a control character";
            return Err(SmtpError::known(Stage::Auth, Meaning::CredentialMalformed, words));
        }
        if !self.offered.signs_in_by("XOAUTH2") {
            return Err(self.not_offered("an access token (XOAUTH2)"));
        }
        let reply = self.say("AUTH XOAUTH2").await?;
        if reply.code != 334 {
            return self.judge(&reply);
        }
        let answer = STANDARD.encode(format!("user={user}\x01auth=Bearer {token}\x01\x01"));
        let reply = self.say(&answer).await?;
        if reply.code != 334 {
            return self.judge(&reply);
        }
        // The server says in JSON what it dislikes, and wants an empty line before it refuses by 535 or,
        // when it merely has too much to do, 454.
        let challenge = Challenge::read(&reply);
        match self.say("").await {
            Ok(reply) => self.judge(&reply),
            Err(error) => Err(challenge.or(error)),
        }
    }

    async fn say(&mut self, line: &str) -> Result<Reply, SmtpError> {
        self.wire
            .command(line, self.limit)
            .await
            .map_err(|broken| broken.at(Stage::Auth, self.provider))
    }

    fn judge(&self, reply: &Reply) -> Result<(), SmtpError> {
        match reply.code {
            235 => Ok(()),
            // Another challenge than the mechanism has, or a reply that belongs elsewhere.
            200..400 => {
                let words = format!(
                    "the server answered the sign-in by {} {}",
                    reply.code,
                    reply.words()
                );
                Err(SmtpError::known(Stage::Auth, Meaning::WrongServer, &words))
            }
            _ => Err(SmtpError::refused(Stage::Auth, reply, self.provider)),
        }
    }

    fn not_offered(&self, wanted: &str) -> SmtpError {
        let words = if self.offered.auth.is_empty() {
            format!(
                "the server offers no sign-in (AUTH) here, but the account signs in with {wanted}: use the \
                 port for submission with encryption, or remove the credential if this relay needs none"
            )
        } else {
            format!(
                "the server does not take {wanted}; it offers {}",
                self.offered.auth.join(", ")
            )
        };
        SmtpError::known(Stage::Auth, Meaning::MechanismNotOffered, &words)
    }
}

/// What a server says about a token before it refuses it: `{"status":"401","schemes":"bearer",…}`.
struct Challenge {
    json: String,
    refusal: bool,
}

impl Challenge {
    fn read(reply: &Reply) -> Self {
        let decoded = STANDARD.decode(reply.words()).unwrap_or_default();
        let json = String::from_utf8_lossy(&decoded).into_owned();
        let status = serde_json::from_str::<serde_json::Value>(&json)
            .ok()
            .and_then(|value| value.get("status").map(ToString::to_string))
            .unwrap_or_default();
        Self {
            json,
            refusal: status.trim_matches('"').starts_with('4'),
        }
    }

    /// The connection ended before the refusal proper was said: the challenge has said it.
    fn or(self, ended: SmtpError) -> SmtpError {
        if self.refusal && ended.code.is_none() {
            let words = format!("the server refused the access token: {}", self.json);
            SmtpError::known(Stage::Auth, Meaning::TokenRefused, &words)
        } else {
            ended
        }
    }
}

/// Some servers repeat what they were sent. Also, a refused token is no refused password, though servers use
/// the same words for both.
fn without_secrets(mut error: SmtpError, credential: &Credential, provider: &ProviderKey) -> SmtpError {
    let words = credential.hide(&error.words);
    if words != error.words {
        error.words = bounded(&words);
        if error.code.is_some() {
            error.verdict = judge(error.stage, error.code, &error.words, provider);
        }
    }
    let by_token = matches!(credential, Credential::Token { .. });
    if by_token && error.verdict.meaning == Meaning::PasswordRefused {
        error.verdict = Meaning::TokenRefused.into();
    }
    error
}
