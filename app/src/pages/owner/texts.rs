//! The owner's page in all its languages, made by `build.rs` from `locales/*/owner.json`.

include!(concat!(env!("OUT_DIR"), "/owner_texts.rs"));

pub use i18n::Locale;
pub(super) use i18n::td_string;
