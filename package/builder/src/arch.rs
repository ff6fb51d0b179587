//! The processors that packages are made for, and what each system calls them.

/// A processor family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Arch {
    /// Intel and AMD, 64 bit.
    #[value(name = "x86_64", alias = "amd64")]
    X86_64,
    /// ARM, 64 bit.
    #[value(name = "aarch64", aliases = ["arm_64", "arm64", "armv8"])]
    Aarch64,
}

impl Arch {
    /// As QTS names it in a package's file name (QDK's manual, "QPKG structure").
    pub const fn qpkg(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "arm_64",
        }
    }

    /// As DSM names the family in `INFO` (Synology's developer guide, "Appendix A: Platform and Arch Value Mapping Table").
    pub const fn spk(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "armv8",
        }
    }

    /// As container images name it: Go's `GOARCH` (OCI image specification, "Image Index", `platform`).
    pub const fn oci(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::Aarch64 => "arm64",
        }
    }

    /// As `uname -m` says it on Linux.
    pub const fn uname(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }

    /// `e_machine` of its programs (ELF gABI, "Machine": `EM_X86_64`, `EM_AARCH64`).
    pub const fn elf_machine(self) -> u16 {
        match self {
            Self::X86_64 => 62,
            Self::Aarch64 => 183,
        }
    }
}
