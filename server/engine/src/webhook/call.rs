//! One try.

use super::settings::Target;
use super::sign::signature;
use crate::time::now;
use secrecy::ExposeSecret as _;
use std::time::Duration;
use tocsin_domain::webhook::Answer;

/// How long a webhook may take for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How much of an answer is read, in bytes.
const READ: usize = 16 * 1024;

/// How much of it is kept, in characters.
const KEPT: usize = 300;

/// What a try brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tried {
    /// What came of it.
    pub(super) answer: Answer,
    /// In which words; without secrets.
    pub(super) words: String,
}

/// Makes a call. The client follows no redirects.
pub(super) async fn call(
    client: &reqwest::Client,
    target: &Target,
    id: i64,
    kind: &str,
    body: &str,
) -> Tried {
    let request = client
        .post(target.url.clone())
        .timeout(TIMEOUT)
        .header(http::header::CONTENT_TYPE, "application/json")
        .header("Tocsin-Event", kind)
        .header("Tocsin-Delivery", id.to_string())
        .header("Tocsin-Signature", signature(&target.secret, now(), body))
        .body(body.to_owned());
    let mut response = match request.send().await {
        Ok(response) => response,
        Err(error) => return unanswered(target, error),
    };
    let status = response.status().as_u16();
    let mut text = Vec::new();
    // An answer that breaks off has still said its status.
    while let Ok(Some(chunk)) = response.chunk().await {
        text.extend_from_slice(&chunk);
        if text.len() > READ {
            break;
        }
    }
    text.truncate(READ);
    Tried {
        answer: Answer::of_status(status),
        words: clean(&String::from_utf8_lossy(&text), target),
    }
}

fn unanswered(target: &Target, error: reqwest::Error) -> Tried {
    // The address may be a secret: it stands in no text.
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    let mut chain = String::new();
    while let Some(source) = innermost.source() {
        innermost = source;
        chain.push_str(&source.to_string());
    }
    let answer = if error.is_timeout() {
        Answer::TimedOut
    } else if chain.contains("dns error") {
        Answer::NameUnknown
    } else if chain.contains("certificate") {
        Answer::NotTrusted
    } else if error.is_connect() {
        Answer::NotConnected
    } else {
        Answer::BrokeOff
    };
    Tried {
        answer,
        words: clean(&innermost.to_string(), target),
    }
}

/// One line without control characters, bounded, with what is secret hidden.
fn clean(words: &str, target: &Target) -> String {
    let hidden = words
        .replace(target.secret.expose_secret(), "[hidden]")
        .replace(target.url.as_str(), "[the address]");
    let line: String = hidden
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    line.trim().chars().take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_answer_is_one_short_line_without_secrets() {
        let target = Target {
            url: "https://hooks.example.com/T0/secret".parse().unwrap(),
            secret: "s3cret".into(),
        };
        let words = clean(
            "no\r\nnot s3cret at https://hooks.example.com/T0/secret\u{1b}[31m",
            &target,
        );
        assert_eq!(words, "no  not [hidden] at [the address] [31m");
        assert_eq!(clean(&"x".repeat(1000), &target).len(), KEPT);
    }
}
