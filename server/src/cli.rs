//! The command line. Each command has a file of its own.

use crate::accounts::{self, AccountsOptions};
use crate::doctor::{self, DoctorOptions};
use crate::exit;
use crate::explain::{self, ExplainOptions};
use crate::healthcheck::{self, HealthcheckOptions};
use crate::log;
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
    /// Say whether everything is in order, and what is to be done
    Doctor(DoctorOptions),
    /// Say what a mail server's or sign-in server's reply means
    Explain(ExplainOptions),
    /// Say by the exit code whether the Tocsin on this machine answers
    Healthcheck(HealthcheckOptions),
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let done: Result<ExitCode, Box<dyn std::error::Error>> = match Cli::parse().command {
        Command::Serve(options) => Ok(serve(options)),
        Command::Report(options) => done(report::run(options)),
        Command::Accounts(options) => done(accounts::run(options)),
        Command::Doctor(options) => Ok(doctor::run(options)),
        Command::Explain(options) => done(explain::run(&options)),
        Command::Healthcheck(options) => done(healthcheck::run(&options)),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            log::tell(error);
            ExitCode::FAILURE
        }
    }
}

fn serve(options: ServeOptions) -> ExitCode {
    match serve::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::tell(&error);
            ExitCode::from(exit::code(&error))
        }
    }
}

fn done<E: std::error::Error + 'static>(
    result: Result<(), E>,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    result.map(|()| ExitCode::SUCCESS).map_err(Into::into)
}
