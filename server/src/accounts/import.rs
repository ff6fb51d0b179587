//! `tocsin accounts import`.

use super::reach::Reach;
use super::{AccountsError, Place};
use crate::api::{ImportBody, ImportQuery, RowBody};
use clap::Args;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tocsin_domain::id::ImportId;
use tocsin_domain::import::{FileProblem, MOST_BYTES};

/// How often the progress is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// The options of `tocsin accounts import`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a switch of its own.
pub struct ImportOptions {
    /// The CSV file; “-” reads it from standard input
    file: PathBuf,
    /// Update accounts that exist; an empty password keeps the old one
    #[arg(long)]
    update: bool,
    /// Print what became of the rows as JSON
    #[arg(long)]
    json: bool,
    /// Print the rows that went well too
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// The file is Latin-1 (Windows-1252)
    #[arg(long)]
    latin1: bool,
    /// What a column holds, where its name does not say it; may be repeated. An empty field leaves it out
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Write the report to a CSV file as well
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Imports.
pub async fn run(place: &Place, options: ImportOptions) -> Result<(), AccountsError> {
    let bytes = read(&options.file)?;
    let reach = Reach::find(place).await?;
    let done = import(&reach, &options, bytes).await;
    reach.end().await;
    let failed = done?;
    if failed > 0 {
        Err(AccountsError::RowsFailed(failed))
    } else {
        Ok(())
    }
}

/// Returns how many rows failed.
async fn import(reach: &Reach, options: &ImportOptions, bytes: Vec<u8>) -> Result<u64, AccountsError> {
    let query = ImportQuery {
        update: options.update,
        latin1: options.latin1,
        name: options
            .file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        map: options.map.join("\n"),
    };
    let started = reach.start(&query, bytes).await?;
    if !started.unused.is_empty() {
        eprintln!(
            "tocsin: these columns are not used: {}",
            started.unused.join(", ")
        );
    }
    let import = wait(reach, started.id).await?;
    print(reach, options, &import).await?;
    if let Some(file) = &options.report {
        let report = reach.report(started.id).await?;
        std::fs::write(file, report)
            .map_err(|error| AccountsError::Write(file.display().to_string(), error))?;
    }
    Ok(import.failed)
}

fn read(file: &Path) -> Result<Vec<u8>, AccountsError> {
    let unread = |error| AccountsError::Read(file.display().to_string(), error);
    let mut bytes = Vec::new();
    // One byte more tells that it is too large.
    let limit = MOST_BYTES as u64 + 1;
    if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(limit)
            .read_to_end(&mut bytes)
            .map_err(unread)?;
    } else {
        let file = std::fs::File::open(file).map_err(unread)?;
        file.take(limit).read_to_end(&mut bytes).map_err(unread)?;
    }
    if bytes.len() > MOST_BYTES {
        return Err(tocsin_engine::import::ImportError::File(FileProblem::TooLarge).into());
    }
    Ok(bytes)
}

/// Waits for the last row, and tells the progress on standard error: on one line where somebody watches.
async fn wait(reach: &Reach, id: ImportId) -> Result<ImportBody, AccountsError> {
    let watched = std::io::stderr().is_terminal();
    let mut told = 0;
    loop {
        let import = reach.progress(id).await?;
        let line = progress(&import);
        let done = done(&import);
        let tenth = (import.rows / 10).max(1);
        if watched {
            eprint!("\r{line}\u{1b}[K");
        } else if done / tenth > told {
            told = done / tenth;
            eprintln!("{line}");
        }
        let _ = std::io::stderr().flush();
        if import.over {
            if watched {
                eprintln!();
            }
            return Ok(import);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn done(import: &ImportBody) -> u64 {
    import.created + import.updated + import.unchanged + import.skipped + import.failed
}

fn progress(import: &ImportBody) -> String {
    format!("{} of {} rows: {}", done(import), import.rows, counts(import))
}

fn counts(import: &ImportBody) -> String {
    let ImportBody {
        created,
        updated,
        unchanged,
        skipped,
        failed,
        ..
    } = import;
    format!("{created} created, {updated} updated, {unchanged} unchanged, {skipped} skipped, {failed} failed")
}

async fn print(reach: &Reach, options: &ImportOptions, import: &ImportBody) -> Result<(), AccountsError> {
    let unwritten = |error| AccountsError::Write("standard output".to_owned(), error);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if options.json {
        let head = serde_json::to_value(import).map_err(|error| AccountsError::System(error.to_string()))?;
        write!(out, "{{\"import\":{head},\"rows\":[").map_err(unwritten)?;
    }
    let mut after = 0;
    let mut first = true;
    loop {
        let rows = reach.rows(import.id, after).await?;
        let Some(last) = rows.last() else { break };
        after = last.position;
        for row in &rows {
            if options.json {
                let comma = if std::mem::take(&mut first) { "" } else { "," };
                let row =
                    serde_json::to_string(row).map_err(|error| AccountsError::System(error.to_string()))?;
                write!(out, "{comma}\n{row}").map_err(unwritten)?;
            } else if options.all || matches!(row.outcome.as_str(), "failed" | "skipped") {
                writeln!(out, "{}", line(row)).map_err(unwritten)?;
            }
        }
    }
    if options.json {
        writeln!(out, "\n]}}").map_err(unwritten)?;
    } else {
        writeln!(out, "{}", counts(import)).map_err(unwritten)?;
        if import.awaiting_owners > 0 {
            let number = import.awaiting_owners;
            writeln!(
                out,
                "{number} await their owners: send the links from the import's page"
            )
            .map_err(unwritten)?;
        }
    }
    out.flush().map_err(unwritten)
}

/// A row, its reason and what mends it, on one line.
fn line(row: &RowBody) -> String {
    let address = if row.email.is_empty() {
        "(no address)"
    } else {
        &row.email
    };
    let mut line = format!("line {} {address}: {}", row.line, row.outcome);
    for part in [&row.class, &row.reason, &row.next_step, &row.server_said]
        .into_iter()
        .flatten()
    {
        line.push_str("; ");
        // A server's words must not steer the terminal.
        line.extend(part.chars().filter(|c| !c.is_control()));
    }
    line
}
