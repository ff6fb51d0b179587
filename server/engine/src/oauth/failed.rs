//! What a token endpoint's answer, or its silence, means. An outage is not an expiry: only an answer with an
//! OAuth `error` in it can say that a grant is dead.

use super::http::{Answer, Unanswered};
use std::fmt;
use std::time::Duration;
use tocsin_domain::failure::{Failure, FailureClass, Meaning, Stage, Verdict, classify};

/// How much of the provider's words is kept, in characters.
const WORDS: usize = 400;

/// A failure, with what it means and the provider's words. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What it means.
    pub verdict: Verdict,
    /// The provider's words, or what was seen instead of words.
    pub words: String,
}

/// Whose fault a failure is.
pub(super) enum Fault {
    /// The grant's: its owner must sign in again.
    Grant,
    /// The OAuth application's: nobody's consent helps.
    Application,
    /// The provider's, or the way's to it.
    Passing,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({})",
            self.verdict.meaning,
            self.words.trim_end_matches('.')
        )
    }
}

impl Failed {
    pub(super) fn new(meaning: Meaning, words: impl Into<String>) -> Self {
        Self {
            verdict: meaning.into(),
            words: words.into(),
        }
    }

    /// There was no answer.
    pub(super) fn of_silence(unanswered: &Unanswered) -> Self {
        let meaning = match unanswered {
            Unanswered::TimedOut => Meaning::TimedOut,
            Unanswered::NameUnknown => Meaning::NameLookupFailed,
            Unanswered::NotConnected(_) => Meaning::ConnectionRefused,
            Unanswered::Broken(_) => Meaning::ConnectionLost,
            Unanswered::TooLong => Meaning::TokenEndpointDown,
        };
        Self::new(meaning, unanswered.to_string())
    }

    /// There was an answer that holds no token. `secrets` are what the request held: an endpoint may repeat
    /// them in its words.
    pub(super) fn of_answer(provider: &str, answer: &Answer, secrets: &[&str]) -> Self {
        let json = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
        let error = json.as_ref().and_then(|json| json.get("error"));
        let (verdict, words) = match error {
            Some(error) => {
                let text = String::from_utf8_lossy(&answer.body);
                let verdict = classify(&Failure {
                    provider: Some(provider),
                    stage: Stage::Token,
                    code: Some(answer.status),
                    enhanced: None,
                    text: &text,
                });
                let describe = |field: &str| json.as_ref().and_then(|json| json.get(field)?.as_str());
                (verdict, join(&text_of(error), describe("error_description")))
            }
            None => (wordless(answer.status), describe(answer, json.is_some())),
        };
        Self {
            verdict: Verdict {
                retry_after: answer
                    .retry_after
                    .map(Duration::from_secs)
                    .or(verdict.retry_after),
                ..verdict
            },
            words: clean(&words, secrets),
        }
    }

    /// The browser was sent back with an error (RFC 6749 section 4.1.2.1).
    pub(super) fn of_redirect(provider: &str, error: &str, description: &str) -> Self {
        let words = clean(&join(error, Some(description)), &[]);
        let text = serde_json::json!({ "error": error, "error_description": description }).to_string();
        let verdict = classify(&Failure {
            provider: Some(provider),
            stage: Stage::Token,
            code: Some(400),
            enhanced: None,
            text: &text,
        });
        Self { verdict, words }
    }

    /// Whose fault it is.
    pub(super) fn fault(&self) -> Fault {
        match self.verdict.class {
            FailureClass::Reauthorize => Fault::Grant,
            FailureClass::Configuration => Fault::Application,
            _ => Fault::Passing,
        }
    }
}

/// Without an `error` it was not the token endpoint that spoke, but something on the way to it.
fn wordless(status: u16) -> Verdict {
    match status {
        429 => Meaning::TokenEndpointBusy.into(),
        _ => Meaning::TokenEndpointDown.into(),
    }
}

/// What was seen in the place of an `error`.
fn describe(answer: &Answer, is_json: bool) -> String {
    let what = match answer.body.trim_ascii_start() {
        [] => "nothing in it",
        _ if is_json => "no access token in it",
        [b'<', ..] => "a web page instead of JSON",
        _ => "something other than JSON",
    };
    format!("the answer had HTTP status {} and {what}", answer.status)
}

/// Google nests an object in `error` at some of its endpoints.
fn text_of(error: &serde_json::Value) -> String {
    let nested = error.get("status").or_else(|| error.get("message"));
    match nested.unwrap_or(error) {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn join(error: &str, description: Option<&str>) -> String {
    // Microsoft writes trace ids and times on further lines.
    let first = description
        .and_then(|text| text.lines().next())
        .unwrap_or_default();
    match first {
        "" => error.to_owned(),
        first => format!("{error}: {first}"),
    }
}

/// One line without control characters, bounded, with each secret hidden.
fn clean(words: &str, secrets: &[&str]) -> String {
    let hidden = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(words.to_owned(), |words, secret| {
            words.replace(secret, "[hidden]")
        });
    hidden
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WORDS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(status: u16, body: &str) -> Failed {
        let answer = Answer {
            status,
            retry_after: None,
            body: body.into(),
        };
        Failed::of_answer("gmail", &answer, &["s3cret"])
    }

    #[test]
    fn only_an_oauth_error_says_that_a_grant_is_dead() {
        let dead = failed(400, r#"{"error":"invalid_grant"}"#);
        assert_eq!(dead.verdict.class, FailureClass::Reauthorize);
        for (status, body) in [
            (400, "invalid_grant"),
            (401, "<html>invalid_grant</html>"),
            (
                200,
                "<!doctype html><title>Sign in to the hotel's network</title>",
            ),
            (403, ""),
            (200, "{}"),
            (503, r#"{"error":"invalid_grant"}"#),
        ] {
            let class = failed(status, body).verdict.class;
            assert_eq!(class, FailureClass::Temporary, "{status} {body}");
        }
    }

    #[test]
    fn the_words_are_one_line_without_what_was_asked_with() {
        let body = r#"{"error":"invalid_client","error_description":"AADSTS7000215: bad secret s3cret\r\nTrace ID: 1"}"#;
        assert_eq!(
            failed(401, body).words,
            "invalid_client: AADSTS7000215: bad secret [hidden]"
        );
    }

    #[test]
    fn a_web_page_and_an_empty_answer_are_said_as_such() {
        assert!(failed(502, " <html>").words.contains("502 and a web page"));
        assert!(failed(500, "").words.contains("nothing"));
    }

    #[test]
    fn the_time_that_the_endpoint_asks_for_is_kept() {
        let answer = Answer {
            status: 429,
            retry_after: Some(7),
            body: Vec::new(),
        };
        let verdict = Failed::of_answer("gmail", &answer, &[]).verdict;
        assert_eq!(verdict.retry_after, Some(Duration::from_secs(7)));
    }
}
