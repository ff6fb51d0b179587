//! A code to type on the provider's page. Tocsin asks the provider by itself; this page only looks how far it is.

use jiff::Timestamp;
use leptos::prelude::*;
use tocsin_domain::sign_in_way::Way;

use super::{
    grant,
    moment::clock,
    texts::{Locale, td_string},
};
use crate::components::button::{Kind, LinkButton};

/// After how many seconds the page looks again: about as often as the provider is asked.
pub(super) const LOOK_EVERY: u8 = 5;

/// The code, and where to type it.
#[derive(Clone, Debug)]
pub struct DeviceStep {
    /// The sign-in, for the page's own address.
    pub id: String,
    /// The code.
    pub user_code: String,
    /// The provider's page; safe to link to.
    pub verification_uri: String,
    /// When the code ends.
    pub expires_at: Timestamp,
}

/// The steps.
pub(super) fn view(locale: Locale, step: DeviceStep, path: String, address: String) -> AnyView {
    let here = format!("{path}?device={}", step.id);
    let uri = step.verification_uri;
    let until = td_string!(locale, owner.device.until, clock = clock(step.expires_at));
    view! {
        <ol class="steps">
            <li>
                <div>
                    <p>{td_string!(locale, owner.device.open)}</p>
                    <p>
                        <a href=uri.clone() target="_blank" rel="noreferrer">
                            {uri.clone()}
                        </a>
                    </p>
                </div>
            </li>
            <li>
                <div>
                    <p>{td_string!(locale, owner.device.type_it)}</p>
                    <p class="user-code">
                        <code>{step.user_code}</code>
                    </p>
                    <p class="sub">{until}</p>
                </div>
            </li>
            <li>
                <span>{td_string!(locale, owner.device.choose, address = address)}</span>
            </li>
        </ol>
        <div class="stack wide" role="status">
            <p class="sub">{td_string!(locale, owner.device.waiting)}</p>
            <LinkButton kind=Kind::Main href=here>
                {td_string!(locale, owner.device.look)}
            </LinkButton>
            {grant::form(
                &path,
                Way::DeviceCode,
                Kind::Default,
                td_string!(locale, owner.device.again).to_owned(),
            )}
        </div>
    }
    .into_any()
}
