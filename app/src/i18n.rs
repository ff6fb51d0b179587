//! Every text of the pages, made by `build.rs` from `locales/`: `t!(i18n, common.close)` is the text itself,
//! `tu_string!` the same as a string. No rule of the business lives here.

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub use i18n::*;
