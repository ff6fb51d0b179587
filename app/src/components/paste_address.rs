//! A sign-in whose end is pasted: where to sign in, what to expect, and the field.

use leptos::prelude::*;

use super::{
    button::Kind,
    continue_with::ContinueWith,
    field::TextArea,
    form::Problem,
    time::{Moment, Precision},
};
use crate::{
    api::sign_ins::PastePage,
    i18n::{t, tu_string, use_i18n},
};

/// The steps, with the field `pasted` in the last one; to stand in a form.
#[component]
pub fn PasteAddress(
    /// The sign-in.
    page: PastePage,
    /// Of the form.
    problem: Problem,
) -> impl IntoView {
    let i18n = use_i18n();
    let PastePage {
        family,
        sign_in_url,
        redirect_uri,
        expires_at,
        ..
    } = page;
    view! {
        <ol class="steps">
            <li>
                <div class="stack">
                    <span>{t!(i18n, sign_ins.paste.open)}</span>
                    <div class="row">
                        <a
                            class=Kind::Default.class()
                            href=sign_in_url
                            target="_blank"
                            rel="noreferrer"
                            aria-describedby="new-tab"
                        >
                            <ContinueWith family />
                        </a>
                        <span class="sub" id="new-tab">
                            {t!(i18n, sign_ins.paste.new_tab)}
                        </span>
                    </div>
                </div>
            </li>
            <li>
                <div class="stack">
                    <span>{t!(i18n, sign_ins.paste.ends)}</span>
                    <code>{redirect_uri}</code>
                </div>
            </li>
            <li>
                <span>{t!(i18n, sign_ins.paste.copy)}</span>
            </li>
        </ol>
        <TextArea
            label=tu_string!(i18n, sign_ins.paste.field)
            name="pasted"
            rows=3
            error=problem.field("pasted")
        />
        <p class="sub">
            {t!(i18n, sign_ins.paste.until)} " "
            <Moment at=expires_at precision=Precision::Minute /> "."
        </p>
    }
    .into_any()
}
