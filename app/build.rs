//! Turns `locales/` into the modules that `src/i18n.rs` and `src/pages/owner/texts.rs` include.
//!
//! A key that is missing or misspelt in a page is a build error. This calls the generator of `leptos_i18n`
//! by itself: `leptos_i18n_build` does the same and brings 130 crates more (all of ICU, an interpreter for
//! WebAssembly, an HTTP client) for data that no text of ours needs.

use std::{env, error::Error, fs, path::PathBuf};

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};

/// One file a page's area under `locales/LANGUAGE/`, so that each area can be read and translated alone.
const NAMESPACES: &[&str] = &[
    "common",
    "accounts",
    "adding",
    "deleting",
    "failure",
    "import",
    "links",
    "notifications",
    "overview",
    "receiving",
    "rules",
    "settings",
    "sign_in",
    "sign_ins",
    "warnings",
];

/// The mailbox owner's page: rendered by the server alone, so its languages cost the browser nothing.
const OWNER: [&str; 1] = ["owner"];

/// The languages of the owner's page beside English.
const OWNERS_LANGUAGES: [&str; 8] = ["de", "es", "fr", "it", "ja", "nl", "pt", "zh-Hans"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    generate("i18n.rs", NAMESPACES, &[])?;
    if env::var_os("CARGO_FEATURE_SSR").is_some() {
        generate("owner_texts.rs", &OWNER, &OWNERS_LANGUAGES)?;
    }
    Ok(())
}

/// Writes the module of some namespaces, in English and further languages. A text that one of them lacks is an
/// error.
fn generate(file: &str, namespaces: &[&str], languages: &[&str]) -> Result<(), Box<dyn Error>> {
    // Texts with values in them are needed as strings too, for labels and titles.
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("en")?
        .add_locales(languages)?
        .add_namespaces(namespaces)?
        .parse_options(options);
    let locales = parse_locales(None, config)?;
    for warning in locales.diag.warnings().iter() {
        println!("cargo::error={warning}");
    }
    for error in locales.diag.errors().iter() {
        println!("cargo::error={error}");
    }

    // Names are made from the texts' keys; what lints say of them concerns the generator.
    let lints =
        "#![allow(missing_docs, unused_imports, dead_code, clippy::all, clippy::pedantic, rustdoc::all)]"
            .parse()?;
    let module = leptos_i18n_codegen::gen_code(&locales, None, false, Some(&lints), false)?;
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(folder.join(file), module.to_string())?;
    Ok(())
}
