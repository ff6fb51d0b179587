//! The only SQL. One set of statements, written so that `SQLite` and `PostgreSQL` both take them: `$n` for values,
//! times as milliseconds, JSON as text.
//!
//! A file holds what belongs to one table or one question. Methods that change something take a connection of
//! an open [`Transaction`], so that callers decide what is written together; methods that read take none.

mod account_state;
mod accounts;
mod admins;
mod answers;
mod audit;
mod conversions;
mod copies;
mod counts;
mod deleted_accounts;
mod device_codes;
mod events;
mod grants;
mod idempotency;
mod import_rows;
mod imports;
mod leases;
mod link_mails;
mod links;
mod nas_log;
mod notifications;
mod oauth_applications;
mod oauth_flows;
mod open;
mod open_error;
mod queue;
mod results;
mod routes;
mod rows;
mod rules;
mod secrets;
mod sender_lists;
mod sessions;
mod settings;
mod tokens;
mod told;
mod upgrade;
mod warnings;
mod webhooks;

pub use account_state::AccountState;
pub(crate) use admins::{AdminRow, Taken};
pub use answers::{Answerable, NewAnswer, Novel, Place};
pub use audit::AuditEntry;
pub use conversions::Conversion;
pub use copies::Written;
pub use counts::DAYS;
pub use deleted_accounts::{DeletedRow, Deleting};
pub use device_codes::DeviceCode;
pub use grants::{AccessSecret, Grant, GrantSecrets};
pub use idempotency::{Answered, IdempotencyKey};
pub use import_rows::{SettledRow, WaitingRow};
pub use imports::ImportRecord;
pub use leases::{Leased, Terms};
pub(crate) use links::LinkRow;
pub use nas_log::NasLine;
pub use notifications::{NewNotification, Origin};
pub use oauth_applications::OAuthApplicationRow;
pub use oauth_flows::OAuthFlow;
pub use open::{LookError, Store, StoreConfig, Transaction};
pub use open_error::OpenError;
pub use queue::{Listed, Moved};
pub use results::{AttemptResult, Next};
pub use routes::{Depth, Route};
pub use sender_lists::SenderPlace;
pub use settings::Setting;
pub(crate) use tokens::TokenRow;
pub use told::NewTold;
pub use warnings::EndingGrant;
pub use webhooks::{CallResult, WaitingCall, WebhookRow};

/// What went wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no space left: nothing was written.
    #[error("the disk is full: nothing was changed. Free some space; Tocsin goes on by itself")]
    Full,
    /// The row is gone.
    #[error("it does not exist any more")]
    Gone,
    /// A value in a table cannot be read.
    #[error("the database holds a value that cannot be read: {0}")]
    Unreadable(String),
    /// Anything else.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
}

/// The result code of `SQLite` (<https://www.sqlite.org/rescode.html>).
fn code(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}

/// `SQLITE_FULL` is 13; a full file system gives `SQLITE_IOERR_WRITE` (778) while a WAL grows, and
/// `SQLITE_IOERR_SHMSIZE` (4874) where there is no room for the WAL's index.
fn is_full(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("13" | "778" | "4874"))
}

/// `SQLITE_READONLY` is 8, its kinds have it in their lowest byte; `SQLITE_CANTOPEN` is 14.
fn is_read_only(error: &sqlx::Error) -> bool {
    code(error)
        .and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| matches!(code & 0xFF, 8 | 14))
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            error if is_full(&error) => Self::Full,
            sqlx::Error::RowNotFound => Self::Gone,
            error => Self::Database(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
