//! Words for the domain's states and reasons, in the reader's language: where several pages say the same thing,
//! they say it in the same words. Texts of one page only are in that page.

pub mod authorization;
pub mod failure;
pub mod import;
pub mod notification;
pub mod rule;
pub mod told;

use crate::i18n::Locale;

/// The texts' context, as `use_i18n()` gives it.
pub type I18n = leptos_i18n::I18nContext<Locale>;
