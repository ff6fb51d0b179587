//! QPKG, the package of QNAP's QTS and `QuTS` hero: a shell script, `control.tar`, `data.tar.gz` and a tail of 100 bytes, one
//! after the other. The layout is what QDK 2.5.3 makes (github.com/qnap-dev/QDK, commit 0766113), without its code:
//! QDK's script counts short reads of a pipe and appends rubbish to `data.tar.gz`. Ours cuts the file at multiples of
//! 1024 bytes, straight from the file.

mod header;
mod tail;

use crate::arch::Arch;
use crate::archive::{SourceDate, Tree, gzip, gzip_in_blocks};
use crate::icons;
use crate::version::Version;
use std::io;
use std::num::NonZeroUsize;

/// What every part is a multiple of, in bytes: the block by which the script cuts the file.
const BLOCK: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

/// What `control.tar` is a multiple of: tar's record of 20 blocks, as GNU tar writes it and QDK's tools expect it.
const RECORD: usize = 10_240;

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum QpkgError {
    /// The tail has ten bytes for it.
    #[error("a QPKG's version has ten characters at most, and {0} has more")]
    VersionTooLong(Version),
    /// The time is beyond what a calendar has.
    #[error("the source date is no date: {0}")]
    Date(#[from] jiff::Error),
    /// An archive could not be made.
    #[error("an archive could not be made: {0}")]
    Archive(#[from] io::Error),
}

/// What the package's file is called.
pub fn file_name(arch: Arch, version: Version) -> String {
    format!("tocsin_{version}_{}.qpkg", arch.qpkg())
}

/// The package that installs `program`.
pub fn build(arch: Arch, version: Version, date: SourceDate, program: Vec<u8>) -> Result<Vec<u8>, QpkgError> {
    let tail = tail::Tail::new(version).ok_or(QpkgError::VersionTooLong(version))?;
    let unpacked = data(program);
    let unpacked_bytes: usize = unpacked.files().map(|(_, bytes)| bytes.len()).sum();
    let data = gzip_in_blocks(&unpacked.tar("./", date)?, BLOCK)?;
    let control = control(version, date, kib(unpacked_bytes))?;
    let payload = [control.as_slice(), &data].concat();
    let header = header::Header {
        arch,
        version,
        control: control.len(),
        data: data.len(),
        // What is unpacked on the way, and both at once, with room to spare.
        need_kib: kib(data.len() + unpacked_bytes) + 4096,
    };
    Ok(header.seal(&payload, &tail))
}

/// What stands in a release's folder on the NAS.
fn data(program: Vec<u8>) -> Tree {
    Tree::default()
        .file("tocsin", 0o755, program)
        .file("common.sh", 0o644, include_str!("../../../qpkg/data/common.sh"))
        .file("service.sh", 0o755, include_str!("../../../qpkg/data/service.sh"))
        .file(
            "tocsin.sh.in",
            0o644,
            include_str!("../../../qpkg/data/tocsin.sh.in"),
        )
        .file(
            "uninstall.sh",
            0o755,
            include_str!("../../../qpkg/data/uninstall.sh"),
        )
        .file(
            "LICENSE-APACHE",
            0o644,
            include_str!("../../../../LICENSE-APACHE"),
        )
        .file("LICENSE-MIT", 0o644, include_str!("../../../../LICENSE-MIT"))
        // QTS names them .gif and takes PNG (QDK renames them so).
        .file(".qpkg_icon.gif", 0o644, icons::SIZE_64)
        .file(".qpkg_icon_80.gif", 0o644, icons::SIZE_80)
        .file(".qpkg_icon_gray.gif", 0o644, icons::GREY_64)
}

/// What only the installation needs: `control.tar` with its one member.
fn control(version: Version, date: SourceDate, unpacked_kib: usize) -> Result<Vec<u8>, QpkgError> {
    let seconds = i64::try_from(date.seconds()).unwrap_or(i64::MAX);
    let day = jiff::Timestamp::from_second(seconds)?.strftime("%Y%m%d");
    let cfg = include_str!("../../../qpkg/control/qpkg.cfg").replace("@VERSION@", &version.to_string());
    let members = Tree::default()
        .file("qpkg.cfg", 0o644, cfg)
        .file(
            "qinstall.sh",
            0o755,
            include_str!("../../../qpkg/control/qinstall.sh"),
        )
        .file(
            "tocsin.toml",
            0o644,
            include_str!("../../../qpkg/control/tocsin.toml"),
        )
        .file("common.sh", 0o644, include_str!("../../../qpkg/data/common.sh"))
        .file(
            "built_info",
            0o644,
            format!("time = {day}\nunpacked_kib = {unpacked_kib}\n"),
        );
    let packed = gzip(&members.tar("./", date)?)?;
    let mut tar = Tree::default()
        .file("control.tar.gz", 0o644, packed)
        .tar("", date)?;
    tar.resize(tar.len().next_multiple_of(RECORD), 0);
    Ok(tar)
}

const fn kib(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}
