//! `tocsin-package FORMAT …`: makes one package. The command line; each format has a module in the library, and a
//! variant with its options here.

use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tocsin_package::arch::Arch;
use tocsin_package::archive::SourceDate;
use tocsin_package::program::{self, ProgramError};
use tocsin_package::version::Version;
use tocsin_package::{compose, oci, qpkg, spk};

/// Makes the packages by which Tocsin is installed on NAS systems
#[derive(Debug, Parser)]
#[command(name = "tocsin-package")]
struct Cli {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// Print the version that packages carry by default
    Version,
    /// Make the package for QNAP's QTS and `QuTS` hero
    Qpkg(OneProcessor),
    /// Make the package for Synology's DSM 7
    Spk(OneProcessor),
    /// Make the container image for both processors
    Oci(BothProcessors),
    /// Write the compose.yaml that goes with the container image
    Compose(Release),
}

/// What every package is made of.
#[derive(Debug, Args)]
struct Release {
    /// The version that the package carries
    #[arg(long, default_value = env!("CARGO_PKG_VERSION"))]
    version: Version,
    /// The file to write
    #[arg(long)]
    out: PathBuf,
}

/// For formats with a package a processor.
#[derive(Debug, Args)]
struct OneProcessor {
    #[command(flatten)]
    release: Release,
    /// When the source was committed, in seconds since 1970
    #[arg(long, env = "SOURCE_DATE_EPOCH")]
    source_date: SourceDate,
    /// The processor
    #[arg(long)]
    arch: Arch,
    /// The program, built for that processor
    #[arg(long)]
    binary: PathBuf,
}

/// For formats whose one file serves both.
#[derive(Debug, Args)]
struct BothProcessors {
    #[command(flatten)]
    release: Release,
    /// When the source was committed, in seconds since 1970
    #[arg(long, env = "SOURCE_DATE_EPOCH")]
    source_date: SourceDate,
    /// The program, built for Intel and AMD
    #[arg(long)]
    amd64: PathBuf,
    /// The program, built for ARM
    #[arg(long)]
    arm64: PathBuf,
}

/// Why a package was not made.
#[derive(Debug, thiserror::Error)]
enum PackageError {
    #[error(transparent)]
    Program(#[from] ProgramError),
    #[error(transparent)]
    Qpkg(#[from] qpkg::QpkgError),
    #[error("the package cannot be made: {0}")]
    Made(#[source] std::io::Error),
    #[error("{0} cannot be written: {1}")]
    Written(PathBuf, #[source] std::io::Error),
}

fn main() -> ExitCode {
    match make(Cli::parse().format) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tocsin-package: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(format: Format) -> Result<(), PackageError> {
    match format {
        Format::Version => {
            println!("{}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Format::Qpkg(options) => {
            let program = program::read(&options.binary, options.arch)?;
            let release = options.release;
            let package = qpkg::build(options.arch, release.version, options.source_date, program)?;
            write(&release.out, &package)
        }
        Format::Spk(options) => {
            let program = program::read(&options.binary, options.arch)?;
            let release = options.release;
            let package = spk::build(options.arch, release.version, program, options.source_date);
            write(&release.out, &package.map_err(PackageError::Made)?)
        }
        Format::Oci(options) => {
            let programs = vec![
                (Arch::X86_64, program::read(&options.amd64, Arch::X86_64)?),
                (Arch::Aarch64, program::read(&options.arm64, Arch::Aarch64)?),
            ];
            let release = options.release;
            let image = oci::build(programs, release.version, options.source_date);
            write(&release.out, &image.map_err(PackageError::Made)?)
        }
        Format::Compose(release) => write(&release.out, compose::file(release.version).as_bytes()),
    }
}

/// Writes a package so that one which was interrupted does not stand there as if it were whole.
fn write(path: &Path, bytes: &[u8]) -> Result<(), PackageError> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    let draft = PathBuf::from(draft);
    std::fs::write(&draft, bytes)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(|error| PackageError::Written(path.to_owned(), error))
}
