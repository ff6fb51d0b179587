//! The last 100 bytes of a QPKG, by which App Center knows it: fields of ASCII, filled with spaces. App Center refuses a
//! file whose checksum field is wrong as a "file format error" (github.com/pedropombeiro/qnapexporter, issue 103).

use crate::version::Version;
use std::ops::Range;

/// How long it is.
pub const LENGTH: usize = 100;

const CHECKSUM: Range<usize> = 40..50;
const NAME: Range<usize> = 60..80;
const VERSION: Range<usize> = 80..90;
const MARK: Range<usize> = 90..100;

/// A tail whose checksum is not known yet.
pub struct Tail([u8; LENGTH]);

impl Tail {
    /// None where the version is longer than its field.
    pub fn new(version: Version) -> Option<Self> {
        let mut fields = [b' '; LENGTH];
        put(&mut fields[NAME], "tocsin")?;
        put(&mut fields[VERSION], &version.to_string())?;
        put(&mut fields[MARK], "QNAPQPKG")?;
        Some(Self(fields))
    }

    /// The tail of a file of `bytes` bytes, this tail among them. The checksum says no more than that length: the first
    /// ten digits of 3589 times it, plus a thousand million.
    pub fn of_file(&self, bytes: usize) -> [u8; LENGTH] {
        let sum = (bytes as u128 * 3589 + 1_000_000_000).to_string();
        let mut fields = self.0;
        fields[CHECKSUM].copy_from_slice(&sum.as_bytes()[..CHECKSUM.len()]);
        fields
    }
}

fn put(field: &mut [u8], text: &str) -> Option<()> {
    field.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn the_checksum_is_the_one_that_qnaps_own_tool_writes() {
        // Of a file of that length, as qpkg_encrypt of QDK 2.5.3 filled it in.
        let tail = Tail::new(version("0.1.0")).unwrap().of_file(1_057_208);
        assert_eq!(&tail[CHECKSUM], b"4794319512");
        assert_eq!(&tail[NAME], b"tocsin              ");
        assert_eq!(&tail[VERSION.start..], b"0.1.0     QNAPQPKG  ");
    }

    #[test]
    fn the_checksum_of_a_large_file_keeps_its_first_digits() {
        // 3589 * 10^8 + 10^9 has twelve digits.
        let tail = Tail::new(version("0.1.0")).unwrap().of_file(100_000_000);
        assert_eq!(&tail[CHECKSUM], b"3599000000");
    }

    #[test]
    fn a_version_longer_than_its_field_has_no_tail() {
        assert!(Tail::new(version("10.100.100")).is_some());
        assert!(Tail::new(version("100.100.100")).is_none());
    }
}
