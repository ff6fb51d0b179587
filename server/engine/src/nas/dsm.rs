//! DSM: `SYNO.API.Auth` signs in; the desktop's own first question, `SYNO.Core.Desktop.Initdata`, says who somebody is
//! and whether they administer the NAS. The latter is not documented: its absence, like any error, means no.
//!
//! A session needs the token that was handed out with it, where DSM protects from forged requests. A session that a
//! browser brought comes without: its token is asked for, as DSM's own pages do.
//! Sources: Synology's "DSM Login Web API Guide"; packages that were seen to work on DSM 7.

use super::brought::Proof;
use super::error::{NasError, Silence};
use super::loopback::Question;
use super::service::{Nas, Person, Standing};
use reqwest::header::{COOKIE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;

const ENTRY: &str = "/webapi/entry.cgi";

/// The longest answer: the desktop's first data hold every package's texts.
const AT_MOST: usize = 8 * 1024 * 1024;

/// No permission, timed out, signed in elsewhere, no such session: the session is none any more.
const GONE: [i64; 4] = [105, 106, 107, 119];

#[derive(Deserialize)]
struct Answer<T> {
    success: bool,
    data: Option<T>,
    error: Option<Trouble>,
}

#[derive(Deserialize)]
struct Trouble {
    code: i64,
}

#[derive(Deserialize)]
struct Opened {
    sid: String,
    synotoken: Option<String>,
}

#[derive(Deserialize)]
struct Token {
    synotoken: String,
}

#[derive(Deserialize)]
struct Desktop {
    #[serde(rename = "Session")]
    session: DesktopSession,
}

#[derive(Deserialize)]
struct DesktopSession {
    user: String,
    #[serde(default)]
    is_admin: bool,
}

impl Nas {
    /// Who a session of DSM is; none if it is nobody's.
    pub(super) async fn dsm_look(
        &self,
        id: &SecretString,
        token: Option<&SecretString>,
    ) -> Result<Option<Person>, Silence> {
        let first = self.desktop(id, token).await?;
        if first.is_some() || token.is_some() {
            return Ok(first);
        }
        match self.token(id).await? {
            Some(token) => self.desktop(id, Some(&token)).await,
            None => Ok(None),
        }
    }

    /// Signs in to DSM.
    pub(super) async fn dsm_sign_in(
        &self,
        user: &str,
        password: &SecretString,
        code: &str,
    ) -> Result<(Person, Proof), NasError> {
        let mut form = vec![
            ("api", "SYNO.API.Auth"),
            ("version", "6"),
            ("method", "login"),
            ("account", user),
            ("passwd", password.expose_secret()),
            ("format", "sid"),
            ("enable_syno_token", "yes"),
        ];
        if !code.is_empty() {
            form.push(("otp_code", code));
        }
        let answer: Answer<Opened> = self.entry(&[], &form, HeaderMap::new()).await?;
        let Some(Opened { sid, synotoken }) = answer.data.filter(|_| answer.success) else {
            return Err(refusal(answer.error.map_or(0, |error| error.code)));
        };
        let (id, token) = (SecretString::from(sid), synotoken.map(SecretString::from));
        let person = self.dsm_look(&id, token.as_ref()).await?;
        let no = || Silence::Unexpected("a session that is nobody's".to_owned());
        Ok((person.ok_or_else(no)?, Proof::Dsm { id, token }))
    }

    /// Ends a session of DSM.
    pub(super) async fn dsm_sign_out(
        &self,
        id: &SecretString,
        token: Option<&SecretString>,
    ) -> Result<(), Silence> {
        let form = [("api", "SYNO.API.Auth"), ("version", "6"), ("method", "logout")];
        let Some(headers) = headers(id, token) else {
            return Ok(());
        };
        let _: Answer<serde::de::IgnoredAny> = self.entry(&[], &form, headers).await?;
        Ok(())
    }

    async fn desktop(
        &self,
        id: &SecretString,
        token: Option<&SecretString>,
    ) -> Result<Option<Person>, Silence> {
        let query = [
            ("api", "SYNO.Core.Desktop.Initdata"),
            ("version", "1"),
            ("method", "get"),
        ];
        let Some(headers) = headers(id, token) else {
            return Ok(None);
        };
        let answer: Answer<Desktop> = self.entry(&query, &[], headers).await?;
        match (answer.success, answer.data, answer.error) {
            (true, Some(Desktop { session }), _) => {
                let standing = if session.is_admin {
                    Standing::Administrator
                } else {
                    Standing::Other
                };
                Person::new(&session.user, standing).map(Some)
            }
            (false, _, Some(Trouble { code })) if GONE.contains(&code) => Ok(None),
            (_, _, error) => Err(Silence::Unexpected(format!(
                "error {}",
                error.map_or(0, |error| error.code)
            ))),
        }
    }

    /// The token of a session, if it has one.
    async fn token(&self, id: &SecretString) -> Result<Option<SecretString>, Silence> {
        let form = [
            ("api", "SYNO.API.Auth"),
            ("version", "6"),
            ("method", "token"),
            ("updateSynoToken", "true"),
        ];
        let Some(headers) = headers(id, None) else {
            return Ok(None);
        };
        let answer: Answer<Token> = self.entry(&[], &form, headers).await?;
        Ok(answer
            .data
            .filter(|_| answer.success)
            .map(|data| data.synotoken.into()))
    }

    async fn entry<T: DeserializeOwned>(
        &self,
        query: &[(&str, &str)],
        form: &[(&str, &str)],
        headers: HeaderMap,
    ) -> Result<Answer<T>, Silence> {
        let question = Question {
            path: ENTRY,
            query,
            form,
            headers,
            at_most: AT_MOST,
        };
        let text = self.ask(&question).await?;
        // The parser's words may quote the answer.
        serde_json::from_str(&text).map_err(|_| Silence::Unexpected("no answer of its web API".to_owned()))
    }
}

/// What goes along with a session; none where that could be no header.
fn headers(id: &SecretString, token: Option<&SecretString>) -> Option<HeaderMap> {
    let secret = |text: &str| {
        let mut value = HeaderValue::from_str(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    };
    // Nothing that would be a second cookie.
    let id = Some(id.expose_secret()).filter(|id| !id.contains([';', ',']))?;
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, secret(&format!("id={id}"))?);
    if let Some(token) = token {
        headers.insert("x-syno-token", secret(token.expose_secret())?);
    }
    Some(headers)
}

/// The codes of `SYNO.API.Auth`, as the guide lists them.
fn refusal(code: i64) -> NasError {
    match code {
        400 => NasError::Refused,
        401 | 402 | 407 => NasError::Barred,
        403 | 406 => NasError::CodeNeeded,
        404 => NasError::CodeWrong,
        408..=410 => NasError::PasswordExpired,
        code => Silence::Unexpected(format!("error {code}")).into(),
    }
}
