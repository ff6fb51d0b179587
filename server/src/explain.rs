//! `tocsin explain`: what a server's reply means, and what to do.

use clap::Args;
use std::io::{BufRead as _, Write as _};
use tocsin_domain::failure::{ExplainLine, Failure, Stage, classify, explain, parse_reply};

/// The options of `tocsin explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// The provider's preset, such as gmail or outlook
    #[arg(long)]
    provider: Option<String>,
    /// The step: connect, tls, auth, mail, rcpt, data, token or imap [default: guessed from the reply]
    #[arg(long)]
    stage: Option<Stage>,
    /// Read lines of JSON from standard input ({"id":…,"provider":…,"stage":…,"code":…,"text":…}) and print
    /// {"id":…,"class":…} for each
    #[arg(long, conflicts_with_all = ["provider", "stage", "reply"])]
    jsonl: bool,
    /// The server's words
    #[arg(required_unless_present = "jsonl")]
    reply: Option<String>,
}

/// Why nothing was explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// Standard input or output failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A line is not JSON.
    #[error("line {0} is not a JSON object with a text: {1}")]
    Line(usize, #[source] serde_json::Error),
}

/// Explains.
pub fn run(options: &ExplainOptions) -> Result<(), ExplainError> {
    if options.jsonl {
        return explain_lines();
    }
    let text = options.reply.as_deref().unwrap_or_default();
    let (code, enhanced, _) = parse_reply(text);
    let stage = options.stage.unwrap_or_else(|| Stage::guess(code, text));
    let failure = Failure {
        provider: options.provider.as_deref(),
        stage,
        code,
        enhanced,
        text,
    };
    writeln!(std::io::stdout(), "{}", explain(&failure))?;
    Ok(())
}

fn explain_lines() -> Result<(), ExplainError> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (index, line) in std::io::stdin().lock().lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let line: ExplainLine =
            serde_json::from_str(&line).map_err(|error| ExplainError::Line(index + 1, error))?;
        let answer = serde_json::json!({ "id": line.id, "class": classify(&line.failure()).class });
        writeln!(out, "{answer}")?;
    }
    out.flush()?;
    Ok(())
}
