//! The program that goes into a package, checked to be one that the package's processor runs.

use crate::arch::Arch;
use std::path::{Path, PathBuf};

/// Where ELF says which processor a program is for, little-endian (ELF gABI, "ELF Header").
const MACHINE: std::ops::Range<usize> = 18..20;

/// Why a file is not the program for a package.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// It is not there, or not readable.
    #[error("{0} cannot be read: {1}. Build the program first")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// It is something else.
    #[error("{0} is no 64-bit Linux program")]
    NoProgram(PathBuf),
    /// It runs elsewhere.
    #[error("{0} is a program for another processor than {1}: name the one that was built for it")]
    OtherProcessor(PathBuf, &'static str),
}

/// Reads a program that runs on `arch`.
pub fn read(path: &Path, arch: Arch) -> Result<Vec<u8>, ProgramError> {
    let bytes = std::fs::read(path).map_err(|error| ProgramError::Unreadable(path.to_owned(), error))?;
    // Magic number, 64 bit, little-endian.
    let (true, Some(machine)) = (bytes.starts_with(b"\x7fELF\x02\x01"), bytes.get(MACHINE)) else {
        return Err(ProgramError::NoProgram(path.to_owned()));
    };
    if machine == arch.elf_machine().to_le_bytes() {
        Ok(bytes)
    } else {
        Err(ProgramError::OtherProcessor(path.to_owned(), arch.uname()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<Vec<u8>, ProgramError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tocsin");
        std::fs::write(&path, bytes).unwrap();
        read(&path, Arch::Aarch64)
    }

    #[test]
    fn only_a_program_for_the_processor_is_taken() {
        let mut elf = vec![0; 64];
        elf[..6].copy_from_slice(b"\x7fELF\x02\x01");
        elf[MACHINE].copy_from_slice(&183_u16.to_le_bytes());
        assert_eq!(read_bytes(&elf).unwrap(), elf);
        elf[MACHINE].copy_from_slice(&62_u16.to_le_bytes());
        assert!(matches!(
            read_bytes(&elf),
            Err(ProgramError::OtherProcessor(_, "aarch64"))
        ));
        for text in [&b"#!/bin/sh\n"[..], b"\x7fELF\x02\x01", b""] {
            assert!(matches!(read_bytes(text), Err(ProgramError::NoProgram(_))));
        }
    }
}
