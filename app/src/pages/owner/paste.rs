//! The provider's answer, brought back by hand: the browser ends at an address that need not answer.

use leptos::prelude::*;
use tocsin_domain::sign_in_way::Way;

use super::{
    grant,
    texts::{Locale, td_string},
};
use crate::components::{
    button::{Button, Kind, Press},
    field::{Field, Input},
};

/// A sign-in whose end is pasted.
#[derive(Clone, Debug)]
pub struct PasteStep {
    /// The sign-in, for the form.
    pub id: String,
    /// The provider's page.
    pub sign_in_url: String,
    /// With what the address begins at which it ends.
    pub begins: String,
}

/// The steps.
pub(super) fn view(
    locale: Locale,
    step: PasteStep,
    path: String,
    address: String,
    provider: String,
) -> AnyView {
    let open = td_string!(locale, owner.paste.open, provider = provider);
    let copy = td_string!(locale, owner.paste.copy, begins = step.begins);
    view! {
        <ol class="steps">
            <li>
                <span>
                    <a href=step.sign_in_url target="_blank" rel="noreferrer">
                        {open}
                    </a>
                </span>
            </li>
            <li>
                <span>{td_string!(locale, owner.paste.choose, address = address)}</span>
            </li>
            <li>
                <span>{td_string!(locale, owner.paste.end)}</span>
            </li>
            <li>
                <span class="anywhere">{copy}</span>
            </li>
        </ol>
        <form class="wide" method="post" action=path.clone()>
            <div class="stack">
                <input type="hidden" name="paste" value=step.id />
                <Field
                    label=td_string!(locale, owner.paste.field)
                    name="pasted"
                    input=Input::Code
                    required=true
                />
                <Button kind=Kind::Main press=Press::Submit>
                    {td_string!(locale, owner.paste.button)}
                </Button>
            </div>
        </form>
        {grant::form(&path, Way::Paste, Kind::Default, td_string!(locale, owner.device.again).to_owned())}
    }
    .into_any()
}
