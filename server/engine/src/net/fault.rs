//! Why there is no connection, in whose words, and what that means.

use tocsin_domain::failure::{Failure, Meaning, Stage, Verdict, classify};
use tocsin_domain::provider::ProviderKey;

/// The longest words that are kept, in characters. RFC 5321 section 4.5.3.1.5 allows a reply line of 512.
const LONGEST: usize = 1000;

/// Why there is no connection, or why a conversation ended. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub(crate) struct Fault {
    /// The step that failed.
    pub(crate) stage: Stage,
    /// What it means and what mends it.
    pub(crate) verdict: Verdict,
    /// The server's words, on one line; or those of the library that met the error.
    pub(crate) words: String,
}

impl Fault {
    /// Something was said or broke; its words tell what it means.
    pub(crate) fn said(stage: Stage, words: &str, provider: &ProviderKey) -> Self {
        let words = bounded(words);
        Self {
            stage,
            verdict: judge(stage, None, &words, provider),
            words,
        }
    }

    /// The same at another step.
    pub(crate) fn at(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }

    /// What happened is known without reading words.
    pub(crate) fn known(stage: Stage, meaning: Meaning, words: &str) -> Self {
        Self {
            stage,
            verdict: meaning.into(),
            words: bounded(words),
        }
    }
}

/// What words mean at a step.
pub(crate) fn judge(stage: Stage, code: Option<u16>, text: &str, provider: &ProviderKey) -> Verdict {
    classify(&Failure {
        provider: Some(provider.as_str()),
        stage,
        code,
        enhanced: None,
        text,
    })
}

/// One line of bounded length.
pub(crate) fn bounded(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}
