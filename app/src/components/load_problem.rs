//! A page's content could not be fetched.

use leptos::prelude::*;

use super::{mark::Shape, note::Note};
use crate::{
    api::error::{ApiError, Kind},
    base::at,
    i18n::{t, use_i18n},
};

/// Says why; and offers to sign in where the session has ended.
#[component]
pub fn LoadProblem(
    /// What was answered instead.
    error: ApiError,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_signed_out = error.kind == Kind::SignedOut;
    view! {
        <Note shape=Shape::Failed title=error.message>
            {is_signed_out
                .then(|| {
                    view! {
                        <p>
                            <a href=at("/sign-in") rel="external">
                                {t!(i18n, sign_in.title)}
                            </a>
                        </p>
                    }
                })}
        </Note>
    }
    .into_any()
}

/// The same as all that a window holds.
#[component]
pub fn WindowProblem(
    /// What was answered instead.
    error: ApiError,
) -> impl IntoView {
    view! {
        <div class="body">
            <LoadProblem error />
        </div>
    }
    .into_any()
}
