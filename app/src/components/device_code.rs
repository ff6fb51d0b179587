//! A sign-in by device code while it is waited for: what to open, what to type, and how it stands.

use leptos::prelude::*;

use super::{
    copy_button::CopyButton,
    mark::Shape,
    note::Note,
    time::{Moment, Precision},
};
use crate::{
    api::sign_ins::DevicePage,
    i18n::{t, tu_string, use_i18n},
};

/// The steps and the state.
#[component]
pub fn DeviceCode(
    /// The sign-in.
    page: DevicePage,
) -> impl IntoView {
    let i18n = use_i18n();
    let DevicePage {
        provider,
        user_code,
        verification_uri,
        expires_at,
        trouble,
        ..
    } = page;
    let state = match trouble {
        None => view! {
            <Note shape=Shape::Unverified title=tu_string!(i18n, sign_ins.device.waiting)>
                <p class="sub">
                    {tu_string!(i18n, sign_ins.device.waiting_text, provider = provider)} " "
                    <Moment at=expires_at precision=Precision::Minute /> "."
                </p>
            </Note>
        }
        .into_any(),
        Some(words) => view! {
            <Note
                shape=Shape::Expiring
                title=tu_string!(i18n, sign_ins.device.trouble, provider = provider)
            >
                <p class="sub">{tu_string!(i18n, sign_ins.device.trouble_text, words = words)}</p>
            </Note>
        }
        .into_any(),
    };
    view! {
        <ol class="steps">
            <li>
                <span>
                    {t!(i18n, sign_ins.device.open)} " "
                    <a href=verification_uri.clone() target="_blank" rel="noreferrer">
                        {verification_uri.clone()}
                    </a>
                </span>
            </li>
            <li>
                <div class="stack">
                    <span>{t!(i18n, sign_ins.device.type_it)}</span>
                    <div class="row">
                        <code class="device-code">{user_code.clone()}</code>
                        <CopyButton text=Signal::stored(user_code)>
                            {t!(i18n, sign_ins.device.copy)}
                        </CopyButton>
                    </div>
                </div>
            </li>
            <li>
                <span>{t!(i18n, sign_ins.device.allow)}</span>
            </li>
        </ol>
        <div role="status">{state}</div>
    }
    .into_any()
}
