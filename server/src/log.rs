//! What the process writes while it runs, to standard error. `RUST_LOG` chooses what; no line holds a secret.

use crate::settings::LogFormat;
use std::fmt::Display;
use std::io::Write as _;
use tracing_subscriber::EnvFilter;

/// Tells whoever started the program. The disk that keeps standard error may be full, or nobody may read it any more: that
/// is no reason to panic, as `eprintln` would.
pub fn tell(words: impl Display) {
    let _ = writeln!(std::io::stderr(), "tocsin: {words}");
}

/// Starts logging.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,tocsin=info,tocsin_engine=info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A line that cannot be written is lost, without another line about it that panics.
        .log_internal_errors(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
