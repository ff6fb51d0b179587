//! The command line. Each command has a file of its own.

use crate::serve;
use crate::settings::ServeOptions;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A notification center that never loses a notification.
#[derive(Debug, Parser)]
#[command(name = "tocsin", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run Tocsin until it is told to stop
    Serve(ServeOptions),
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Serve(options) => serve::run(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tocsin: {error}");
            ExitCode::FAILURE
        }
    }
}
