//! The command line. Each command has a file of its own.

use crate::accounts::{self, AccountsOptions};
use crate::explain::{self, ExplainOptions};
use crate::report::{self, ReportOptions};
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
    /// Report an event to the Tocsin on this machine
    Report(ReportOptions),
    /// Import accounts from a CSV file, or export them
    Accounts(AccountsOptions),
    /// Say what a mail server's or sign-in server's reply means
    Explain(ExplainOptions),
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let done: Result<(), Box<dyn std::error::Error>> = match Cli::parse().command {
        Command::Serve(options) => serve::run(options).map_err(Into::into),
        Command::Report(options) => report::run(options).map_err(Into::into),
        Command::Accounts(options) => accounts::run(options).map_err(Into::into),
        Command::Explain(options) => explain::run(&options).map_err(Into::into),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tocsin: {error}");
            ExitCode::FAILURE
        }
    }
}
