//! Adding accounts in bulk: what its pages ask. The file itself comes by a plain form, in the `server` crate.

use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tocsin_domain::{
    id::{AccountId, ImportId},
    import::{Counts, FileProblem, ImportField, ImportState, Outcome, Remark},
};

use super::error::ApiError;
use crate::i18n::{tu_string, use_i18n};

/// How many rows of the report a page lists.
pub const PAGE: u32 = 50;

/// Where the file goes.
pub const UPLOAD: &str = "/accounts/import/upload";

/// Where the template is.
pub const TEMPLATE: &str = "/accounts/import/template.csv";

/// Where the accounts are as such a file.
pub const EXPORT: &str = "/accounts/export.csv";

/// An import and how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The file's name.
    pub file_name: String,
    /// How far it is.
    pub state: ImportState,
    /// Who brought it.
    pub who: String,
    /// When.
    pub created_at: Timestamp,
    /// How many rows it has.
    pub rows: u64,
    /// What became of them so far.
    pub counts: Counts,
    /// How many of its mailboxes still await their owners.
    pub awaiting: u64,
}

/// An import as its own page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// The import.
    pub import: Import,
    /// Its columns, while somebody says what they hold.
    pub columns: Option<Columns>,
    /// A page of its report.
    pub report: Vec<Row>,
    /// How many rows the report has in all, as it is filtered.
    pub total: u64,
    /// Links that were made just now, to be shown this once.
    pub links: Option<String>,
}

/// The columns of a file, with its first rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// Their names.
    pub header: Vec<String>,
    /// What they seem to hold.
    pub mapping: Vec<Option<ImportField>>,
    /// The first rows, passwords hidden.
    pub rows: Vec<Vec<String>>,
}

/// A row of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line in which it begins.
    pub line: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// The mailbox; empty where the row names none.
    pub address: String,
    /// The account that it is about.
    pub account: Option<AccountId>,
    /// Why.
    pub remark: Option<Remark>,
}

/// What is said about a file's columns.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StartForm {
    /// What each column holds; empty is nothing that is used.
    pub columns: Vec<String>,
    /// Anything: accounts that exist are changed.
    pub update: String,
}

/// Why a file was not taken. It travels in the address of the page that says so: words that are known, and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadProblem {
    /// The file itself.
    File(FileProblem),
    /// Who brought it may not.
    Forbidden,
    /// It did not arrive whole.
    Incomplete,
    /// Tocsin failed.
    Failed,
}

impl UploadProblem {
    /// The address of the page that says it.
    pub fn address(self) -> String {
        let word = match self {
            Self::File(problem) => {
                let value = serde_json::to_value(problem).unwrap_or_default();
                let word = value["problem"].as_str().unwrap_or("failed").to_owned();
                match value["line"].as_u64() {
                    Some(line) => format!("{word}&line={line}"),
                    None => word,
                }
            }
            Self::Forbidden => "forbidden".to_owned(),
            Self::Incomplete => "incomplete".to_owned(),
            Self::Failed => "failed".to_owned(),
        };
        format!("/accounts/import?problem={word}")
    }

    /// What an address says; nothing where it says nothing that is known.
    pub fn from_query(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let problem = get("problem")?;
        match problem.as_str() {
            "forbidden" => Some(Self::Forbidden),
            "incomplete" => Some(Self::Incomplete),
            "failed" => Some(Self::Failed),
            _ => {
                let line: u64 = get("line").and_then(|line| line.parse().ok()).unwrap_or_default();
                let value = serde_json::json!({ "problem": problem, "line": line });
                serde_json::from_value(value).ok().map(Self::File)
            }
        }
    }

    /// What it says.
    pub fn words(self) -> String {
        let i18n = use_i18n();
        match self {
            Self::File(problem) => ApiError::input(problem).message,
            Self::Forbidden => tu_string!(i18n, import.forbidden).to_owned(),
            Self::Incomplete => tu_string!(i18n, import.incomplete).to_owned(),
            Self::Failed => tu_string!(i18n, import.failed_upload).to_owned(),
        }
    }
}

/// The latest imports, newest first.
#[server(endpoint = "import/list")]
pub async fn import_list() -> Result<Vec<Import>, ApiError> {
    ssr::answer(ssr::list().await)
}

/// One import, with a page of its report.
#[server(endpoint = "import/one")]
pub async fn import_detail(id: ImportId, outcome: String, page: u32) -> Result<Detail, ApiError> {
    ssr::answer(ssr::detail(id, &outcome, page).await)
}

/// Starts trying the rows.
#[server(endpoint = "import/start")]
pub async fn start_import(id: ImportId, form: StartForm) -> Result<(), ApiError> {
    ssr::answer(ssr::start(id, form).await)
}

/// Ends an import early.
#[server(endpoint = "import/cancel")]
pub async fn cancel_import(id: ImportId) -> Result<(), ApiError> {
    ssr::answer(ssr::cancel(id).await)
}

/// Makes links for the owners, to be shown once.
#[server(endpoint = "import/links")]
pub async fn show_links(id: ImportId) -> Result<(), ApiError> {
    ssr::answer(ssr::show_links(id).await)
}

/// Makes links and mails them to the owners.
#[server(endpoint = "import/mail-links")]
pub async fn mail_links(id: ImportId) -> Result<(), ApiError> {
    ssr::answer(ssr::mail_links(id).await)
}

#[cfg(feature = "ssr")]
mod ssr {
    use std::fmt::Write as _;

    use leptos::prelude::expect_context;
    use leptos_axum::redirect;
    use secrecy::ExposeSecret as _;
    use tocsin_domain::{
        id::ImportId,
        import::{ImportField, ImportState, UnknownField},
    };
    use tocsin_engine::{import as bulk, store::SettledRow};

    pub(super) use crate::api::visit::answer;
    use crate::api::{
        error::ApiError,
        import::{Columns, Detail, Import, Row, StartForm},
        shown_once::ShownOnce,
        visit::{engine, signed_in, visit, who},
    };

    pub(super) async fn list() -> Result<Vec<Import>, ApiError> {
        signed_in()?;
        Ok(engine().imports().await?.into_iter().map(Import::from).collect())
    }

    pub(super) async fn detail(id: ImportId, outcome: &str, page: u32) -> Result<Detail, ApiError> {
        signed_in()?;
        let engine = engine();
        let links = shown(id)?;
        let import = engine.import(id).await?;
        let columns = if import.record.state == ImportState::Mapping {
            let preview = engine.import_preview(id).await?;
            Some(Columns {
                header: preview.record.header,
                mapping: preview.record.mapping,
                rows: preview.rows,
            })
        } else {
            None
        };
        // What an address names that is no outcome shows all.
        let report = engine.import_page(id, outcome.parse().ok(), page.max(1)).await?;
        Ok(Detail {
            import: import.into(),
            columns,
            report: report.rows.into_iter().map(Row::from).collect(),
            total: report.total,
            links: links(),
        })
    }

    /// Links that wait to be shown, to be asked for at the end. They are taken away once, also where the page is
    /// rendered twice for one answer. The context is there before anything is waited for only.
    fn shown(id: ImportId) -> Result<impl FnOnce() -> Option<String>, ApiError> {
        let visit = visit()?;
        let key = waiting_for(&signed_in()?.secret, id);
        let shown = expect_context::<ShownOnce>();
        Ok(move || visit.shown.get_or_init(|| shown.take(&key)).clone())
    }

    pub(super) async fn start(id: ImportId, form: StartForm) -> Result<(), ApiError> {
        let who = who()?;
        let mapping: Result<Vec<_>, UnknownField> = form.columns.iter().map(|column| held(column)).collect();
        let on_existing = if form.update.is_empty() {
            bulk::OnExisting::Skip
        } else {
            bulk::OnExisting::Update
        };
        engine()
            .start_import(id, mapping.map_err(ApiError::input)?, on_existing, &who)
            .await?;
        redirect(&format!("/accounts/import/{id}"));
        Ok(())
    }

    fn held(column: &str) -> Result<Option<ImportField>, UnknownField> {
        (!column.is_empty()).then(|| column.parse()).transpose()
    }

    pub(super) async fn cancel(id: ImportId) -> Result<(), ApiError> {
        let who = who()?;
        let engine = engine();
        let state = engine.import(id).await?.record.state;
        engine.cancel_import(id, &who).await?;
        redirect(&match state {
            ImportState::Mapping => "/accounts/import".to_owned(),
            _ => format!("/accounts/import/{id}"),
        });
        Ok(())
    }

    pub(super) async fn show_links(id: ImportId) -> Result<(), ApiError> {
        let who = who()?;
        let shown = expect_context::<ShownOnce>();
        let key = waiting_for(&signed_in()?.secret, id);
        let links = engine().make_import_links(id, &visit()?.base, &who).await?;
        let mut text = String::new();
        for link in links {
            let _ = writeln!(
                text,
                "{}\t{}\t{}",
                link.address,
                link.owner,
                link.url.expose_secret()
            );
        }
        shown.keep(&key, text.into());
        redirect(&format!("/accounts/import/{id}?done=links"));
        Ok(())
    }

    /// Links wait for the page of their own import.
    fn waiting_for(session: &str, id: ImportId) -> String {
        format!("{session} {id}")
    }

    pub(super) async fn mail_links(id: ImportId) -> Result<(), ApiError> {
        let who = who()?;
        engine().mail_import_links(id, &visit()?.base, &who).await?;
        redirect(&format!("/accounts/import/{id}?done=mailed"));
        Ok(())
    }

    impl From<bulk::Import> for Import {
        fn from(import: bulk::Import) -> Self {
            let bulk::Import {
                record,
                counts,
                awaiting,
            } = import;
            Self {
                id: record.id,
                file_name: record.file_name,
                state: record.state,
                who: record.who,
                created_at: record.created_at,
                rows: record.rows,
                counts,
                awaiting,
            }
        }
    }

    impl From<SettledRow> for Row {
        fn from(row: SettledRow) -> Self {
            Self {
                line: row.line,
                outcome: row.outcome,
                address: row.address,
                account: row.account,
                remark: row.remark,
            }
        }
    }
}
