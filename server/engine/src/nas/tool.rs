//! Runs a program of the NAS: by its path and arguments, never through a shell, and not for ever.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// How long one may take. They write a line into a database on the NAS's own disk.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why it did not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum ToolError {
    #[error("it cannot be run: {0}")]
    NotRun(#[from] std::io::Error),
    #[error("it took longer than {PATIENCE:?}")]
    TimedOut,
    #[error("it ended with {0}")]
    Failed(std::process::ExitStatus),
}

/// Runs it to its end; gives what it printed.
pub(super) async fn run(program: &Path, arguments: &[&str]) -> Result<String, ToolError> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    // The vault's key may be among them.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TOCSIN_") {
            command.env_remove(name);
        }
    }
    let output = tokio::time::timeout(PATIENCE, command.output())
        .await
        .map_err(|_| ToolError::TimedOut)??;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ToolError::Failed(output.status))
    }
}
