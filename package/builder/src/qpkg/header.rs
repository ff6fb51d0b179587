//! The script at a QPKG's beginning, filled in: it knows where the parts of its file begin, what it needs, and the MD5 of
//! everything but the line that says it.

use super::BLOCK;
use super::tail::{self, Tail};
use crate::arch::Arch;
use crate::digest;
use crate::version::Version;

const TEMPLATE: &str = include_str!("../../../qpkg/header.sh");

/// Stands in the template for the sum, and is as long as one.
const NO_SUM: &str = "00000000000000000000000000000000";

/// What the script is filled with.
pub struct Header {
    pub arch: Arch,
    pub version: Version,
    /// How long the control archive is, in bytes.
    pub control: usize,
    /// How long the data archive is, in bytes: whole blocks.
    pub data: usize,
    /// How much room the installation needs, in KiB.
    pub need_kib: usize,
}

impl Header {
    /// The whole file: this script, `payload`, and the tail.
    pub fn seal(&self, payload: &[u8], tail: &Tail) -> Vec<u8> {
        let script = self.script();
        let tail = tail.of_file(script.len() + payload.len() + tail::LENGTH);
        let mut summed: Vec<u8> = Vec::with_capacity(script.len() + payload.len() + tail.len());
        for line in script
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("md5="))
        {
            summed.extend(line.as_bytes());
        }
        summed.extend(payload);
        summed.extend(tail);
        let sum = digest::md5(&summed);
        [script.replace(NO_SUM, &sum).as_bytes(), payload, &tail].concat()
    }

    /// The script with its own length in it, which is whole blocks.
    fn script(&self) -> String {
        let mut length = BLOCK.get();
        loop {
            let bare = self.fill(length).replace("@PADDING@", "");
            if let Some(missing) = length.checked_sub(bare.len()) {
                return self.fill(length).replace("@PADDING@", &padding(missing));
            }
            length += BLOCK.get();
        }
    }

    fn fill(&self, script_len: usize) -> String {
        let other = match self.arch {
            Arch::X86_64 => Arch::Aarch64,
            Arch::Aarch64 => Arch::X86_64,
        };
        TEMPLATE
            .replace("@VERSION@", &self.version.to_string())
            .replace("@UNAME@", self.arch.uname())
            .replace("@OTHERS@", &super::file_name(other, self.version))
            .replace("@MD5@", NO_SUM)
            .replace("@SCRIPT_LEN@", &script_len.to_string())
            .replace("@CONTROL_LEN@", &self.control.to_string())
            .replace("@DATA_LEN@", &self.data.to_string())
            .replace("@DATA_BLOCKS@", &(self.data / BLOCK).to_string())
            .replace("@NEED_KIB@", &self.need_kib.to_string())
    }
}

/// A comment line of `bytes` bytes, its end among them.
fn padding(bytes: usize) -> String {
    match bytes.checked_sub(1) {
        Some(hashes) => "#".repeat(hashes) + "\n",
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_script_is_whole_blocks_and_knows_its_length() {
        for digits in 0..8 {
            let header = Header {
                arch: Arch::X86_64,
                version: "1.2.3".parse().unwrap(),
                control: 10_240,
                data: 10_usize.pow(digits) * 1024,
                need_kib: 1,
            };
            let script = header.script();
            assert_eq!(script.len() % 1024, 0);
            assert!(script.contains(&format!("\nscript_len={}\n", script.len())));
            assert!(script.ends_with("\nexit 1\n"));
            assert!(!script.contains('@'), "{script}");
        }
    }
}
