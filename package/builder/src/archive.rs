//! Archives whose bytes depend on nothing but their entries: sorted, of root, all of one time.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::str::FromStr;

/// When what is packed was made, in seconds since 1970: what reproducible builds call `SOURCE_DATE_EPOCH`.
#[derive(Debug, Clone, Copy)]
pub struct SourceDate(u64);

/// The last second that tar's twelve octal digits hold well (8^11 - 1: POSIX ustar, `mtime`).
const LAST_SECOND: u64 = 0o777_7777_7777;

impl FromStr for SourceDate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(seconds) if seconds <= LAST_SECOND => Ok(Self(seconds)),
            _ => Err("write the time as whole seconds since 1970, as `git log -1 --format=%ct` prints it"),
        }
    }
}

impl SourceDate {
    /// Seconds since 1970.
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

/// The number of the user and group root.
const ROOT: u64 = 0;

/// What an entry is.
#[derive(Debug, Clone)]
enum Entry {
    Folder { mode: u32, owner: u64 },
    File { mode: u32, bytes: Vec<u8> },
    Link { target: String },
}

/// The entries of an archive to be, by path. Paths are relative, with `/`, and without a `.` or `..` in them.
#[derive(Debug, Clone, Default)]
pub struct Tree(BTreeMap<String, Entry>);

impl Tree {
    /// Adds a file, and the folders above it (mode 0755) where they are missing.
    #[must_use]
    pub fn file(mut self, path: &str, mode: u32, bytes: impl Into<Vec<u8>>) -> Self {
        self.above(path);
        let bytes = bytes.into();
        self.0.insert(path.to_owned(), Entry::File { mode, bytes });
        self
    }

    /// Adds a folder, and those above it where they are missing.
    #[must_use]
    pub fn folder(self, path: &str, mode: u32) -> Self {
        self.folder_of(path, mode, ROOT)
    }

    /// Adds a folder of the user and group `owner`, and those above it, of root, where they are missing.
    #[must_use]
    pub fn folder_of(mut self, path: &str, mode: u32, owner: u64) -> Self {
        self.above(path);
        self.0.insert(path.to_owned(), Entry::Folder { mode, owner });
        self
    }

    /// Adds a symbolic link, and the folders above it where they are missing.
    #[must_use]
    pub fn link(mut self, path: &str, target: &str) -> Self {
        self.above(path);
        let target = target.to_owned();
        self.0.insert(path.to_owned(), Entry::Link { target });
        self
    }

    fn above(&mut self, path: &str) {
        for (at, _) in path.match_indices('/') {
            self.0.entry(path[..at].to_owned()).or_insert(Entry::Folder {
                mode: 0o755,
                owner: ROOT,
            });
        }
    }

    /// The files with their paths, sorted.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().filter_map(|(path, entry)| match entry {
            Entry::File { bytes, .. } => Some((path.as_str(), bytes.as_slice())),
            _ => None,
        })
    }

    /// The archive, uncompressed. `prefix` goes before each path: `./` or nothing.
    pub fn tar(&self, prefix: &str, date: SourceDate) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        for (path, entry) in &self.0 {
            let path = format!("{prefix}{path}");
            let mut header = tar::Header::new_gnu();
            header.set_uid(ROOT);
            header.set_gid(ROOT);
            header.set_username("root")?;
            header.set_groupname("root")?;
            header.set_mtime(date.0);
            match entry {
                Entry::Folder { mode, owner } => {
                    header.set_entry_type(tar::EntryType::Directory);
                    if *owner != ROOT {
                        header.set_uid(*owner);
                        header.set_gid(*owner);
                        header.set_username("")?;
                        header.set_groupname("")?;
                    }
                    header.set_mode(*mode);
                    header.set_size(0);
                    named(&mut archive, header, &format!("{path}/"), &[])?;
                }
                Entry::File { mode, bytes } => {
                    header.set_mode(*mode);
                    header.set_size(bytes.len() as u64);
                    named(&mut archive, header, &path, bytes)?;
                }
                Entry::Link { target } => {
                    header.set_entry_type(tar::EntryType::Symlink);
                    header.set_mode(0o777);
                    header.set_size(0);
                    header.set_link_name(target)?;
                    named(&mut archive, header, &path, &[])?;
                }
            }
        }
        archive.into_inner()
    }
}

/// Writes an entry. The crate's own way to set a path drops a leading `./`, which installers look for.
fn named(
    archive: &mut tar::Builder<Vec<u8>>,
    mut header: tar::Header,
    path: &str,
    bytes: &[u8],
) -> io::Result<()> {
    let field = &mut header.as_gnu_mut().ok_or(io::ErrorKind::InvalidData)?.name;
    let name = field
        .get_mut(..path.len())
        .ok_or_else(|| io::Error::other(format!("{path} is longer than the 100 bytes of a tar name")))?;
    name.copy_from_slice(path.as_bytes());
    header.set_cksum();
    archive.append(&header, bytes)
}

/// Compresses, without a name or a time in the gzip header.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The length of a gzip header without optional fields, and the flag that an extra field follows it (RFC 1952, 2.3).
const GZIP_HEADER: usize = 10;
const FEXTRA: u8 = 4;

/// What the extra field takes beside its bytes: its length, a subfield's two letters, the subfield's length.
const EXTRA_HEAD: usize = 6;

/// Compresses to a multiple of `block` bytes: zeros in an extra field of the gzip header fill it up, which every
/// reader skips. Bytes after the end, the usual filling, make GNU tar and gzip fail.
///
/// # Errors
/// Also where more filling is needed than the field holds (64 KiB).
pub fn gzip_in_blocks(bytes: &[u8], block: NonZeroUsize) -> io::Result<Vec<u8>> {
    let mut packed = gzip(bytes)?;
    let least = packed.len() + EXTRA_HEAD;
    let zeros = least.next_multiple_of(block.get()) - least;
    let length = |bytes: usize| {
        u16::try_from(bytes)
            .map(u16::to_le_bytes)
            .map_err(io::Error::other)
    };
    let mut extra = Vec::with_capacity(EXTRA_HEAD + zeros);
    extra.extend(length(4 + zeros)?);
    // Letters that nobody registered (RFC 1952, 2.3.1.1): "To" for Tocsin.
    extra.extend(b"To");
    extra.extend(length(zeros)?);
    extra.resize(EXTRA_HEAD + zeros, 0);
    packed[3] |= FEXTRA;
    packed.splice(GZIP_HEADER..GZIP_HEADER, extra);
    Ok(packed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Read as _;

    const DATE: SourceDate = SourceDate(1_700_000_000);

    fn unpacked(packed: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(packed)
            .read_to_end(&mut bytes)
            .unwrap();
        bytes
    }

    #[test]
    fn the_order_in_which_entries_come_does_not_show() {
        let one = Tree::default()
            .file("b/x", 0o644, *b"x")
            .file("a", 0o755, *b"a")
            .link("c", "a");
        let other = Tree::default()
            .link("c", "a")
            .file("a", 0o755, *b"a")
            .file("b/x", 0o644, *b"x");
        let tar = one.tar("./", DATE).unwrap();
        assert_eq!(tar, other.tar("./", DATE).unwrap());
        let mut archive = tar::Archive::new(tar.as_slice());
        let seen: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                assert_eq!(
                    (header.uid().unwrap(), header.mtime().unwrap()),
                    (0, 1_700_000_000)
                );
                (
                    String::from_utf8(entry.path_bytes().into_owned()).unwrap(),
                    header.mode().unwrap(),
                )
            })
            .collect();
        let wanted = [("./a", 0o755), ("./b/", 0o755), ("./b/x", 0o644), ("./c", 0o777)];
        assert_eq!(seen, wanted.map(|(path, mode)| (path.to_owned(), mode)));
    }

    #[test]
    fn a_path_that_tar_cannot_hold_is_refused() {
        let tree = Tree::default().file(&"x".repeat(101), 0o644, *b"");
        assert!(tree.tar("", DATE).is_err());
    }

    #[test]
    fn filled_gzip_has_whole_blocks_and_the_same_content() {
        let block = NonZeroUsize::new(1024).unwrap();
        for length in 0..1500 {
            // Bytes that hardly shrink, so that each length of filling comes up.
            let bytes: Vec<u8> = (0..length)
                .map(|at: u32| at.wrapping_mul(2_654_435_761).to_be_bytes()[1])
                .collect();
            let packed = gzip_in_blocks(&bytes, block).unwrap();
            assert_eq!(packed.len() % 1024, 0);
            assert_eq!(unpacked(&packed), bytes);
        }
    }

    #[test]
    fn a_source_date_is_whole_seconds() {
        assert_eq!(
            "1700000000".parse::<SourceDate>().unwrap().seconds(),
            1_700_000_000
        );
        for text in ["", "-1", "yesterday", "8589934592"] {
            assert!(text.parse::<SourceDate>().is_err(), "{text}");
        }
    }
}
