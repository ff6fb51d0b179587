//! `tocsin-package FORMAT …`: makes one package. The command line; each format has a module in the library, and a
//! variant with its options here.

use clap::{Parser, Subcommand};
use std::process::ExitCode;

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
}

fn main() -> ExitCode {
    match Cli::parse().format {
        Format::Version => println!("{}", env!("CARGO_PKG_VERSION")),
    }
    ExitCode::SUCCESS
}
