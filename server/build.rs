//! For the feature `embedded-site`: writes the table of the site's files that the program then holds.
//!
//! What a file is compressed to stands in for it: where both a `.br` and a `.gz` lie beside a file, the file itself
//! is left out.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_EMBEDDED_SITE").is_none() {
        return;
    }
    for name in ["TOCSIN_EMBED_SITE", "SOURCE_DATE_EPOCH"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    if let Err(why) = write_table() {
        println!("cargo::error=the site cannot be put into the program: {why}");
    }
}

fn write_table() -> Result<(), String> {
    let site = env::var("TOCSIN_EMBED_SITE").map_err(|_| {
        "set TOCSIN_EMBED_SITE to the folder that package/site.sh made, with its full path".to_owned()
    })?;
    let seconds: u64 = env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|seconds| seconds.parse().ok())
        .ok_or("set SOURCE_DATE_EPOCH to the time of the commit, in seconds")?;
    println!("cargo::rerun-if-changed={site}");
    let site = PathBuf::from(site);
    if !site.join("hash.txt").is_file() {
        return Err(format!(
            "{} has no hash.txt: run package/site.sh first",
            site.display()
        ));
    }
    let mut files = Vec::new();
    collect(&site, &mut files).map_err(|error| format!("{}: {error}", site.display()))?;
    files.sort();
    let mut table = format!(
        "#[allow(clippy::unreadable_literal)]\nconst BUILT: u64 = {seconds};\nstatic FILES: &[(&str, &[u8])] = &[\n"
    );
    for file in &files {
        if has_twins(file) {
            continue;
        }
        let name = file.strip_prefix(&site).unwrap_or(file).display().to_string();
        let _ = writeln!(
            table,
            "    ({name:?}, include_bytes!({:?})),",
            file.display().to_string()
        );
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("embedded_site.rs");
    fs::write(&out, table).map_err(|error| format!("{}: {error}", out.display()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn has_twins(file: &Path) -> bool {
    ["br", "gz"].iter().all(|suffix| {
        let mut twin = file.as_os_str().to_owned();
        twin.push(".");
        twin.push(suffix);
        Path::new(&twin).is_file()
    })
}
