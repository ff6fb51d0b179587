//! SPK, the package of Synology's DSM 7: an uncompressed tar of `INFO`, icons, the program's archive `package.tgz`,
//! and what DSM runs and reads around it, which is in `package/spk/`.
//!
//! Source: Synology's DSM developer guide, "Synology Package"
//! (<https://help.synology.com/developer-guide/synology_package/introduction.html>).

use crate::arch::Arch;
use crate::archive::{SourceDate, Tree, gzip};
use crate::digest;
use crate::icons;
use crate::version::Version;
use std::fmt::Write as _;
use std::io;

/// DSM wants a number of the build behind the version, growing with each release. A release of Tocsin is packed once.
const BUILD: &str = "0001";

/// Where Tocsin listens on DSM: as in `scripts/postinst`, `ui/config` and `ui/tocsin.sc`.
const PORT: u16 = 8725;

/// What is run as it is: executable, below `scripts/`.
const SCRIPTS: [(&str, &str); 7] = [
    ("postinst", include_str!("../../spk/scripts/postinst")),
    ("postuninst", include_str!("../../spk/scripts/postuninst")),
    ("postupgrade", include_str!("../../spk/scripts/postupgrade")),
    ("preinst", include_str!("../../spk/scripts/preinst")),
    ("preuninst", include_str!("../../spk/scripts/preuninst")),
    ("preupgrade", include_str!("../../spk/scripts/preupgrade")),
    (
        "start-stop-status",
        include_str!("../../spk/scripts/start-stop-status"),
    ),
];

/// What is only read.
const READ: [(&str, &str); 9] = [
    ("conf/privilege", include_str!("../../spk/conf/privilege")),
    ("conf/resource", include_str!("../../spk/conf/resource")),
    ("scripts/common", include_str!("../../spk/scripts/common")),
    (
        "WIZARD_UIFILES/uninstall_uifile",
        include_str!("../../spk/wizard/uninstall_uifile"),
    ),
    (
        "WIZARD_UIFILES/uninstall_uifile_fre",
        include_str!("../../spk/wizard/uninstall_uifile_fre"),
    ),
    (
        "WIZARD_UIFILES/uninstall_uifile_ger",
        include_str!("../../spk/wizard/uninstall_uifile_ger"),
    ),
    (
        "WIZARD_UIFILES/uninstall_uifile_ita",
        include_str!("../../spk/wizard/uninstall_uifile_ita"),
    ),
    (
        "WIZARD_UIFILES/uninstall_uifile_nld",
        include_str!("../../spk/wizard/uninstall_uifile_nld"),
    ),
    (
        "WIZARD_UIFILES/uninstall_uifile_spn",
        include_str!("../../spk/wizard/uninstall_uifile_spn"),
    ),
];

/// In the sizes that DSM's desktop takes (developer guide, "Application Config").
const DESKTOP_ICONS: [u32; 7] = [16, 24, 32, 48, 64, 72, 256];

/// DSM's languages (developer guide, "INFO: Optional Fields"). `synodsmnotify` shows texts of these files only: so that
/// Tocsin can say what it has to, theirs is a place for it, the same in each language.
const LANGUAGES: [&str; 20] = [
    "chs", "cht", "csy", "dan", "enu", "fre", "ger", "hun", "ita", "jpn", "krn", "nld", "nor", "plk", "ptb",
    "ptg", "rus", "spn", "sve", "trk",
];

/// Makes the package of a program.
pub fn build(arch: Arch, version: Version, program: Vec<u8>, date: SourceDate) -> io::Result<Vec<u8>> {
    let version = format!("{version}-{BUILD}");
    let target = target(program)?;
    let size_kib = target
        .files()
        .map(|(_, bytes)| bytes.len().div_ceil(1024))
        .sum::<usize>();
    let archive = gzip(&target.tar("", date)?)?;
    let machine = arch.uname();
    let facts =
        format!("# Written by tocsin-package.\nmachine={machine}\nversion={version}\nsize_kib={size_kib}\n");
    let mut tree = Tree::default()
        .file("INFO", 0o644, info(arch, &version, &archive, size_kib))
        .file("PACKAGE_ICON.PNG", 0o644, icon(64)?)
        .file("PACKAGE_ICON_256.PNG", 0o644, icon(256)?)
        .file("package.tgz", 0o644, archive)
        .file("scripts/facts", 0o644, facts);
    for (path, text) in READ {
        tree = tree.file(path, 0o644, text);
    }
    for (name, text) in SCRIPTS {
        tree = tree.file(&format!("scripts/{name}"), 0o755, text);
    }
    tree.tar("", date)
}

/// What DSM unpacks into the package's `target` folder. The licences are here because DSM asks for consent where it
/// finds one beside `INFO`.
fn target(program: Vec<u8>) -> io::Result<Tree> {
    let mut tree = Tree::default()
        .file("LICENSE-APACHE", 0o644, include_str!("../../../LICENSE-APACHE"))
        .file("LICENSE-MIT", 0o644, include_str!("../../../LICENSE-MIT"))
        .file("bin/tocsin", 0o755, program)
        .file("ui/config", 0o644, include_str!("../../spk/ui/config"))
        .file("ui/tocsin.sc", 0o644, include_str!("../../spk/ui/tocsin.sc"));
    for pixels in DESKTOP_ICONS {
        tree = tree.file(&format!("ui/images/icon_{pixels}.png"), 0o644, icon(pixels)?);
    }
    for language in LANGUAGES {
        let strings = include_str!("../../spk/ui/strings");
        tree = tree.file(&format!("ui/texts/{language}/strings"), 0o644, strings);
    }
    Ok(tree)
}

fn icon(pixels: u32) -> io::Result<&'static [u8]> {
    icons::coloured(pixels).ok_or_else(|| io::Error::other(format!("there is no icon of {pixels} pixels")))
}

/// The text of `INFO` (developer guide, "INFO": necessary and optional fields). It is the archive's first file, as in
/// Synology's own packages.
fn info(arch: Arch, version: &str, archive: &[u8], size_kib: usize) -> String {
    let fields = [
        ("package", "tocsin"),
        ("version", version),
        // The first of DSM 7; older ones have another kind of package.
        ("os_min_ver", "7.0-40000"),
        ("displayname", "Tocsin"),
        (
            "description",
            "A notification center that never loses a notification",
        ),
        ("arch", arch.spk()),
        ("maintainer", "Tocsin"),
        ("adminprotocol", "http"),
        ("adminport", &PORT.to_string()),
        ("adminurl", "/"),
        ("checkport", "yes"),
        ("dsmuidir", "ui"),
        ("dsmappname", "org.tocsin.Tocsin"),
        ("ctl_stop", "yes"),
        // Nothing is asked but when it is removed: whether the data stay.
        ("silent_install", "yes"),
        ("silent_upgrade", "yes"),
        ("silent_uninstall", "no"),
        ("extractsize", &size_kib.to_string()),
        ("checksum", &digest::md5(archive)),
    ];
    fields.iter().fold(String::new(), |mut text, (key, value)| {
        let _ = writeln!(text, "{key}=\"{value}\"");
        text
    })
}
