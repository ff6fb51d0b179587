//! `tocsin report`: a program's event, from the command line to the running Tocsin. It finds the local server by
//! itself and keeps the event on disk when the server is down; the server takes it in as soon as it runs.
//!
//! | file | what |
//! |---|---|
//! | [`door`] | the file by which the server tells local programs where it is |
//! | [`spool`] | events that wait on disk for the server |
//!
//! An event is reported under an `Idempotency-Key` made for it, by HTTP and in the spool alike: when it is not
//! known whether the server took it, it is spooled, and never becomes two events.

pub mod door;
pub mod spool;

use crate::api::EventBody;
use clap::Args;
use door::{Door, Purpose};
use jiff::Timestamp;
use spool::SpoolError;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use tocsin_domain::event::{Draft, InvalidEvent};
use tocsin_engine::oauth;

/// How long the server may take to answer before the event is spooled.
const PATIENCE: Duration = Duration::from_secs(10);

/// The options of `tocsin report`.
#[derive(Debug, Args)]
pub struct ReportOptions {
    /// information, warning or error
    #[arg(long, default_value = "information")]
    severity: String,
    /// The program that reports
    #[arg(long = "app", visible_alias = "application", default_value = "Command line")]
    application: String,
    /// The kind of event within the program
    #[arg(long, default_value = "")]
    category: String,
    /// The machine it happened on [default: this machine's name]
    #[arg(long)]
    host: Option<String>,
    /// A further value as NAME=VALUE; may be repeated
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,
    /// The data directory of the local Tocsin [default: ./data, else the installed package's]
    #[arg(long, env = "TOCSIN_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Another server's address, with --token
    #[arg(long, env = "TOCSIN_SERVER", value_name = "URL", requires = "token")]
    server: Option<String>,
    /// A machine token; the local server needs none
    #[arg(long, env = "TOCSIN_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// What happened; “-” reads it from standard input
    text: String,
}

/// Why an event was not reported.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A value is wrong.
    #[error("{0}")]
    Invalid(#[from] InvalidEvent),
    /// Standard input cannot be read.
    #[error("standard input cannot be read: {0}")]
    Input(#[source] std::io::Error),
    /// The server does not take it, and will not later either.
    #[error("the server did not accept the event: {0}")]
    Refused(String),
    /// The server does not answer, and the event could not be kept.
    #[error("the server does not answer, and the event could not be kept for later: {0}")]
    Spool(#[from] SpoolError),
    /// There is no server to be found, and nowhere to keep the event.
    #[error(
        "no Tocsin was found on this machine: name its data directory with --data, or a server with --server"
    )]
    NoServer,
    /// The runtime or HTTP client cannot be made.
    #[error("{0}")]
    System(String),
}

/// Reports an event.
pub fn run(options: ReportOptions) -> Result<(), ReportError> {
    let home = door::home(options.data.as_deref());
    let remote = options.server.clone().zip(options.token.clone());
    let body = body(options)?;
    let json = serde_json::to_vec(&body).map_err(|error| ReportError::System(error.to_string()))?;
    let key = spool::new_key();
    let (door, client) = match remote {
        Some((url, token)) => (Some(Door { url, token }), oauth::client(PATIENCE)),
        None => (
            home.as_deref().and_then(|home| Door::read(home, Purpose::Report)),
            oauth::local_client(PATIENCE),
        ),
    };
    let client = client.map_err(|error| ReportError::System(error.to_string()))?;
    if let Some(door) = &door {
        match post(&client, door, &key, json.clone())? {
            Answer::Accepted => return Ok(()),
            Answer::Refused(detail) => return Err(ReportError::Refused(detail)),
            Answer::None(why) => {
                eprintln!("tocsin: the server does not answer ({why}); the event is kept for it");
            }
        }
    }
    let home = home.ok_or(ReportError::NoServer)?;
    Ok(spool::keep(&home, &key, &json)?)
}

fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn body(options: ReportOptions) -> Result<EventBody, ReportError> {
    let text = match options.text.as_str() {
        "-" => std::io::read_to_string(std::io::stdin()).map_err(ReportError::Input)?,
        text => text.to_owned(),
    };
    let host = options.host.unwrap_or_else(|| {
        std::fs::read_to_string("/proc/sys/kernel/hostname")
            .unwrap_or_default()
            .trim()
            .to_owned()
    });
    let body = EventBody {
        application: options.application,
        category: options.category,
        severity: options.severity,
        text,
        host,
        // The event's time is now, also when the server takes it in later.
        at: Some(Timestamp::now()),
        fields: options.fields.into_iter().collect::<BTreeMap<_, _>>(),
    };
    // A wrong value is told here and now, not by a server that runs tomorrow.
    Draft::from(body.clone()).check(Timestamp::now())?;
    Ok(body)
}

enum Answer {
    Accepted,
    Refused(String),
    None(String),
}

fn post(client: &reqwest::Client, door: &Door, key: &str, json: Vec<u8>) -> Result<Answer, ReportError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ReportError::System(error.to_string()))?;
    runtime.block_on(async {
        let sent = client
            .post(format!("{}/api/v1/events", door.url.trim_end_matches('/')))
            .bearer_auth(&door.token)
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(json)
            .send()
            .await;
        Ok(match sent {
            Err(error) => Answer::None(error.without_url().to_string()),
            Ok(response) if response.status().is_success() => Answer::Accepted,
            Ok(response) if response.status().is_server_error() => {
                Answer::None(response.status().to_string())
            }
            // The door's token is of a database that is gone: the server that starts next makes a new one.
            Ok(response) if response.status().as_u16() == 401 => {
                Answer::None("the token is not known".into())
            }
            Ok(response) => Answer::Refused(response.text().await.unwrap_or_default()),
        })
    })
}
