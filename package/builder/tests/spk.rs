//! A reader of SPK written from Synology's developer guide, and what it finds in a package of ours.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use tocsin_package::arch::Arch;
use tocsin_package::digest::md5;
use tocsin_package::spk;

const PROGRAM: &[u8] = b"\x7fELF: stands for the program";

struct Member {
    path: String,
    mode: u32,
    bytes: Vec<u8>,
}

fn package() -> Vec<u8> {
    let version = "1.20.3".parse().unwrap();
    spk::build(
        Arch::Aarch64,
        version,
        PROGRAM.to_vec(),
        "1700000000".parse().unwrap(),
    )
    .unwrap()
}

fn members(archive: impl Read) -> Vec<Member> {
    tar::Archive::new(archive)
        .entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            assert_eq!(
                (entry.header().uid().unwrap(), entry.header().gid().unwrap()),
                (0, 0)
            );
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            Member {
                path: entry.path().unwrap().to_str().unwrap().to_owned(),
                mode: entry.header().mode().unwrap(),
                bytes,
            }
        })
        .collect()
}

fn find<'a>(members: &'a [Member], path: &str) -> &'a Member {
    members.iter().find(|member| member.path == path).unwrap()
}

fn info(package: &[Member]) -> BTreeMap<String, String> {
    String::from_utf8(find(package, "INFO").bytes.clone())
        .unwrap()
        .lines()
        .map(|line| {
            let (key, value) = line.split_once("=\"").unwrap();
            (key.to_owned(), value.strip_suffix('"').unwrap().to_owned())
        })
        .collect()
}

/// What DSM does before it unpacks: compares the checksum.
fn checksum_is_right(package: &[Member]) -> bool {
    info(package)["checksum"] == md5(&find(package, "package.tgz").bytes)
}

fn target(package: &[Member]) -> Vec<Member> {
    let archive = flate2::read::GzDecoder::new(find(package, "package.tgz").bytes.as_slice());
    members(archive)
}

#[test]
fn info_comes_first_and_says_what_dsm_must_know() {
    let package = members(package().as_slice());
    assert_eq!(package[0].path, "INFO");
    let info = info(&package);
    for (key, value) in [
        ("package", "tocsin"),
        ("version", "1.20.3-0001"),
        ("os_min_ver", "7.0-40000"),
        ("arch", "armv8"),
        ("adminport", "8725"),
        ("dsmuidir", "ui"),
        ("dsmappname", "org.tocsin.Tocsin"),
        ("silent_uninstall", "no"),
    ] {
        assert_eq!(info[key], value, "{key}");
    }
    for key in ["description", "maintainer", "displayname"] {
        assert!(!info[key].is_empty(), "{key}");
    }
    let letters = info["version"].bytes().any(|byte| byte.is_ascii_alphabetic());
    assert!(!letters, "DSM refuses letters in a version");
}

#[test]
fn scripts_are_executable_and_nothing_asks_before_an_installation() {
    let package = members(package().as_slice());
    let scripts = [
        "preinst",
        "postinst",
        "preuninst",
        "postuninst",
        "preupgrade",
        "postupgrade",
    ];
    for name in scripts.into_iter().chain(["start-stop-status"]) {
        let script = find(&package, &format!("scripts/{name}"));
        assert_eq!(script.mode, 0o755, "{name}");
        assert!(script.bytes.starts_with(b"#!/bin/sh\n"), "{name}");
    }
    let asks: BTreeSet<_> = package
        .iter()
        .filter_map(|member| member.path.strip_prefix("WIZARD_UIFILES/"))
        .filter(|name| !name.is_empty())
        .map(|name| name.split('_').next().unwrap())
        .collect();
    assert_eq!(asks, BTreeSet::from(["uninstall"]));
    let consent = package.iter().any(|member| member.path == "LICENSE");
    assert!(!consent, "DSM asks for consent to a LICENSE beside INFO");
    assert_eq!(
        String::from_utf8_lossy(&find(&package, "scripts/facts").bytes)
            .lines()
            .skip(1)
            .collect::<Vec<_>>()[..2],
        ["machine=aarch64", "version=1.20.3-0001"]
    );
}

#[test]
fn what_dsm_reads_as_json_is_json() {
    let package = members(package().as_slice());
    let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
    assert_eq!(
        json(&find(&package, "conf/privilege").bytes)["defaults"]["run-as"],
        "package"
    );
    let target = target(&package);
    let port_file = json(&find(&package, "conf/resource").bytes)["port-config"]["protocol-file"].clone();
    let ports = String::from_utf8(find(&target, port_file.as_str().unwrap()).bytes.clone()).unwrap();
    assert!(ports.contains("dst.ports=\"8725/tcp\""), "{ports}");
    let icon = json(&find(&target, "ui/config").bytes)[".url"]["org.tocsin.Tocsin"].clone();
    assert_eq!(icon["port"], "8725");
    for pixels in [16, 24, 32, 48, 64, 72, 256] {
        let name = icon["icon"].as_str().unwrap().replace("{0}", &pixels.to_string());
        assert!(find(&target, &format!("ui/{name}")).bytes.starts_with(b"\x89PNG"));
    }
    assert_eq!(icon["preloadTexts"][1], "notify:text");
    let texts = String::from_utf8(find(&target, "ui/texts/ger/strings").bytes.clone()).unwrap();
    assert!(
        texts.contains("[notify]") && texts.contains("text=\"{0}\""),
        "{texts}"
    );
    let wizards = package
        .iter()
        .filter(|member| member.path.starts_with("WIZARD_UIFILES/uninstall"));
    for wizard in wizards {
        let choices = json(&wizard.bytes)[0]["items"][0]["subitems"].clone();
        let keys = [&choices[0]["key"], &choices[1]["key"]];
        assert_eq!(
            keys,
            ["tocsin_keep_data", "tocsin_remove_data"],
            "{}",
            wizard.path
        );
        assert_eq!(
            (&choices[0]["defaultValue"], &choices[1]["defaultValue"]),
            (&true.into(), &false.into()),
            "keeping is what happens without a choice: {}",
            wizard.path
        );
    }
}

#[test]
fn the_program_is_in_the_target_and_its_size_is_announced() {
    let package = members(package().as_slice());
    let target = target(&package);
    let program = find(&target, "bin/tocsin");
    assert_eq!((program.mode, program.bytes.as_slice()), (0o755, PROGRAM));
    let size: usize = target
        .iter()
        .map(|member| member.bytes.len().div_ceil(1024))
        .sum();
    assert_eq!(info(&package)["extractsize"], size.to_string());
}

#[test]
fn a_changed_byte_of_the_program_is_found() {
    let whole = package();
    assert!(checksum_is_right(&members(whole.as_slice())));
    let archive = find(&members(whole.as_slice()), "package.tgz").bytes.clone();
    let start = whole
        .windows(archive.len())
        .position(|window| window == archive)
        .unwrap();
    for at in [0, archive.len() / 2, archive.len() - 1] {
        let mut changed = whole.clone();
        changed[start + at] ^= 1;
        assert!(!checksum_is_right(&members(changed.as_slice())), "byte {at}");
    }
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    assert_eq!(package(), package());
}
