//! `tocsin healthcheck`: whether the Tocsin on this machine answers, for service managers and containers. It needs no
//! shell and no other program.
//!
//! Unlike `tocsin doctor` it says nothing about mailboxes: what somebody must act on is no reason to start it anew.

use crate::report::door::{self, Door, Purpose};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The options of `tocsin healthcheck`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 it answers, 1 it does not.")]
pub struct HealthcheckOptions {
    /// The data directory [default: ./data, else the installed package's]
    #[arg(long, env = "TOCSIN_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Why it does not count as healthy.
#[derive(Debug, thiserror::Error)]
pub enum HealthcheckError {
    /// Nothing ever ran with the data directory.
    #[error("no Tocsin has run with its data in {0}. Name its data directory with --data")]
    NeverRan(PathBuf),
    /// Somebody else's.
    #[error("{0} is kept from this user. Ask as root, or as the user that Tocsin runs as")]
    Forbidden(PathBuf),
    /// It runs no longer, or hangs.
    #[error("{0} does not answer. Look into Tocsin's log, and start it again")]
    Silent(String),
    /// It answers, but not as it should.
    #[error("{0} answers {1}. Look into Tocsin's log")]
    Ill(String, reqwest::StatusCode),
    /// Asking is not possible.
    #[error("Tocsin cannot be asked: {0}")]
    Client(#[from] reqwest::Error),
    /// The operating system failed.
    #[error("the operating system refuses to ask Tocsin: {0}")]
    System(#[from] std::io::Error),
}

/// Asks once.
pub fn run(options: &HealthcheckOptions) -> Result<(), HealthcheckError> {
    let home = door::home_or_usual(options.data.as_deref());
    let Some(Door { url, .. }) = Door::read(&home, Purpose::Report) else {
        return Err(if Door::is_kept_from_us(&home, Purpose::Report) {
            HealthcheckError::Forbidden(home)
        } else {
            HealthcheckError::NeverRan(home)
        });
    };
    let client = tocsin_engine::oauth::local_client(PATIENCE)?;
    let question = client.get(format!("{}/healthz", url.trim_end_matches('/')));
    let answer = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async { question.send().await });
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(HealthcheckError::Ill(url, answer.status())),
        Err(_) => Err(HealthcheckError::Silent(url)),
    }
}
