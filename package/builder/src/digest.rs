//! Checksums, written as hexadecimal digits.

use md5::Md5;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// MD5, which DSM compares.
pub fn md5(bytes: &[u8]) -> String {
    hex::<Md5>(bytes)
}

/// SHA-256, by which container images name their parts.
pub fn sha256(bytes: &[u8]) -> String {
    hex::<Sha256>(bytes)
}

fn hex<D: Digest>(bytes: &[u8]) -> String {
    D::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        // RFC 1321, A.5; FIPS 180-4, "abc".
        assert_eq!(md5(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
