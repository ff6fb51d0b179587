//! Who does the work: the running server, by its machine API, or this process, where no server runs.

use super::{AccountsError, Place};
use crate::api::{self, ImportBody, ImportQuery, RowBody, StartedBody};
use crate::report::door::{self, Door, Purpose};
use reqwest::{Client, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tocsin_domain::id::ImportId;
use tocsin_engine::audit::Who;
use tocsin_engine::oauth;
use tocsin_engine::store::OpenError;
use tocsin_engine::{Config, Engine, StartError};
use url::form_urlencoded;

/// How long the server may take for one answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many rows are read at a time.
const ROWS: u32 = 500;

/// Who does the work.
pub enum Reach {
    /// The running server.
    Server { client: Client, door: Door },
    /// This process.
    Here(Arc<Engine>),
}

impl Reach {
    /// Finds the server, else opens its data directory.
    pub async fn find(place: &Place) -> Result<Self, AccountsError> {
        let system = |error: reqwest::Error| AccountsError::System(error.to_string());
        if let (Some(url), Some(token)) = (place.server.clone(), place.token.clone()) {
            let client = oauth::client(PATIENCE).map_err(system)?;
            let door = Door { url, token };
            return Ok(Self::Server { client, door });
        }
        let home = door::home(place.data.as_deref()).ok_or(AccountsError::NoServer)?;
        let client = oauth::local_client(PATIENCE).map_err(system)?;
        match Door::read(&home, Purpose::Administer) {
            Some(door) if answers(&client, &door).await => Ok(Self::Server { client, door }),
            _ => Self::open(&home).await,
        }
    }

    async fn open(folder: &Path) -> Result<Self, AccountsError> {
        let mut config = Config::new(folder.to_owned());
        config.key = std::env::var("TOCSIN_KEY").ok().map(Into::into);
        match Engine::start(config).await {
            Ok(engine) => Ok(Self::Here(engine)),
            Err(StartError::Open(OpenError::InUse(folder))) => Err(AccountsError::NoDoor(folder)),
            Err(error) => Err(error.into()),
        }
    }

    /// Starts an import.
    pub async fn start(&self, query: &ImportQuery, bytes: Vec<u8>) -> Result<StartedBody, AccountsError> {
        match self {
            Self::Here(engine) => Ok(api::start_import(engine, query, bytes, &who()).await?),
            Self::Server { client, door } => {
                let query = [
                    ("update", query.update.to_string()),
                    ("latin1", query.latin1.to_string()),
                    ("name", query.name.clone()),
                    ("map", query.map.clone()),
                ];
                let url = format!("{}?{}", at(door, "accounts/imports"), encoded(&query));
                let request = client.post(url).header("Content-Type", "text/csv").body(bytes);
                json(request, door).await
            }
        }
    }

    /// How far an import is.
    pub async fn progress(&self, id: ImportId) -> Result<ImportBody, AccountsError> {
        match self {
            Self::Here(engine) => Ok(api::import_body(&engine.import(id).await?)),
            Self::Server { client, door } => {
                json(client.get(at(door, &format!("accounts/imports/{id}"))), door).await
            }
        }
    }

    /// Rows that have their outcome, behind a position; none is the end.
    pub async fn rows(&self, id: ImportId, after: u64) -> Result<Vec<RowBody>, AccountsError> {
        match self {
            Self::Here(engine) => {
                let rows = engine.import_rows(id, None, after, ROWS).await?;
                Ok(rows.into_iter().map(api::row_body).collect())
            }
            Self::Server { client, door } => {
                let url = at(door, &format!("accounts/imports/{id}/rows?after={after}"));
                json(client.get(url), door).await
            }
        }
    }

    /// The report as a CSV file.
    pub async fn report(&self, id: ImportId) -> Result<Vec<u8>, AccountsError> {
        match self {
            Self::Here(engine) => Ok(engine.import_report(id).await?),
            Self::Server { client, door } => {
                bytes(
                    client.get(at(door, &format!("accounts/imports/{id}/report"))),
                    door,
                )
                .await
            }
        }
    }

    /// All accounts as a CSV file.
    pub async fn export(&self) -> Result<Vec<u8>, AccountsError> {
        match self {
            Self::Here(engine) => Ok(engine.export_accounts(&who()).await?),
            Self::Server { client, door } => bytes(client.get(at(door, "accounts/export")), door).await,
        }
    }

    /// Gives the data directory back.
    pub async fn end(self) {
        if let Self::Here(engine) = self {
            engine.stop().await;
        }
    }
}

fn who() -> Who {
    Who {
        name: "tocsin accounts".to_owned(),
        origin: "command line".to_owned(),
    }
}

async fn answers(client: &Client, door: &Door) -> bool {
    let asked = client
        .get(format!("{}/healthz", door.url.trim_end_matches('/')))
        .send()
        .await;
    asked.is_ok_and(|answer| answer.status().is_success())
}

fn at(door: &Door, path: &str) -> String {
    format!("{}/api/v1/{path}", door.url.trim_end_matches('/'))
}

fn encoded(pairs: &[(&str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

async fn send(request: RequestBuilder, door: &Door) -> Result<Response, AccountsError> {
    let answer = request.bearer_auth(&door.token).send().await;
    let answer = answer.map_err(|error| AccountsError::Lost(error.without_url().to_string()))?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    let status = answer.status();
    let problem: serde_json::Value = answer.json().await.unwrap_or_default();
    let detail = problem["detail"]
        .as_str()
        .map_or_else(|| status.to_string(), ToOwned::to_owned);
    Err(AccountsError::Refused(detail))
}

async fn json<T: DeserializeOwned>(request: RequestBuilder, door: &Door) -> Result<T, AccountsError> {
    let answer = send(request, door).await?;
    answer
        .json()
        .await
        .map_err(|error| AccountsError::Lost(error.without_url().to_string()))
}

async fn bytes(request: RequestBuilder, door: &Door) -> Result<Vec<u8>, AccountsError> {
    let answer = send(request, door).await?;
    let bytes = answer.bytes().await;
    Ok(bytes
        .map_err(|error| AccountsError::Lost(error.without_url().to_string()))?
        .to_vec())
}
