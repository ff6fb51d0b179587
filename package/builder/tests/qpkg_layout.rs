//! A reader of QPKG files, written from the layout alone, reads what the builder makes.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Read as _;
use tocsin_package::arch::Arch;
use tocsin_package::archive::SourceDate;
use tocsin_package::digest;
use tocsin_package::qpkg::{self, QpkgError};

const PROGRAM: &[u8] = b"not looked into here";

fn build(version: &str) -> Result<Vec<u8>, QpkgError> {
    let date: SourceDate = "1700000000".parse().unwrap();
    qpkg::build(Arch::Aarch64, version.parse().unwrap(), date, PROGRAM.to_vec())
}

/// What the reader finds in a package.
#[derive(Debug, PartialEq)]
struct Read {
    control: BTreeMap<String, Vec<u8>>,
    data: BTreeMap<String, Vec<u8>>,
    name: String,
    version: String,
}

/// Reads a package, or says what is wrong with it.
fn read(file: &[u8]) -> Result<Read, String> {
    let (content, tail) = file.split_last_chunk::<100>().ok_or("shorter than a tail")?;
    let tail = std::str::from_utf8(tail).map_err(|_| "a tail that is no text")?;
    let field = |from: usize, to: usize| tail.get(from..to).unwrap_or_default().trim_end().to_owned();
    if field(90, 100) != "QNAPQPKG" {
        return Err("no mark in the tail".into());
    }
    let checksum = (file.len() as u64 * 3589 + 1_000_000_000).to_string();
    if field(40, 50) != checksum[..10] {
        return Err("a wrong checksum in the tail".into());
    }
    let script = script(content)?;
    let (script_len, control_len, data_len) = (
        number(script, "script_len=")?,
        number(script, "offset=$(/usr/bin/expr $script_len + ")?,
        number(script, "offset=$(/usr/bin/expr $offset + ")?,
    );
    if script.len() != script_len || content.len() != script_len + control_len + data_len {
        return Err("lengths that do not add up".into());
    }
    if said_sum(script)? != sum_without_its_line(script, &file[script_len..]) {
        return Err("another content than its sum".into());
    }
    let (control, data) = content[script_len..].split_at(control_len);
    let control = members(control)?;
    let packed = control.get("control.tar.gz").ok_or("no control.tar.gz")?;
    Ok(Read {
        control: members(&unzip(packed)?)?,
        data: members(&unzip(data)?)?,
        name: field(60, 80),
        version: field(80, 90),
    })
}

fn script(content: &[u8]) -> Result<&str, String> {
    let mark = b"\nscript_len=";
    let at = content.windows(mark.len()).position(|bytes| bytes == mark);
    let after = &content[at.ok_or("no length of the script")? + mark.len()..];
    let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let length = std::str::from_utf8(&after[..digits]).unwrap().parse();
    let script = length.ok().and_then(|length: usize| content.get(..length));
    let script = std::str::from_utf8(script.ok_or("a script longer than the file")?);
    match script {
        Ok(script) if script.ends_with("\nexit 1\n") => Ok(script),
        _ => Err("another length of the script".into()),
    }
}

fn number(script: &str, before: &str) -> Result<usize, String> {
    let line = script.lines().find_map(|line| line.strip_prefix(before));
    let digits = line
        .ok_or_else(|| format!("no line {before}"))?
        .trim_end_matches(')');
    digits.parse().map_err(|_| format!("no number after {before}"))
}

fn said_sum(script: &str) -> Result<&str, String> {
    script
        .lines()
        .find_map(|line| line.strip_prefix("md5="))
        .ok_or_else(|| "no sum".into())
}

fn sum_without_its_line(script: &str, rest: &[u8]) -> String {
    let lines = script
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("md5="));
    let mut summed: Vec<u8> = lines.flat_map(str::bytes).collect();
    summed.extend(rest);
    digest::md5(&summed)
}

fn unzip(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut reader = flate2::bufread::GzDecoder::new(packed);
    let mut bytes = Vec::new();
    reader
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if reader.into_inner().is_empty() {
        Ok(bytes)
    } else {
        Err("something after the end of a gzip archive".into())
    }
}

fn members(tar: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut members = BTreeMap::new();
    for entry in tar::Archive::new(tar)
        .entries()
        .map_err(|error| error.to_string())?
    {
        let mut entry = entry.map_err(|error| error.to_string())?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        members.insert(path, bytes);
    }
    Ok(members)
}

#[test]
fn header_archives_and_tail_are_read_as_they_were_meant() {
    let read = read(&build("1.2.3").unwrap()).unwrap();
    assert_eq!((read.name.as_str(), read.version.as_str()), ("tocsin", "1.2.3"));
    let control: Vec<_> = read.control.keys().map(String::as_str).collect();
    assert_eq!(
        control,
        [
            "./built_info",
            "./common.sh",
            "./qinstall.sh",
            "./qpkg.cfg",
            "./tocsin.toml"
        ]
    );
    assert_eq!(read.data["./tocsin"], PROGRAM);
    let cfg = String::from_utf8(read.control["./qpkg.cfg"].clone()).unwrap();
    assert!(cfg.contains("QPKG_VER=\"1.2.3\"\n"), "{cfg}");
    assert!(read.control["./built_info"].starts_with(b"time = 20231114\n"));
}

#[test]
fn twice_the_same_input_gives_the_same_bytes() {
    assert!(build("1.2.3").unwrap() == build("1.2.3").unwrap());
}

#[test]
fn a_changed_byte_is_found_wherever_it_is() {
    let package = build("1.2.3").unwrap();
    let whole = read(&package).unwrap();
    // A step that meets each part and each column of it; and every byte of the tail.
    let places = (0..package.len())
        .step_by(211)
        .chain(package.len() - 100..package.len());
    for place in places {
        let mut changed = package.clone();
        changed[place] ^= 1;
        assert!(
            read(&changed).is_err(),
            "byte {place} of {} was changed",
            package.len()
        );
    }
    assert_eq!(read(&package).unwrap(), whole);
}

#[test]
fn a_package_that_was_cut_is_found() {
    let package = build("1.2.3").unwrap();
    for length in [0, 99, 4096, package.len() - 1] {
        assert!(read(&package[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_version_that_app_center_cannot_hold_is_refused() {
    let error = build("100.100.100").unwrap_err();
    assert!(error.to_string().contains("100.100.100"), "{error}");
}
