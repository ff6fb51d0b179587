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
mod warnings;
mod webhooks;

pub use account_state::AccountState;
pub(crate) use admins::{AdminRow, Taken};
pub use answers::{Answerable, NewAnswer, Novel, Place};
pub use audit::AuditEntry;
pub use conversions::Conversion;
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
pub use open::{LookError, OpenError, Store, StoreConfig, Transaction};
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

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // SQLITE_FULL is 13; SQLITE_IOERR_WRITE (778) is what a full file system gives while a WAL grows.
        // https://www.sqlite.org/rescode.html
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .map(std::borrow::Cow::into_owned);
        match (error, code.as_deref()) {
            (_, Some("13" | "778")) => Self::Full,
            (sqlx::Error::RowNotFound, _) => Self::Gone,
            (error, _) => Self::Database(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
