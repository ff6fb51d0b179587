//! What a mail server's or token endpoint's words mean: the failure classifier.
//!
//! [`classify`] turns a [`Failure`] (where it happened and what was said) into a [`Verdict`]: a class that
//! decides what the engine does, a meaning that tells the owner what happened, and the next step.
//! The rules are in `rules/`, one file for each part of the conversation. [`explain`] and [`ExplainLine`]
//! are what `tocsin explain` prints and reads.
//!
//! Not here: making attempts, retry schedules and the states of an account; they act on the verdict.

mod class;
mod enhanced;
mod explain;
mod guess;
mod meaning;
mod next_step;
mod reply;
mod rules;
mod stage;
mod verdict;

pub use class::{FailureClass, UnknownFailureClass};
pub use enhanced::{EnhancedCode, NotAnEnhancedCode};
pub use explain::{ExplainLine, Explanation, explain};
pub use meaning::Meaning;
pub use next_step::NextStep;
pub use reply::parse_reply;
pub use stage::{Stage, UnknownStage};
pub use verdict::Verdict;

/// A refusal or breakdown as it was met: at which step, and in whose words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure<'a> {
    /// Key of the provider's preset (`gmail`, `outlook`, `yahoo`, …), if the account has one.
    pub provider: Option<&'a str>,
    /// The step that failed.
    pub stage: Stage,
    /// SMTP reply code, or the HTTP status at [`Stage::Token`]. `None`: read out of `text`.
    pub code: Option<u16>,
    /// RFC 3463 status. `None`: read out of `text`.
    pub enhanced: Option<EnhancedCode>,
    /// The server's words, or the words of the library that met the error.
    pub text: &'a str,
}

/// Says what a failure means.
pub fn classify(failure: &Failure<'_>) -> Verdict {
    rules::judge(&reply::Reply::of(failure)).into()
}
