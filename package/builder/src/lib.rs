//! Makes Tocsin's packages out of a program that is already built: one module a format, and what they share.
//!
//! A package is a pure function of the program, the version and `SOURCE_DATE_EPOCH`: the files that go in beside the
//! program are compiled into this crate, entries are sorted, belong to root and carry one time. Twice the same
//! input gives the same bytes.

pub mod arch;
pub mod archive;
pub mod compose;
pub mod digest;
pub mod icons;
pub mod oci;
pub mod program;
pub mod qpkg;
pub mod spk;
pub mod version;
