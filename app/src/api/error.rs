//! What a server function answers when it did not do what was asked.

use std::collections::BTreeMap;

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};
use tocsin_domain::failure::{Meaning, Stage};

/// What kind of no it is; the server answers with the status that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something that was typed, or a server's answer to it, must change.
    Input,
    /// Nobody is signed in.
    SignedOut,
    /// Who is signed in may not do this.
    Forbidden,
    /// What it is about does not exist any more.
    Gone,
    /// Tocsin itself failed.
    Failed,
}

/// What happened, why, and what to do next, in words for the reader.
///
/// Without a script the answer to a form travels in the URL of the page that it goes back to: nothing in it may
/// be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What kind of no it is.
    pub kind: Kind,
    /// The words.
    pub message: String,
    /// The form's field that it is about, so that it stands beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What was typed, without secrets, so that a form that is loaded again still holds it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub typed: BTreeMap<String, String>,
    /// What a server said, where that is why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Box<ServerReply>>,
    /// What the reader may have overlooked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What a server said, and what it means. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerReply {
    /// The step that failed.
    pub stage: Stage,
    /// What it means.
    pub meaning: Meaning,
    /// The server's words.
    pub words: String,
}

impl ApiError {
    /// Something must change that no single field stands for.
    pub fn input(message: impl ToString) -> Self {
        Self::new(Kind::Input, message)
    }

    /// A field must change.
    pub fn field(field: &str, message: impl ToString) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(Kind::Input, message)
        }
    }

    /// What it is about does not exist any more.
    pub fn gone(message: impl ToString) -> Self {
        Self::new(Kind::Gone, message)
    }

    /// Nobody is signed in.
    pub fn signed_out() -> Self {
        Self::new(
            Kind::SignedOut,
            "Your session has ended. Sign in again; nothing was changed.",
        )
    }

    /// With what was typed, except where something stands already.
    #[must_use]
    pub fn with_typed_over(mut self, typed: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        for (name, value) in typed {
            self.typed.entry(name.to_owned()).or_insert(value);
        }
        self
    }

    /// An error of some kind.
    pub fn new(kind: Kind, message: impl ToString) -> Self {
        Self {
            kind,
            message: sentence(&message.to_string()),
            field: None,
            typed: BTreeMap::new(),
            reply: None,
            hint: None,
        }
    }

    /// With what a server said.
    #[must_use]
    pub fn with_reply(self, reply: ServerReply) -> Self {
        Self {
            reply: Some(Box::new(reply)),
            ..self
        }
    }

    /// With what was typed into the form's fields. Leave every secret out.
    #[must_use]
    pub fn with_typed(mut self, typed: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        self.typed
            .extend(typed.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }
}

/// Errors of the inner crates begin in lower case, as errors do; on a page they are sentences.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut sentence: String = first.to_uppercase().chain(letters).collect();
    if sentence.ends_with(|last: char| last.is_alphanumeric() || last == ')' || last == '”') {
        sentence.push('.');
    }
    sentence
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::input("the form was not complete. Load the page again and fill it in once more")
            }
            ServerFnErrorErr::Request(_) => Self::new(
                Kind::Failed,
                "Tocsin does not answer. Check that it runs and that this device reaches it, then try again",
            ),
            other => Self::new(Kind::Failed, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_error_becomes_a_sentence() {
        assert_eq!(ApiError::input("it is empty").message, "It is empty.");
        assert_eq!(ApiError::input("Done!").message, "Done!");
        assert_eq!(ApiError::input("").message, "");
    }

    #[test]
    fn an_answer_survives_the_way_through_the_url() {
        let error = ApiError::field("port", "not a port").with_typed([("host", "a&b=ü".to_owned())]);
        assert_eq!(ApiError::de(error.ser()), error);
    }

    #[test]
    fn what_a_stranger_wrote_into_the_url_is_no_answer() {
        assert_eq!(ApiError::de("nonsense".into()).kind, Kind::Failed);
    }
}
