//! What a form's server function answered, for its fields and its head.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    mark::Shape,
    note::Note,
    reply::{About, Above, Reply},
};
use crate::{
    api::error::{ApiError, ServerReply},
    i18n::use_i18n,
    words,
};

/// The last answer of a form, if it was a no. It is there from the start where the form was sent without a
/// script: the URL holds it.
#[derive(Clone, Copy, Debug)]
pub struct Problem(Signal<Option<ApiError>>);

impl Problem {
    /// Of a form's action.
    pub fn of<S>(action: ServerAction<S>) -> Self
    where
        S: ServerFn<Error = ApiError> + Clone + Send + Sync + 'static,
        S::Output: Clone + Send + Sync + 'static,
    {
        let value = action.value();
        Self(Signal::derive(move || value.get().and_then(Result::err)))
    }

    /// The answer itself.
    pub fn get(self) -> Option<ApiError> {
        self.0.get()
    }

    /// What is wrong with a field.
    pub fn field(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.0.with(|problem| {
                let problem = problem.as_ref()?;
                (problem.field.as_deref() == Some(name)).then(|| problem.message.clone())
            })
        })
    }

    /// Whether there is one from the start.
    pub fn is_some_untracked(self) -> bool {
        self.0.with_untracked(Option::is_some)
    }

    /// What was typed into a field before the page was loaded again, else what it holds at first.
    pub fn typed(self, name: &str, first: impl Into<String>) -> String {
        self.0
            .with_untracked(|problem| problem.as_ref()?.typed.get(name).cloned())
            .unwrap_or_else(|| first.into())
    }
}

/// What is wrong, where no field of the form stands for it. It is read out when it appears.
#[component]
pub fn FormProblem(
    /// Of the form.
    problem: Problem,
    /// The fields of the form; what is about another one stands here.
    #[prop(optional)]
    fields: &'static [&'static str],
    /// What a server's reply in it would be about.
    #[prop(optional)]
    about: About,
) -> impl IntoView {
    let i18n = use_i18n();
    let about = StoredValue::new(about.tried_by_person());
    let reply = move || {
        problem
            .0
            .with(|problem| problem.as_ref()?.reply.as_deref().cloned())
    };
    let hint = move || problem.0.with(|problem| problem.as_ref()?.hint.clone());
    let words = move || {
        problem.0.with(|problem| {
            let problem = problem.as_ref()?;
            let stands_elsewhere = problem
                .field
                .as_deref()
                .is_some_and(|field| fields.contains(&field));
            (!stands_elsewhere).then(|| first_sentence(&problem.message))
        })
    };
    let plain = move || {
        words().map(|(first, rest)| {
            view! {
                <Note shape=Shape::Expired title=first>
                    {(!rest.is_empty()).then(|| view! { <p>{rest}</p> })}
                </Note>
            }
        })
    };
    let note = move || match reply() {
        Some(ServerReply {
            stage,
            meaning,
            words,
        }) => Some(
            view! {
                <Note shape=Shape::Expired title=words::failure::meaning(i18n, meaning)>
                    {hint().map(|hint| view! { <p>{hint}</p> })}
                    <Reply stage meaning words about=about.get_value() above=Above::Meaning />
                </Note>
            }
            .into_any(),
        ),
        None => plain().map(IntoAny::into_any),
    };
    view! { <div role="alert">{note}</div> }.into_any()
}

/// What happened, and the rest: why, and what to do.
fn first_sentence(message: &str) -> (String, String) {
    let end = message.find(". ").map_or(message.len(), |dot| dot + 1);
    let (first, rest) = message.split_at(end);
    (first.to_owned(), rest.trim_start().to_owned())
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn what_happened_stands_before_the_rest() {
        let (first, rest) = first_sentence("It failed: 535 5.7.8 no. Try again. Or not.");
        assert_eq!(
            (first.as_str(), rest.as_str()),
            ("It failed: 535 5.7.8 no.", "Try again. Or not.")
        );
        assert_eq!(first_sentence("It failed.").1, "");
    }
}
