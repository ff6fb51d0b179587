//! `tocsin accounts export`.

use super::reach::Reach;
use super::{AccountsError, Place};
use clap::Args;
use std::io::Write as _;
use std::path::PathBuf;

/// The options of `tocsin accounts export`.
#[derive(Debug, Args)]
pub struct ExportOptions {
    /// Where to write it [default: standard output]
    file: Option<PathBuf>,
}

/// Exports.
pub async fn run(place: &Place, options: ExportOptions) -> Result<(), AccountsError> {
    let reach = Reach::find(place).await?;
    let file = reach.export().await;
    reach.end().await;
    let file = file?;
    match options.file {
        Some(path) => std::fs::write(&path, file)
            .map_err(|error| AccountsError::Write(path.display().to_string(), error)),
        None => std::io::stdout()
            .write_all(&file)
            .map_err(|error| AccountsError::Write("standard output".to_owned(), error)),
    }
}
