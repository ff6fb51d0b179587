//! What the shape of a secret says before the provider does: a pasted app password is recognised, and the
//! mailbox's usual password in its place noticed. A hint, never a refusal.

use leptos::prelude::*;
use tocsin_domain::provider::{Provider, SecretShape};

use crate::i18n::{tu_string, use_i18n};

/// The hint below the field: what the secret looks like, then whether what is typed does.
pub fn hint(provider: &Provider, typed: RwSignal<String>, otherwise: &'static str) -> Signal<String> {
    let i18n = use_i18n();
    let Some(shape) = provider.secret.clone() else {
        return Signal::stored(otherwise.to_owned());
    };
    let name = provider.name.clone();
    Signal::derive(move || {
        let typed = typed.get();
        if typed.trim().is_empty() {
            return match &shape {
                SecretShape::Letters(count) => tu_string!(i18n, adding.shape.letters, count = *count),
                SecretShape::LettersAndDigits(count) => {
                    tu_string!(i18n, adding.shape.letters_and_digits, count = *count)
                }
                SecretShape::Prefix(prefix) => {
                    tu_string!(i18n, adding.shape.prefix, prefix = prefix.clone())
                }
            };
        }
        if shape.fits(&typed) {
            return tu_string!(i18n, adding.shape.fits).to_owned();
        }
        let provider = name.clone();
        let count_typed = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').count();
        match &shape {
            SecretShape::Letters(count) => tu_string!(
                i18n,
                adding.shape.other_letters,
                provider = provider,
                count = *count,
                typed = count_typed
            ),
            SecretShape::LettersAndDigits(count) => tu_string!(
                i18n,
                adding.shape.other_letters_and_digits,
                provider = provider,
                count = *count,
                typed = count_typed
            ),
            SecretShape::Prefix(prefix) => {
                let prefix = prefix.clone();
                tu_string!(
                    i18n,
                    adding.shape.other_prefix,
                    provider = provider,
                    prefix = prefix
                )
            }
        }
    })
}
