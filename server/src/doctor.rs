//! `tocsin doctor`: says whether everything is in order, beside a running server or without one.
//!
//! It ends with 0 where nothing is to be done, 1 where somebody must act, 2 where that cannot be told.

use crate::report::door::{self, Door, Purpose};
use crate::settings;
use clap::Args;
use secrecy::SecretString;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tocsin_engine::doctor::{Check, Finding, Standing, examine};

/// How long the server may take to say that it runs.
const PATIENCE: Duration = Duration::from_secs(5);

/// The options of `tocsin doctor`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing is to be done, 1 somebody must act, 2 it cannot be told.")]
pub struct DoctorOptions {
    /// The data directory [default: ./data, else the installed package's]
    #[arg(long, env = "TOCSIN_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The files that browsers load [default: as `tocsin serve` finds them]
    #[arg(long, env = "TOCSIN_SITE", value_name = "DIR")]
    site: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What the program ends with where it cannot be told whether somebody must act.
const CANNOT_TELL: u8 = 2;

/// Looks, and prints what was found.
pub fn run(options: DoctorOptions) -> ExitCode {
    let json = options.json;
    let printed = look(options).and_then(|findings| print(&findings, json));
    printed.unwrap_or_else(|error| {
        eprintln!("tocsin: {error}");
        ExitCode::from(CANNOT_TELL)
    })
}

fn look(options: DoctorOptions) -> std::io::Result<Vec<Finding>> {
    let folder = door::home_or_usual(options.data.as_deref());
    let key = std::env::var("TOCSIN_KEY").ok().map(SecretString::from);
    let findings = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let mut findings = examine(&folder, key.as_ref()).await;
            // Without a database there is nothing that a server could serve.
            if findings
                .iter()
                .any(|finding| finding.check == Check::Notifications)
            {
                findings.push(server(&folder).await);
                findings.push(site(&folder, options.site));
            }
            findings
        });
    Ok(findings)
}

fn print(findings: &[Finding], as_json: bool) -> std::io::Result<ExitCode> {
    let worst = findings
        .iter()
        .map(|finding| finding.standing)
        .max()
        .unwrap_or(Standing::Unknown);
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(out, "{}", json!({ "standing": worst, "findings": findings }))?;
    } else {
        out.write_all(text(findings, worst).as_bytes())?;
    }
    Ok(match worst {
        Standing::Fine | Standing::Note => ExitCode::SUCCESS,
        Standing::Act => ExitCode::from(1),
        Standing::Unknown => ExitCode::from(CANNOT_TELL),
    })
}

fn text(findings: &[Finding], worst: Standing) -> String {
    let mut text = String::new();
    for finding in findings {
        let mark = match finding.standing {
            Standing::Fine => "ok   ",
            Standing::Note => "note ",
            Standing::Unknown => "?    ",
            Standing::Act => "ACT  ",
        };
        let _ = writeln!(text, "{mark} {}: {}", finding.check.words(), finding.what);
        if let Some(next) = &finding.next {
            let _ = writeln!(text, "       {}.", next.trim_end_matches('.'));
        }
    }
    text.push_str(match worst {
        Standing::Fine | Standing::Note => "\nNothing is to be done.\n",
        Standing::Act => "\nSomebody must act.\n",
        Standing::Unknown => "\nNot everything could be told.\n",
    });
    text
}

/// Whether the server that uses the data directory answers.
async fn server(folder: &Path) -> Finding {
    let stopped = || {
        Finding::act(
            Check::Server,
            "does not run: nothing is sent, and programs' events wait on disk",
            "Start it with tocsin serve, or by the system's service",
        )
    };
    let Some(Door { url, .. }) = Door::read(folder, Purpose::Report) else {
        return stopped();
    };
    let Ok(client) = tocsin_engine::oauth::local_client(PATIENCE) else {
        return Finding::unknown(Check::Server, "cannot be asked: no HTTP client", "Run this again");
    };
    let asked = client.get(format!("{}/readyz", url.trim_end_matches('/'))).send();
    match asked.await {
        Ok(answer) if answer.status().is_success() => Finding::fine(Check::Server, format!("runs at {url}")),
        Ok(answer) => Finding::act(
            Check::Server,
            format!("runs at {url}, but answers {}", answer.status()),
            "Look into its log",
        ),
        Err(_) => stopped(),
    }
}

/// Whether browsers find style and script.
fn site(folder: &Path, given: Option<PathBuf>) -> Finding {
    let site = match settings::site_of(folder, given) {
        Ok(site) => site,
        Err(error) => return Finding::act(Check::Site, error.to_string(), "Correct tocsin.toml"),
    };
    match site.missing() {
        None => Finding::fine(Check::Site, site.to_string()),
        Some(missing) => Finding::act(
            Check::Site,
            format!("{missing} is missing ({site}): pages come without style or script"),
            "Install Tocsin's package again, or name the files with --site",
        ),
    }
}
