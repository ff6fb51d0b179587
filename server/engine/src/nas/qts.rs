//! QTS and QuTS hero: `authLogin.cgi`.
//!
//! A sign-in is a POST, so that the password stands in no log; the password in it is the standard base64 of its UTF-8
//! (what QTS's own pages send). `force_to_check_2sv`: without it QTS asks no second step of whoever comes from
//! 127.0.0.1, and Tocsin would weaken it. Whether a session is one is asked by GET, the way known to work on 5.2.
//! Sources: QNAP's "HTTP API for QTS Authentication"; Tailscale's and other packages' use of it.

use super::brought::Proof;
use super::error::{NasError, Silence};
use super::loopback::Question;
use super::service::{Nas, Person, Standing};
use super::xml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::HashMap;

const LOGIN: &str = "/cgi-bin/authLogin.cgi";
const LOGOUT: &str = "/cgi-bin/authLogout.cgi";

/// The longest answer: they are about 2 kB.
const AT_MOST: usize = 64 * 1024;

/// An answer.
struct Answer(HashMap<String, String>);

impl Answer {
    fn read(text: &str) -> Result<Self, Silence> {
        let texts = xml::texts(text).filter(|texts| texts.contains_key("authPassed"));
        let no = || Silence::Unexpected("no answer of authLogin.cgi".to_owned());
        texts.map(Self).ok_or_else(no)
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.0.get(name).is_some_and(|text| text == value)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// Whom QTS let in; none if it let nobody in.
    fn person(&self) -> Result<Option<Person>, Silence> {
        if !self.is("authPassed", "1") {
            return Ok(None);
        }
        let standing = if self.is("isAdmin", "1") {
            Standing::Administrator
        } else {
            Standing::Other
        };
        let user = self.text("username").or_else(|| self.text("user"));
        Person::new(user.unwrap_or_default(), standing).map(Some)
    }
}

impl Nas {
    /// Who a session or a token of QTS is; none if it is nobody's.
    pub(super) async fn qts_look(&self, query: &[(&str, &str)]) -> Result<Option<Person>, Silence> {
        let question = question(LOGIN, query, &[]);
        Answer::read(&self.ask(&question).await?)?.person()
    }

    /// Signs in to QTS.
    pub(super) async fn qts_sign_in(
        &self,
        user: &str,
        password: &SecretString,
        code: &str,
    ) -> Result<(Person, Proof), NasError> {
        let password = SecretString::from(STANDARD.encode(password.expose_secret()));
        let mut form = vec![
            ("user", user),
            ("pwd", password.expose_secret()),
            ("force_to_check_2sv", "1"),
            ("serviceKey", "1"),
            ("service", "1"),
        ];
        if !code.is_empty() {
            form.extend([("security_code", code), ("dont_verify_2sv_again", "0")]);
        }
        let answer = Answer::read(&self.ask(&question(LOGIN, &[], &form)).await?)?;
        if let Some(person) = answer.person()? {
            let sid = answer.text("authSid");
            let no = || Silence::Unexpected("no session's id".to_owned());
            return Ok((person, Proof::QtsSid(sid.ok_or_else(no)?.into())));
        }
        Err(if answer.is("need_2sv", "1") {
            if code.is_empty() {
                NasError::CodeNeeded
            } else {
                NasError::CodeWrong
            }
        } else if answer.is("errorValue", "-3") || answer.is("errorValue", "-4") {
            NasError::PasswordExpired
        } else if answer.is("errorValue", "-2") {
            NasError::NotAdministrator {
                user: user.to_owned(),
            }
        } else {
            NasError::Refused
        })
    }

    /// Ends a session of QTS.
    pub(super) async fn qts_sign_out(&self, sid: &str) -> Result<(), Silence> {
        let query = [("sid", sid)];
        self.ask(&question(LOGOUT, &query, &[])).await.map(drop)
    }
}

fn question<'a>(
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    form: &'a [(&'a str, &'a str)],
) -> Question<'a> {
    Question {
        path,
        query,
        form,
        headers: HeaderMap::new(),
        at_most: AT_MOST,
    }
}
