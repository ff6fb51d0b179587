//! What the process writes while it runs, to standard error. `RUST_LOG` chooses what; no line holds a secret.

use crate::settings::LogFormat;
use tracing_subscriber::EnvFilter;

/// Starts logging.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,tocsin=info,tocsin_engine=info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
