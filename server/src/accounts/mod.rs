//! `tocsin accounts import` and `tocsin accounts export`: accounts in bulk, from a shell.
//!
//! | file | what |
//! |---|---|
//! | [`import`] | a CSV file in, progress on standard error, what became of its rows on standard output |
//! | [`export`] | the accounts as such a file, without secrets |
//! | [`reach`] | who does the work: the running server, or this process where none runs |
//!
//! The running server is asked through the machine API, by the door that it leaves for this machine's administrator
//! ([`Purpose::Administer`](crate::report::door::Purpose)), or by `--server` and `--token`.

mod export;
mod import;
mod reach;

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The options of `tocsin accounts`.
#[derive(Debug, Args)]
pub struct AccountsOptions {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where the accounts are.
#[derive(Debug, Args)]
struct Place {
    /// The data directory of the local Tocsin [default: ./data, else the installed package's]
    #[arg(long, env = "TOCSIN_DATA", value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// Another server's address, with --token
    #[arg(long, env = "TOCSIN_SERVER", value_name = "URL", global = true)]
    server: Option<String>,
    /// A machine token of the scope “administer”; the local server needs none
    #[arg(long, env = "TOCSIN_TOKEN", hide_env_values = true, global = true)]
    token: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add or update accounts from a CSV file; each is tried by a real sign-in
    Import(import::ImportOptions),
    /// Write the accounts as a CSV file, without passwords
    Export(export::ExportOptions),
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(String, #[source] std::io::Error),
    /// A file cannot be written.
    #[error("{0} cannot be written: {1}. Check that this user may write there, and that the disk has room")]
    Write(String, #[source] std::io::Error),
    /// The server does not take it.
    #[error("{0}")]
    Refused(String),
    /// The server does not answer any more.
    #[error(
        "the server does not answer ({0}). What was started goes on when it runs; its report is on its page"
    )]
    Lost(String),
    /// There is no Tocsin to be found.
    #[error(
        "no Tocsin was found on this machine: name its data directory with --data, or a server with --server and \
         --token"
    )]
    NoServer,
    /// A server runs whose door this user cannot open.
    #[error(
        "a server uses {0}, and this user may not read its file administer.json: run the command as the server's \
         user, or name the server with --server and --token"
    )]
    NoDoor(PathBuf),
    /// The database cannot be used.
    #[error(transparent)]
    Start(#[from] tocsin_engine::StartError),
    /// The file is not taken.
    #[error(transparent)]
    Import(#[from] tocsin_engine::import::ImportError),
    /// It was done, and rows failed.
    #[error("{0} of the rows failed; the others are done")]
    RowsFailed(u64),
    /// The runtime or HTTP client cannot be made.
    #[error("{0}")]
    System(String),
}

/// Does what the command line says.
pub fn run(options: AccountsOptions) -> Result<(), AccountsError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| AccountsError::System(error.to_string()))?;
    let AccountsOptions { place, command } = options;
    runtime.block_on(async {
        match command {
            Command::Import(options) => import::run(&place, options).await,
            Command::Export(options) => export::run(&place, options).await,
        }
    })
}
